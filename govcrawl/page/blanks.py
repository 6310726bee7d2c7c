"""A list without entries: whether it is blank, or only not filled yet."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import re2
from selectolax.lexbor import LexborNode

from govcrawl.page.lists import SIDE_HEADING, counts_none, stands_alone
from govcrawl.page.recordsets import says_empty

if TYPE_CHECKING:
    from govcrawl.page.model import Page

EMPTY_LIST = "an empty list"
COUNTS_NONE = "a pager that counts no record"
NO_RECORD = "the data request tells of no record"

# These go over the whole source. re2, because `re` with so many words takes a second for a megabyte and holds the interpreter meanwhile.
_TEMPLATED = re2.compile(
    r"(?i)\bv-for\s*=|\bng-(?:app|repeat)\b|\{\{\s*[\w\p{Han}]|\bnew Vue\b|\bcreateApp\b|ReactDOM|layui\.use|\blaytpl\b|\btemplate\s*\(|<div id=[\"']?(?:app|root)[\"']?[^>]{0,80}>\s*</div>|<recordset[^>]{0,80}>\s*<record"
)
_ASKS = re2.compile(
    r"(?i)dataproxy\.jsp|/ss/query|\$\.(?:ajax|get|getJSON|post)\s*\(|\bfetch\s*\(|XMLHttpRequest|\baxios\b|\.load\s*\(\s*[\"']"
)
# What a page asks for besides its list.
_ELSE = re.compile(
    r"count(?!y)|click|hits?\b|visit|weather|tianqi|login|token|jiucuo|stat\b|statistics|captcha|browse|\bpv\b|online|zan\b|like",
    re.IGNORECASE,
)
_LOADING = re2.compile(r"(?i)(?:正在|数据)?加载中|正在加载|努力加载|\bloading\b")
_INTERACTIVE = re.compile(r"搜索|检索|查询|登录|登陆|注册|search|login", re.IGNORECASE)
_CONTAINER = (
    "ul[class*=list], ul[class*=List], ul[class*=news], ul[id*=list], ol[class*=list], dl[class*=list], div[class*=list], div[class*=List], "
    "div[id*=list], div[class*=news], table[class*=list], tbody[id*=list], ul.list, div.content ul, div.main ul"
)
_SHOWN_WITHOUT_WORDS = "img, iframe, a, input, video, audio, embed, object, canvas, svg"
_LISTED = re.compile("list|news", re.IGNORECASE)
_EDGE = re.compile(r"[-_](?:[btlr]|top|bottom|foot(?:er)?|head(?:er)?|line|border|bg|tit(?:le)?|more|page)$", re.IGNORECASE)
# A table that has its headings and nothing below them.
_HEADINGS = re.compile(r"标题|名称|题名|日期|时间|序号|文号|索引号|编号|机构|title|date", re.IGNORECASE)
# Where no script can bring anything, an empty box of such a name is what it looks like.
_ROOM = re.compile(
    r"(?:^|[^a-z])(?:posts?|groups?|content|con|main|items?|rows?|entries|result|data|article|right|news|lists?|nr|neirong|lb|liebiao|hh)(?![a-z])",
    re.IGNORECASE,
)
_LIBRARY = re.compile(r"(?:jquery|bootstrap|swiper|superslide|respond|html5shiv)[\w.-]*\.js(?:\?|$)", re.IGNORECASE)
_ROOMS = "div[class], div[id], section[class], section[id], ul[class], ul[id], main, table[class], tbody[class]"
_PROSE = 200
_HEADING = 40
_SEVERAL = 2
_ENTRY_TAGS = frozenset({"li", "dd", "dl"})


def filled_by_script(page: "Page") -> str:
    """Why the entries are not in the page; "" where no script brings any."""
    unread = [url for url in page.data_requests if not says_empty(page.answers.get(url, ""))]
    if unread:
        return f"the list is filled by script from {unread[0]}"
    if page.data_requests or _without_records(page):
        return ""
    if _TEMPLATED.search(page.html) or any(_for_the_list(page.html, match.end()) for match in _ASKS.finditer(page.html)):
        return "the list is filled by script"
    if _LOADING.search(page.text):
        return "the list is still loading"
    return "the list stands in a frame" if any(map(_shown_frame, page.tagged("iframe"))) else ""


def _shown_frame(node: LexborNode) -> bool:
    """A frame of some size; counters and share buttons come in frames that nobody sees."""
    attributes = node.attributes
    small = [(attributes.get(side) or "").strip() for side in ("width", "height")]
    source = (attributes.get("src") or "").strip()
    tiny = any(re.fullmatch(r"\d{1,2}(?:px)?", side) for side in small)
    return bool(source) and not tiny and not source.startswith(("about:", "javascript:"))


def blank_words(page: "Page") -> str:
    """What stands where the entries should be; "" where the page is not a list without entries: a form, a text, a redirect, an article with the
    day of its publication.
    """
    if interactive(page) or len(page.labels) == 1:
        return ""
    if page.data_requests or _without_records(page):
        return NO_RECORD
    if len(page.main_text) > _PROSE:
        return ""
    if counts_none(page):
        return COUNTS_NONE
    return stands_alone(page) or _empty_container(page) or _bare_headings(page) or _empty_room(page)


def interactive(page: "Page") -> bool:
    """A search, a form behind a login, or a page that leads on by itself."""
    return bool(page.tree.css_first("input[type=password]") or _INTERACTIVE.search(page.title) or "refresh" in page.meta)


def _without_records(page: "Page") -> bool:
    """The page keeps the records of its list itself, and there are none."""
    start = page.html.find("<recordset")
    return start >= 0 and "<record>" not in page.html and says_empty(page.html[start:])


def _for_the_list(source: str, at: int) -> bool:
    return not _ELSE.search(source[at : at + 120])


def _empty_container(page: "Page") -> str:
    """A box made for a list that holds nothing at all, that no script fills by its id, and that is not one of several such."""
    # By id, because a node that fits several selectors comes several times.
    boxes = {node.mem_id: node for node in page.tree.css(_CONTAINER) if _is_empty(node) and not _decorates(node)}
    outermost = [node for node in boxes.values() if not any(above.mem_id in boxes for above in _above(node))]
    if len(outermost) > _SEVERAL:
        return ""
    return (
        EMPTY_LIST if any(not (_side_box(node) or _in_entry(node) or _is_filled(node, page.html)) for node in outermost) else ""
    )


def _bare_headings(page: "Page") -> str:
    """Headings of a list without a row below them: words of headings in `th`, and no `td`."""
    for table in page.tree.css("table"):
        heads = [head.text(strip=True) for head in table.css("th")]
        if (
            len(heads) >= _SEVERAL
            and table.css_first("td") is None
            and sum(bool(_HEADINGS.search(head)) for head in heads) >= _SEVERAL
        ):
            return EMPTY_LIST
    return ""


def _empty_room(page: "Page") -> str:
    """A page that no script can fill, with nothing in the box for its content. A library does nothing by itself."""
    scripts = page.tree.css("script, iframe, frame, object, embed")
    if not all(_LIBRARY.search(node.attributes.get("src") or "") for node in scripts):
        return ""
    rooms = (node for node in page.tree.css(_ROOMS) if _is_empty(node) and _ROOM.search(_names(node)) and not _decorates(node))
    return EMPTY_LIST if any(not (_side_box(node) or _in_entry(node)) for node in rooms) else ""


def _in_entry(node: LexborNode) -> bool:
    """A place for the day or the picture of an entry that has neither: the entry has words of its own."""
    return any(above.tag in _ENTRY_TAGS and above.text(strip=True) for above in _above(node))


def _names(node: LexborNode) -> str:
    attributes = node.attributes
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''} {node.tag}"


def _above(node: LexborNode) -> Iterator[LexborNode]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def _is_empty(node: LexborNode) -> bool:
    return not node.text(strip=True) and node.css_first(_SHOWN_WITHOUT_WORDS) is None


def _decorates(node: LexborNode) -> bool:
    """An edge or a corner of a list, told by the end of its name; or rows that are drawn without words, such as colours to choose from."""
    named = [name for name in (node.attributes.get("class") or "").split() if _LISTED.search(name)]
    return (bool(named) and all(map(_EDGE.search, named))) or len(node.css("li")) > _SEVERAL


def _is_filled(node: LexborNode, source: str) -> bool:
    name = node.attributes.get("id") or ""
    return bool(name) and bool(re.search(rf"(?:#|getElementById\(\s*[\"']){re.escape(name)}\b", source))


def _side_box(node: LexborNode) -> bool:
    """The heading that shares its box with the empty list is one of a box at the side."""
    for _ in range(3):
        if node.tag == "body":
            return False
        words = "".join(_words_before(node))
        if words:
            return len(words) <= _HEADING and bool(SIDE_HEADING.search(words))
        if node.parent is None:
            return False
        node = node.parent
    return False


def _words_before(node: LexborNode) -> Iterator[str]:
    sibling = node.prev
    while sibling is not None:
        if sibling.tag not in ("script", "style", "select"):
            yield sibling.text(strip=True)
        sibling = sibling.prev
