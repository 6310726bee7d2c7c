"""The breadcrumb of a page: the names of the columns above it."""

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from govcrawl.page.outline import Outline

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# Every alternative begins with a plain character: only then the search leaps from one such character to the next.
_PLACE = r"的?(?:位置|页面|栏目)(?:是|为|在)?\s*[:：]?"
_YOURS = rf"(?:(?:现在)?(?:的|所在|当前)?{_PLACE}|(?:现在|当前)?在(?:这里)?\s*[:：])"
_LABEL = re.compile(rf"当前{_PLACE}|现在{_PLACE}|所在{_PLACE}|目前{_PLACE}|您{_YOURS}|你{_YOURS}|位(?<!\S位)置\s*[:：]")
_SEPARATOR = re.compile(r"\s*(?:>>|>|»|›|→|／|/|\||＞|〉|-{1,2}>|»|::|»|·|—)\s*")
_NOT_A_STEP = re.compile(
    r"^(?:网站|本站|返回|门户|站点)?(?:首\s*页|主页|Home)$|^(?:列表|正文|内容|详情|详细|更多|文章|浏览文章|信息列表|列表页|内容页|信息详情|搜索|返回|设为首页|加入收藏)$",
    re.IGNORECASE,
)
_REACH = 12_000  # characters from the top of the page
_STEPS = 8
_LONGEST_STEP = 24
_LONGEST_TRAIL = 120
_CLIMB = 3
# A trail that is one text: the home page, a separator, a name.
_WHOLE = re.compile(r"(?:首\s*页|主页)\s*(?:-{0,2}>|»|›|→|＞|〉|/|—)+\s*\w")
# What leads on from the home page of a trail that no label announces; a stroke also stands between the links of a menu.
_ONWARD = re.compile(r"页\n(?:-{0,2}>|»|›|→|＞|〉)")
_HOME = re.compile(r"(?:^|\n)(?:网站|本站)?(?:首 ?|主)\Z")
_HOME_REACH = 5  # characters, with the line end before them
_DAY = re.compile(r"20\d\d\s*[-/.年]\s*\d")
# Most elements have neither: they are told by one look instead of nine.
_NAMED = (
    "[class]:is([class*=crumb], [class*=bread], [class*=position], [class*=weizhi], [class*=location], [class*=wz]), "
    "[id]:is([id*=position], [id*=crumb])"
)


def crumbs_of(page: "Page") -> tuple[str, ...]:
    """From the top down, without the home page and words such as "text"; () where the page shows none."""
    if match := _LABEL.search(page.text, 0, _REACH):
        steps = _cut(_trail(page.outline, match.start(), match.end()))
        if steps:
            return steps
    for node in page.tree.css(_NAMED)[:4]:
        words = " ".join(node.text(separator=" ").split())
        # The entry of a list may have such a name, too: it has a day.
        if len(words) <= 120 and ("首页" in words or len(_SEPARATOR.split(words)) > 2) and not _DAY.search(words):
            return _cut(_by_anchors(node))
    return _unlabelled(page.outline)


def _unlabelled(outline: Outline) -> tuple[str, ...]:
    """The trail that begins with the link to the home page and a separator, and stands in a box of its own."""
    lines = outline.lines
    ends = (match.start() for match in _ONWARD.finditer(lines))
    home = next((end for end in ends if _HOME.search(lines[max(0, end - _HOME_REACH) : end])), None)
    if home is None:
        return ()
    anchor = outline.texts[outline.at(home)].parent
    box = anchor.parent if anchor is not None else None
    words = _by_anchors(box) if box is not None and len(box.text()) <= _LONGEST_TRAIL * 2 else []
    return _cut(words) if sum(map(len, words)) <= _LONGEST_TRAIL else ()


def _trail(outline: Outline, start: int, end: int) -> list[str]:
    """The texts after the label that stand in the same box as it."""
    at = outline.at(start)
    rest = outline.words[at][end - outline.lines.rfind("\n", 0, start) - 1 :]
    texts = [rest] if rest else []
    if _WHOLE.search(rest):
        return texts
    box = _box(outline.texts[at])
    if box is None:
        return texts
    inside = {one.mem_id for one in box.traverse(include_text=True)} if len(box.text()) < 2_000 else set()
    for other, more in enumerate(outline.words[at + 1 : at + 1 + 4 * _STEPS], at + 1):
        if outline.texts[other].mem_id not in inside or len(more) > 60:
            break
        texts.append(more)
    return texts


def _box(node: LexborNode) -> LexborNode | None:
    """The nearest element around the label that holds links."""
    box = node.parent
    for _ in range(_CLIMB):
        if box is None or box.tag in ("body", "html"):
            return None
        if box.css_first("a") is not None:
            return box
        box = box.parent
    return None


def _by_anchors(node: LexborNode) -> list[str]:
    return [" ".join((one.text_content or "").split()) for one in node.traverse(include_text=True) if one.tag == "-text"]


def _cut(texts: list[str]) -> tuple[str, ...]:
    steps = [step.strip(" -:：[]【】") for text in texts for step in _SEPARATOR.split(text)]
    return tuple(step for step in steps if re.search(r"\w", step) and not _NOT_A_STEP.match(step) and len(step) <= _LONGEST_STEP)[
        :_STEPS
    ]
