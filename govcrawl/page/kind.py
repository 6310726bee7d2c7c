"""What a page is: home, list, article, attachment, error or other."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from govcrawl.page.article_files import at_article_file
from govcrawl.page.lists import at_column_file, boxes
from govcrawl.page.values import PageKind

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_ERROR_TITLE = re.compile(
    r"^\W*(?:HTTP\s*)?(?:错误\s*)?[45]\d\d\b|\b(?:404|403|500|502|503)\b.{0,20}(?:error|not found|forbidden|错误|未找到|找不到)"
    r"|not found|forbidden|internal server error|bad gateway|service unavailable|runtime error|server error|出错了|错误页|页面不存在|找不到|无法访问"
    r"|无法获取|未授权|拒绝访问|系统错误|内部服务器错误|错误提示|服务器错误",
    re.IGNORECASE,
)
# Case is ignored after the first letter only: it costs ten times as much at each place of a text.
_ERROR_TEXT = re.compile(
    r"您访问的页面(?:不存在|未找到)|页面(?:已删除|找不到了)|无法找到该页|[sS](?i:erver error in)|[wW](?i:hitelabel error page)"
)
_HOME_PATH = re.compile(r"^/(?:(?:index|default|main|home)(?:_?[01])?\.[a-z]{3,5})?$", re.IGNORECASE)
_LIST_PATH = re.compile(r"(?:list|index|category|column|node|channel|lm|more|page)[^/]*\.?[a-z]{0,5}$|/$|/col/", re.IGNORECASE)
_ARTICLE_PATH = re.compile(
    r"/art/|/t20\d{6}_|content|detail|view|article|info/\d+/\d+|post_\d+|/\d{5,}\.s?html?|[?&]t?id=", re.IGNORECASE
)
# Not ContentSource: some templates write it, with empty ArticleTitle and PubDate, on the pages of columns, too.
_ARTICLE_META = ("articletitle", "pubdate", "firstpublishedtime")
_ARTICLE_WORDS = re.compile(
    r"上一[篇条]|下一[篇条]|打印本页|关闭窗口|打印|字号|字体|浏览次数|阅读次数|点击数|点击率|责任编辑|信息来源|稿源|来源[:：]"
)
_NEIGHBOURS = frozenset({"上一篇", "下一篇", "上一条", "下一条"})
_BYLINE = re.compile(r"发布(?:时间|日期)\s*[:：]")
# A day with the time of day: entries of lists have none, as a rule.
_MOMENT = re.compile(r"2(?<!\d2)0\d\d\s?[-/.年]\s?\d\d?\s?[-/.月]\s?\d\d?\s?日?\s*\d\d?[:：]\d\d")
_SHORT_TEXT = 800
_MIN_ITEMS = 5
_MIN_PARAGRAPHS = 250
_MANY_LISTS = 40
_MANY_BOXES = 8
_ROWS = 10


def kind_of(page: "Page") -> PageKind:
    if page.status >= 400 or _error(page):
        return PageKind.ERROR
    if not page.is_markup:
        return PageKind.ATTACHMENT
    return PageKind.HOME if page.is_home or _at_home(page) else _article_or_list(page)


def _at_home(page: "Page") -> bool:
    """The address of a home page, and no tag that says the page is something else."""
    if not _HOME_PATH.match(urlsplit(page.url).path or "/") or "?" in page.url:
        return False
    column = page.meta.get("columnname", "")
    return not _single_article(page) and (not column or "首页" in column)


def _error(page: "Page") -> bool:
    short = len(page.text) < _SHORT_TEXT
    return bool(short and (_ERROR_TITLE.search(page.title) or _ERROR_TEXT.search(page.text[:600])))


def _single_article(page: "Page") -> bool:
    return any(page.meta.get(name) for name in _ARTICLE_META) and not page.is_home


class _Signs(NamedTuple):
    """What speaks for an article, whatever lists stand beside it.

    `around` are the words that stand around one; `told` whether there is prose enough, or a byline; `crowded` whether each of many entries
    has those words; `in_column` whether the page says that it is one; `dated_once` whether one day is told as that of the page.
    """

    at_article: bool
    at_list: bool
    dated_once: bool
    in_column: bool
    around: Sequence[str]
    prose: int
    told: bool
    crowded: bool


def _signs(page: "Page") -> _Signs:
    path = f"/{page.url.partition('://')[2].partition('/')[2]}"
    at_article = at_article_file(page.url) or _ARTICLE_PATH.search(path) is not None
    at_list = _LIST_PATH.search(path) is not None
    in_column = bool(page.meta.get("columnname") or page.meta.get("columntype")) and not at_article
    around, prose = _ARTICLE_WORDS.findall(page.text), len(page.main_text)
    bylines = _bylines(page) if at_article or not _NEIGHBOURS.isdisjoint(around) else 0
    crowded = not at_article and _each_has_its_own(around)
    return _Signs(at_article, at_list, bylines == 1, in_column, around, prose, prose >= _MIN_PARAGRAPHS or bylines > 0, crowded)


def _bylines(page: "Page") -> int:
    """How many days are told as those of a publication; without any, 1 where the page tells one moment only."""
    told = max(len(_BYLINE.findall(page.text)), len(page.labels))
    return told or int(len(_MOMENT.findall(page.text)) == 1)


def _article_or_list(page: "Page") -> PageKind:
    """The tag standard's word first; then what fills the page: prose or entries."""
    if _single_article(page):
        return PageKind.ARTICLE
    signs = _signs(page)
    if at_article_file(page.url):
        return PageKind.ARTICLE if signs.told else PageKind.OTHER
    if _article_at_sight(page, signs):
        return PageKind.ARTICLE
    if page.items and signs.in_column:
        return PageKind.LIST
    # A day in the address alone is one that related articles have, too.
    dated = sum(item.dated is not None and item.dated.source != "address" for item in page.items)
    return PageKind.HOME if _portal(page, signs, dated) else _by_score(page, signs, dated)


def _article_at_sight(page: "Page", signs: _Signs) -> bool:
    """Most articles are told without a look at their side boxes: were each day on the page that of an entry, it would be one all the same;
    or were each that stands apart; or were each of the entries that have a day.
    """
    if not signs.told or signs.in_column or signs.crowded or page.records:
        return False
    return (
        _outweighs(page, len(page.outline.days_at), signs)
        or _outweighs(page, len(page.stamps), signs)
        or _outweighs(page, len(page.own_entries), signs)
    )


def _outweighs(page: "Page", most: int, signs: _Signs) -> bool:
    return most < _MANY_LISTS and _score(page, most, signs) >= 1


def _by_score(page: "Page", signs: _Signs, dated: int) -> PageKind:
    score = _score(page, dated, signs)
    if len(page.items) >= _MIN_ITEMS and (score < 1 or signs.crowded):
        return PageKind.LIST
    if score >= 1 and signs.told:
        return PageKind.ARTICLE
    return PageKind.LIST if _short_list(page, signs, dated) else PageKind.OTHER


def _score(page: "Page", dated: int, signs: _Signs) -> float:
    """Above 1 for an article: prose, and the words around one; below for a list: dated entries, and turning pages."""
    return (
        min(signs.prose / _MIN_PARAGRAPHS, 6)
        - min(dated, 20) / 2
        + 2 * signs.at_article
        + 2 * (len(set(signs.around)) > 1)
        + 4 * signs.dated_once
        - 2 * signs.at_list
        - 3 * (dated >= _MIN_ITEMS and page.turns)
    )


def _each_has_its_own(around: Sequence[str]) -> bool:
    """An article has one source and one count of its readers; where each entry has one, their teasers are the prose."""
    return len(around) >= _MIN_ITEMS and max(Counter(around).values()) >= _MIN_ITEMS


def _portal(page: "Page", signs: _Signs, dated: int) -> bool:
    """Many lists under the bare name of the site: a home page that does not stand at the root, be it one step below it."""
    if dated < _MANY_LISTS or re.search(r"[-_—|–>]", page.title) or not signs.at_list:
        return False
    return not page.turns and (not page.crumbs or (len(page.crumbs) == 1 and boxes(page.own_entries) >= _MANY_BOXES))


def _short_list(page: "Page", signs: _Signs, dated: int) -> bool:
    """A column with few entries so far, or a table that is no text."""
    if dated >= _MIN_ITEMS or (dated and ((signs.prose < _MIN_PARAGRAPHS and page.crumbs) or at_column_file(page.url))):
        return True
    rows = page.tree.tags("tr") if signs.at_list else ()
    return len(rows) > _ROWS and any(len(table.css("tr")) > _ROWS for table in page.tree.css("table"))
