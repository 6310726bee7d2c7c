"""Which of the lists of a page is the page's own."""

import re
from bisect import bisect, bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import re2
from selectolax.lexbor import LexborNode

from govcrawl.kit.remember import remembered
from govcrawl.kit.urls import resolve
from govcrawl.page.article_files import at_article_file
from govcrawl.page.entries import Entry
from govcrawl.page.looks import Look
from govcrawl.page.outline import tag_ids
from govcrawl.page.prose import NO_PROSE

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_WORDS = r"(?:相关|任何|符合条件的?)?(?:内容|数据|信息|记录|文章|资料|更新|公告|公示|文件|新闻|通知|政策|动态|条目|列表|结果)"
PLACEHOLDER = re.compile(
    rf"(?:暂无|暂时没有|暂没有|还没有|尚无|(?:没有|未能?)(?:查询|检索|搜索|查找|找|查)到|没有){_WORDS}|(?:本|该|此)?(?:内容|栏目|页面|网站|频道|版块|信息)?(?:正在|尚在)?(?:建设|升级改版|改版|维护|整理|完善|筹备)中"
)
# Over the whole text, without the interpreter.
_SOMEWHERE = re2.compile(PLACEHOLDER.pattern)
_ALONE = re.compile(
    rf"^\W*(?:对不起|抱歉|很抱歉|目前|当前)?\W*(?:本|该|此|当前)?(?:栏目|频道|页面|列表)?(?:下|内|中)?\W*(?:{PLACEHOLDER.pattern}|暂无(?!评论|回复|留言|附件|图片|收藏|登录)[\u4e00-\u9fff]{{0,6}}|敬请期待|内容更新中)\W*(?:敬请期待)?\W*$"
)
SIDE_HEADING = re.compile(
    r"热点|热门|推荐|排行|相关|最新(?:文章|更新|发布|信息|资讯|动态)?$|图片新闻|点击|猜你|精彩|头条|友情链接|快速(?:导航|通道)|常用链接"
)
_SIDE_NAME = re.compile(
    r"(?<![a-z])(?:(?:left|right|[lr])?[-_]?(?:side(?!s)|aside)|hot|rank|recommend|tuijian|remen|paihang|phb|relat|xgwz|rdxw|zxgx|friend|yqlj|links?\b)",
    re.IGNORECASE,
)
_RELATED_NAME = re.compile(r"(?<![a-z])(?:relat|xgwz)", re.IGNORECASE)
# The pager of a list that was generated without any record.
_COUNTS_NONE = re.compile(r"共\s*0\s*页\s*[/,，]?\s*(?:共\s*)?0\s*条")
_PAGER = re.compile(r"\s*(?:首页\W*)?(?:[共总]\s*\d+\s*[页条]|\d+\s*条|[上下]一?页|[末尾]页)")
# What leads from a box to the whole of its list.
_MORE = re.compile(r"^\W*(?:查看|阅读|浏览|点击|加载)?(?:更多|more)\W*$", re.IGNORECASE)
_FILE_NAME = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar|7z)\W*$", re.IGNORECASE)
# `column - site`: the title of a page below the home page.
_STEP = re.compile(r"\S\s*[-_—|–·>»]+\s*\S")
# Files that publishing systems make for columns alone.
_COLUMN_FILE = re.compile(r"/list\d*\.(?:html?|psp)$|/col/col\d+/")
_ROW_LEVELS = 4
_ROW_TAGS = tag_ids("li", "tr", "dl")
_ROWS_OF_TABLE = tag_ids("tbody")
_LOOK_BACK = 4  # text nodes before a list in which its heading stands
_LOOK_AHEAD = 3  # a title, its day, and what leads on
_LONGEST_HEADING = 12
_SHORTEST_NAME = 2
_FILE = re.compile(r"(?:/(?:index|default|list|main))?\.[a-z]{3,5}$|/(?:index\.[a-z]{3,5})?$")
_SMALL = 8
_SENTENCE, _LITTLE = 15, 250  # characters of a text that is no label, and of all such texts of a page that tells nothing
_SCRIPT_OPENED = 3


def own_entries(page: "Page", entries: Sequence[Entry]) -> Sequence[Entry]:
    """All of them on a home page; on the page of a column without the side boxes, whose fresh days would hide a stale list, be it that the
    list itself could not be read.
    """
    entries = _led(page, entries)
    groups = _groups(page, entries)
    if not groups or not _shows_column(page):
        return entries
    ranked = sorted(groups, key=_weight, reverse=True)
    own = next((group for group in ranked if not _beside(page, group)), None)
    if own is None:
        return _parts(page, groups)
    paged = page.turns
    kept = [group for group in groups if group is own or not (paged or _negligible(page, group, own))]
    return [entry for group in kept for entry in group]


def _parts(page: "Page", groups: Sequence[Sequence[Entry]]) -> Sequence[Entry]:
    """What a page shows that has no list of its own by name: a box of articles that nothing is related to; on the page above several columns
    the newest of each, at the address of a list nothing.
    """
    shown = [group for group in groups if not (at_column_file(page.url) or _at_side(page, group))]
    if not shown and all(_related_to_nothing(page, group) for group in groups):
        return [entry for group in groups for entry in group]
    return [entry for group in shown for entry in group]


def _related_to_nothing(page: "Page", group: Sequence[Entry]) -> bool:
    """A box that is called after related articles, on a page of one list that says nothing else they could be related to."""
    container = _container(group[0])
    if page.turns or page.labels or at_article_file(page.url):
        return False
    if not any(_RELATED_NAME.search(level.partition(" ")[2]) for level in page.looks.of(container)[:3]):
        return False
    inside = {node.mem_id for node in container.traverse(include_text=True)}
    told = zip(page.outline.words, page.outline.under, page.outline.texts, strict=True)
    prose = [words for words, under, node in told if under not in NO_PROSE and node.mem_id not in inside]
    return sum(len(words) for words in prose if len(words) >= _SENTENCE) < _LITTLE


def at_column_file(url: str) -> bool:
    """Whether a publishing system makes files of such a name for columns alone."""
    return _COLUMN_FILE.search(url) is not None


def boxes(entries: Iterable[Entry]) -> int:
    """In how many boxes the entries stand."""
    return len({_container(entry).mem_id for entry in entries})


def _led(page: "Page", entries: Sequence[Entry]) -> Sequence[Entry]:
    """Without buttons, without the link that only comes next to the day of an article, and, at the address of one, without the names in its
    byline.
    """
    told_at = page.outline.at(page.labels[0]) if entries and len(page.labels) == 1 else -1
    found = [entry for entry in entries if entry.at != told_at or not _comes_next(page, entry)]
    if all(entry.leads for entry in found):
        return found
    found = [entry for entry in found if not entry.button]
    script_opened = sum(not entry.leads for entry in found) >= _SCRIPT_OPENED
    return found if script_opened or not at_article_file(page.url) else [entry for entry in found if entry.leads]


def _comes_next(page: "Page", entry: Entry) -> bool:
    """Whether the link of the only day that a label tells is not its title: other words stand between them, or it is a file below the day."""
    first = _link_at(page, entry)
    return abs(first - entry.at) > 1 or (first > entry.at and _FILE_NAME.search(entry.title) is not None)


def counts_none(page: "Page") -> bool:
    """Whether the page's own pager says that its list has no record; the links of a side box are no entries of it."""
    return "0" in page.text and _COUNTS_NONE.search(page.text) is not None


def _link_at(page: "Page", entry: Entry) -> int:
    """Where in the texts the link of an entry begins."""
    outline, wanted = page.outline, entry.anchor.mem_id
    middle = bisect(outline.before, entry.at)
    # Outwards from the day: it seldom stands far away.
    for step in range(max(middle, len(outline.before) - middle) + 1):
        for at in (middle - 1 - step, middle + step):
            if 0 <= at < len(outline.before) and outline.anchors[at].mem_id == wanted:
                return outline.before[at]
    return entry.at


def stands_alone(page: "Page") -> str:
    """The words that stand in place of a list: a text of its own that says nothing else. "" where there are none."""
    if not _SOMEWHERE.search(page.text) and "暂无" not in page.text and "敬请期待" not in page.text:
        return ""
    return next((words for words in page.outline.words if len(words) <= 40 and _ALONE.match(words)), "")


def _shows_column(page: "Page") -> bool:
    if page.is_home:
        return False
    # What costs most comes last.
    return bool(page.meta.get("columnname") or _STEP.search(page.title) or at_column_file(page.url) or page.turns or page.crumbs)


def _weight(group: Sequence[Entry]) -> int:
    return sum(min(len(entry.title), 40) for entry in group)


def _negligible(page: "Page", group: Sequence[Entry], own: Sequence[Entry]) -> bool:
    return _beside(page, group) or (len(own) >= _SMALL and 2 * len(group) <= len(own))


def _groups(page: "Page", entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries by the look of the box around their rows: one list may be cut into several boxes of the same class."""
    groups: dict[Look, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(page.looks.of(_container(entry)), []).append(entry)
    return list(groups.values())


def _container(entry: Entry) -> LexborNode:
    """The box around the rows: a day may stand deeper in its row here than in the next one."""
    row: LexborNode | None = entry.box
    for _ in range(_ROW_LEVELS):
        if row is None or row.tag_id in _ROW_TAGS:
            break
        row = row.parent
    else:
        row = None
    row = row if row is not None else entry.box
    return row.parent or row


def _beside(page: "Page", group: Sequence[Entry]) -> bool:
    return _at_side(page, group) or _teases(page, group)


def _at_side(page: "Page", group: Sequence[Entry]) -> bool:
    """A box that shows what is read much or new anywhere on the site; none is turned over."""
    container = _container(group[0])
    if page.turns and _pager_follows(_container(group[-1])):
        return False
    if any(map(_named_side, page.looks.of(container)[:3])):
        return True
    before = page.outline.words[max(0, group[0].at - _LOOK_BACK) : group[0].at]
    # A heading that the title of the page repeats is that of its own list.
    headings = (SIDE_HEADING.search(words) for words in before if len(words) <= _LONGEST_HEADING)
    return any(heading and heading[0] not in page.title for heading in headings)


# The boxes of a site are named alike on all its pages.
@remembered(4096, 200)
def _named_side(level: str) -> bool:
    return _SIDE_NAME.search(level.partition(" ")[2]) is not None


def _pager_follows(container: LexborNode) -> bool:
    """Whether what stands next in the same box is a pager; that of a list without entries follows a side box from further away."""
    box = container.parent if container.tag_id in _ROWS_OF_TABLE and container.parent else container
    after = box.next
    while after is not None and not after.text().strip():
        after = after.next
    return after is not None and _PAGER.match(after.text()) is not None


def _teases(page: "Page", group: Sequence[Entry]) -> bool:
    """A box with the newest of another column: it has a heading of its own, and leads on to more. Below the page's own address it is a part
    of this one.
    """
    words = page.outline.words
    first, last = group[0].at, group[-1].at
    around = (*range(max(0, first - _LOOK_BACK), first), *range(last + 1, min(last + _LOOK_AHEAD, len(words))))
    more = next((at for at in around if _MORE.match(words[at])), None)
    if more is None:
        return False
    begin = min(first, _link_at(page, group[0]))
    if _is_own_heading(page, words[max(0, begin - _LOOK_BACK) : begin]):
        return False
    at = bisect_left(page.outline.before, more)
    leads_on = at < len(page.outline.before) and page.outline.before[at] == more
    href = page.outline.anchors[at].attributes.get("href") or "" if leads_on else ""
    return not (resolve(page.base, href) or "").startswith(_FILE.sub("", page.url) + "/")


def _is_own_heading(page: "Page", before: Sequence[str]) -> bool:
    """Whether the nearest words before the entries are a name that the page bears itself."""
    heading = next((words for words in reversed(before) if not (_MORE.match(words) or words.isascii())), "")
    if len(heading) < _SHORTEST_NAME:
        return False
    return heading in page.title or heading in page.meta.get("columnname", "") or any(heading in name for name in page.crumbs)
