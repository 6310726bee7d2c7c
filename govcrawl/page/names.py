"""The name of a column, in the order of what can be trusted (detection: 2.3)."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from govcrawl.kit.urls import resolve
from govcrawl.page.lists import SIDE_HEADING
from govcrawl.page.outline import tag_ids
from govcrawl.page.places import words_of

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_SITE = re.compile(r"(?:人民政府|局|委员会|厅|网|网站|门户|平台|系统|中心)$")
_TITLE_STEPS = re.compile(r"\s*[-_—|–·>»]+\s*")
_INDEX = re.compile(r"/(?:index|default|list)\.[a-z]{3,5}$", re.IGNORECASE)
# What stands in the source after an address that leads to a column.
_END = re.compile(r"""[\s"'#>\\&]|/(?:[\s"'#>\\&.]|(?:index|default|list)\.)""", re.IGNORECASE)
# Words of a menu that could be the name of a column: nothing that one does with a page, and no way through a list.
_NAME = re.compile(
    r"(?!.*(?:首\s?页|更多|返回|上一|下一|[尾末前后]页|第.{1,3}页|打印|收藏|登[录陆]|注册|搜索|查询|全部|点击|进入|链接))[\u4e00-\u9fff][\u4e00-\u9fff、·&（）()]{1,11}"
)
_HEADINGS = tag_ids("h1", "h2", "h3", "h4")
_LOOK_BACK = 5  # texts before the day of the first entry
_LONGEST = 30
_LONGEST_NAME = 12


def name_of(page: "Page") -> str:
    """ColumnName, else the last step of the breadcrumb, the link of the navigation that leads here, the part of the title that is not the
    site, the heading of the list, and at last the title.
    """
    if name := page.meta.get("columnname", ""):
        return name.split(">")[-1].split(",")[-1].strip()
    if page.crumbs:
        return page.crumbs[-1]
    steps = [step for step in _TITLE_STEPS.split(page.title) if step]
    own = next((step for step in steps if not _SITE.search(step)), "")
    named = _in_navigation(page) or own or _above_the_list(page) or next(iter(steps), "")
    return named.strip()[:_LONGEST]


def names_site(step: str) -> bool:
    """Whether a step of a breadcrumb is the site itself."""
    return _SITE.search(step) is not None


def _in_navigation(page: "Page") -> str:
    """The words by which most links to this very page call it. An entry that is only marked as the current one may be that of the section
    above, or of a filter.
    """
    here = [words for href, words in _names(page) if _place(resolve(page.base, href) or "") == _place(page.url)]
    counted = Counter(here) if len(here) > 1 else {}
    return max(here, key=counted.__getitem__) if counted else "".join(here)


def _names(page: "Page") -> Iterator[tuple[str, str]]:
    """Address and words of each link that may lead here and name it. Few pages link to themselves, and the source tells at a glance."""
    tail = _tail(page.url)
    for anchor in page.tree.css(f'a[href*="{_quoted(tail)}"]') if _may_end_an_address(tail, page.html) else ():
        href = (anchor.attributes.get("href") or "").strip()
        # Most lead on, to the entries of the column.
        if not _may_end_an_address(tail, f"{href} "):
            continue
        words = words_of(anchor)
        if len(words) <= _LONGEST_NAME and _NAME.fullmatch(words) and not names_site(words):
            yield href, words


def _may_end_an_address(tail: str, source: str) -> bool:
    """What leads to the entries of a column goes on after its name."""
    at = source.find(tail)
    while at >= 0:
        end = at + len(tail)
        if tail == "/" or _END.match(source, end):
            return True
        at = source.find(tail, end)
    return False


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _tail(url: str) -> str:
    """What each address of the page ends with, whatever it is relative to, and however its source spells an ampersand."""
    parts = urlsplit(url)
    return parts.query.rpartition("&")[2] or next(filter(None, reversed(_INDEX.sub("/", parts.path).split("/"))), "/")


def _place(url: str) -> str:
    return _INDEX.sub("/", url.partition("://")[2]).rstrip("/")


def _above_the_list(page: "Page") -> str:
    """The heading right above the entries, where it is the only one: a page with several lists is called after none of them."""
    if not page.own_entries:
        return ""
    outline, first, titles = page.outline, page.own_entries[0].at, {entry.title for entry in page.own_entries}
    headings = [
        (at, words)
        for at, (words, under) in enumerate(zip(outline.words, outline.under, strict=True))
        if under in _HEADINGS and len(words) <= _LONGEST_NAME and words not in titles and _NAME.fullmatch(words)
    ]
    at, words = headings[0] if len(headings) == 1 else (first, "")
    return words if first - _LOOK_BACK <= at < first and not SIDE_HEADING.search(words) else ""
