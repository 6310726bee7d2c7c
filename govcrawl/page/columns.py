"""The column that a page belongs to: its name, its class and what its list shows."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from govcrawl.page.values import PageKind
from govcrawl.sites.model import Column, ColumnClass

if TYPE_CHECKING:
    from govcrawl.page.model import Page

PLACEHOLDER = re.compile(
    r"(?:暂无|没有)(?:相关)?(?:内容|数据|信息|记录|文章|资料|更新)|(?:内容|栏目|页面|网站)?(?:正在)?(?:建设|升级改版|维护|整理|完善)中"
)
_BREADCRUMB = re.compile(r"(?:当前|现在|您|你)(?:的|所在)?位置(?:是|为)?\s*[:：]?\s*(?P<trail>.{2,80}?)(?:\s{2,}|\d{4}[-年]|$)")
_SEPARATOR = re.compile(r"\s*(?:>>|>|»|›|→|／|/|\||-&gt;|＞)\s*")
_SCRIPTED = re.compile(
    r"dataproxy\.jsp|/col/col\d+/|<datastore|<recordset|/ss/query|\$\.(?:ajax|get|getJSON|post)\s*\(|\bfetch\(|XMLHttpRequest|axios|new Vue|createApp|ReactDOM"
    r"|\bng-app|v-for=|\{\{\s*\w|layui\.use|template\s*:|\.jsonp?\b",
    re.IGNORECASE,
)
_RECORD = re.compile(r"<recordset|<record><!\[CDATA\[")
_INTERACTIVE = re.compile(r"搜索|检索|查询|登录|注册|search|login", re.IGNORECASE)
_CONTAINER = "ul[class*=list], ul[class*=news], div[class*=list], div[class*=List], ul[id*=list], div[id*=list], table[class*=list], div[class*=news], dl[class*=list]"
_MANY = 200
_NO_COLUMNS = (PageKind.ERROR, PageKind.ATTACHMENT, PageKind.ARTICLE, PageKind.HOME)
# index_2.html, list-3.shtml, /p/32.html, ?page=4: later pages of a list, whose entries are old by nature.
_LATER_PAGE = re.compile(
    r"(?:index|list|default|column|node|lm|page|/p|list_\d+)[_/-](?P<path>\d{1,3})\.[a-z]{2,5}$|[?&](?:page|pageno|pageindex|curpage|p|pn)=(?P<query>\d{1,4})(?:&|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Rule:
    column_class: ColumnClass
    names: re.Pattern[str]
    types: frozenset[str]
    slugs: frozenset[str]


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))["classes"]
    return tuple(
        _Rule(ColumnClass(row["class"]), re.compile("|".join(row["names"])), frozenset(row["types"]), frozenset(row["slugs"]))
        for row in rows
    )


def class_of(page: "Page") -> ColumnClass | None:
    return classified(page)[0]


def classified(page: "Page") -> tuple[ColumnClass | None, str]:
    """The class and the signal that decided: the tag standard's type, the name, or the address."""
    declared = page.meta.get("columntype", "")
    name = name_of(page)
    slugs = set(re.split(r"[/_.-]", urlsplit(page.url).path.lower()))
    for signal, fits in (
        ("meta", lambda rule: declared in rule.types or (declared and rule.names.search(declared))),
        ("name", lambda rule: bool(name and rule.names.search(name))),
        ("address", lambda rule: bool(rule.slugs & slugs)),
    ):
        for rule in _rules():
            if fits(rule):
                return rule.column_class, signal
    return None, ""


def name_of(page: "Page") -> str:
    """ColumnName, else the last step of the breadcrumb, else the title up to the site's name."""
    if name := page.meta.get("columnname", ""):
        return name.split(">")[-1].split(",")[-1].strip()
    if match := _BREADCRUMB.search(page.text[:6000]):
        steps = [step.strip(" :：") for step in _SEPARATOR.split(match["trail"]) if step.strip(" :：")]
        steps = [step.split()[0] for step in steps if step.split()]
        steps = [step for step in steps if step not in ("列表", "正文", "内容", "首页", "网站首页")]
        if steps and len(steps[-1]) <= 20:
            return steps[-1]
    return re.split(r"[-_—|–]", page.title)[0].strip()[:30]


def column_of(page: "Page") -> Column | None:
    """What this page says of its column; None where it is not the page of a column."""
    shape = _shape(page)
    if shape is None:
        return None
    inspected, reason, placeholder = shape
    column_class, signal = classified(page)
    dated = [item for item in page.items if item.dated and not item.pinned]
    newest = page.newest_item
    return Column(
        url=page.url,
        name=name_of(page),
        column_class=column_class,
        class_from=signal,
        items=len(page.items),
        dated_items=len(dated),
        newest=newest.dated.day if newest and newest.dated else None,
        newest_title=newest.title if newest else "",
        newest_url=newest.url if newest else "",
        newest_from=newest.dated.source if newest and newest.dated else "",
        inspected=inspected,
        reason=reason,
        placeholder=placeholder,
        pages=(page.url,),
        item_dates=tuple(item.dated.day for item in dated if item.dated)[:_MANY],
    )


def _later_page(url: str) -> bool:
    match = _LATER_PAGE.search(url)
    return bool(match) and int((match["path"] or match["query"]) if match else 0) > 1


def _shape(page: "Page") -> tuple[bool, str, str] | None:
    """(inspected, why not, placeholder text) of a page that shows a column."""
    if page.kind in _NO_COLUMNS or _later_page(page.url):
        return None
    if page.items:
        return (True, "", "") if page.kind is PageKind.LIST else None
    return _empty_shape(page) if _says_column(page) else None


def _empty_shape(page: "Page") -> tuple[bool, str, str] | None:
    if _SCRIPTED.search(page.html):
        return False, "the list is filled by script", ""
    # Forms and search pages are empty until somebody asks.
    if page.tree.css_first("form input[type=password]") or _INTERACTIVE.search(page.title):
        return None
    held = PLACEHOLDER.search(page.main_text) or PLACEHOLDER.search(page.text)
    if held or page.tree.css_first(_CONTAINER) is not None:
        return True, "", held[0] if held else "an empty list"
    return None


def _says_column(page: "Page") -> bool:
    """A page without entries is a column only where it says so itself: a script-filled or near-empty page may be anything."""
    if page.meta.get("columnname") or page.meta.get("columntype"):
        return True
    return bool(_BREADCRUMB.search(page.text[:6000])) and len(page.main_text) < _MANY
