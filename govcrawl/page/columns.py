"""The column that a page belongs to: its name, its class and what its list shows."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from govcrawl.kit.remember import remembered
from govcrawl.page.article_files import at_article_file
from govcrawl.page.behaviour import BEHAVIOUR, class_by_behaviour
from govcrawl.page.blanks import blank_words, filled_by_script, interactive
from govcrawl.page.names import names_site
from govcrawl.page.paging import is_later
from govcrawl.page.values import Item, PageKind
from govcrawl.sites.first_days import mark_of
from govcrawl.sites.model import Column, ColumnClass

if TYPE_CHECKING:
    from govcrawl.page.model import Page

UNDATED = "no entry carries a day"
NOT_READ = "no entry of its list could be read"
NO_NEWS_AT_HOME = "the home page shows no dated entry"

_MANY = 200
_LISTING = frozenset({ColumnClass.NEWS, ColumnClass.NOTICE, ColumnClass.POLICY, ColumnClass.YEARLY})
_NO_COLUMNS = (PageKind.ERROR, PageKind.ATTACHMENT, PageKind.ARTICLE)
_BETWEEN_SLUGS = re.compile(r"[/_.-]")
_ORGAN = re.compile(r"(?:政府|局|委|委员会|厅|网|网站|中心|院|办公室|门户|平台|系统|大学|学院|公司)$")


@dataclass(frozen=True, slots=True)
class _Rule:
    column_class: ColumnClass
    names: re.Pattern[str]
    types: frozenset[str]
    slugs: frozenset[str]


class _Shape(NamedTuple):
    """Whether the list could be read, why not, or what stands in its place."""

    inspected: bool
    reason: str = ""
    placeholder: str = ""


@cache
def _rules() -> tuple[_Rule, ...]:
    rows = tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))["classes"]
    return tuple(
        _Rule(ColumnClass(row["class"]), re.compile("|".join(row["names"])), frozenset(row["types"]), frozenset(row["slugs"]))
        for row in rows
    )


# Columns are called alike on all their pages, and on many sites.
@remembered(4096, 200)
def _called(name: str) -> tuple[_Rule, ...]:
    return tuple(rule for rule in _rules() if rule.names.search(name)) if name else ()


def classified(page: "Page") -> tuple[ColumnClass | None, str]:
    """The class and the signal that decided: the tag standard's type, the name, the address, the column above, or what the entries say
    (domain: 6). Below a column of laws and policies stand their kinds, whose names alone say little; below others stands anything.
    """
    if page.kind is PageKind.HOME:
        return ColumnClass.HOME, "kind"
    declared = page.meta.get("columntype", "")
    name = page.column_name
    name = "" if len(name) > 5 and _ORGAN.search(name) else name
    slugs = _BETWEEN_SLUGS.split(urlsplit(page.url).path.lower())
    told: tuple[tuple[str, Iterator[_Rule]], ...] = (
        ("meta", (rule for rule in _rules() if declared and (declared in rule.types or rule.names.search(declared)))),
        ("name", iter(_called(name))),
        ("address", (rule for rule in _rules() if not rule.slugs.isdisjoint(slugs))),
        (
            "trail",
            (
                rule
                for rule in _rules()
                if rule.column_class is ColumnClass.POLICY and any(map(rule.names.search, page.crumbs[:-1]))
            ),
        ),
    )
    for signal, rules in told:
        if (rule := next(rules, None)) is not None:
            return rule.column_class, signal
    behaving = class_by_behaviour(page, page.column_name)
    return behaving, BEHAVIOUR if behaving else ""


def first_level(page: "Page") -> bool:
    """A guess: directly below the home page in the breadcrumb; without one, in the address."""
    steps = list(page.crumbs)
    if len(steps) > 1 and names_site(steps[0]):
        del steps[0]
    if steps:
        return len(steps) == 1
    return urlsplit(page.url).path.strip("/").count("/") == 0


def column_of(page: "Page") -> Column | None:
    """What this page says of its column, a home page of the site's whole news; None where it is the page of neither."""
    shape = _shape(page)
    if shape is None:
        return None
    column_class, signal = page.classified
    dated = [item for item in page.items if item.dated and not item.pinned]
    newest = page.newest_item
    shown = newest or next(iter(page.items), None)
    telling = page.speaking[:_MANY]
    return Column(
        url=page.url,
        name="首页" if column_class is ColumnClass.HOME else page.column_name,
        column_class=column_class,
        class_from=signal,
        first_level=column_class is not ColumnClass.HOME and first_level(page),
        items=len(page.items),
        dated_items=len(dated),
        newest=newest.dated.day if newest and newest.dated else None,
        newest_title=shown.title if shown else "",
        newest_url=shown.url if shown else "",
        newest_from=newest.dated.source if newest and newest.dated else "",
        inspected=shape.inspected,
        reason=shape.reason,
        placeholder=shape.placeholder,
        pages=(page.url,),
        item_dates=tuple(item.dated.day for item in telling if item.dated),
        item_marks=tuple(mark_of(item.url) for item in (telling or _undated(page))),
    )


def _undated(page: "Page") -> Sequence[Item]:
    """The entries of a list without any day, for which a feed of the site may have some (sites/feeds)."""
    return [item for item in page.items if item.url and not (item.dated or item.pinned or item.repost)][:_MANY]


def _shape(page: "Page") -> _Shape | None:
    if page.kind in _NO_COLUMNS or is_later(page) or (page.kind is PageKind.OTHER and at_article_file(page.url)):
        return None
    dated = any(item.dated for item in page.items)
    if page.kind is PageKind.HOME:
        # Navigation, a picture, or news that a script brings: the columns tell then whether anything is new.
        return _Shape(True) if dated else _Shape(False, NO_NEWS_AT_HOME)
    if page.items and (page.kind is PageKind.LIST or dated):
        return _Shape(True, "" if dated else UNDATED) if page.kind is PageKind.LIST else None
    return _empty_shape(page)


def _empty_shape(page: "Page") -> _Shape | None:
    if not _says_column(page):
        return None
    if reason := filled_by_script(page):
        return _Shape(False, reason)
    if words := blank_words(page):
        return _Shape(True, "", words)
    return _Shape(False, NOT_READ) if _must_list(page) else None


def _must_list(page: "Page") -> bool:
    """A column of a kind that is nothing without its list: where none can be read, it is neither fresh nor blank. A text is no list."""
    return page.classified[0] in _LISTING and not interactive(page) and len(page.main_text) < _MANY


def _says_column(page: "Page") -> bool:
    """A page without entries is a column only where it says so itself: a script-filled or near-empty page may be anything."""
    if page.meta.get("columnname") or page.meta.get("columntype"):
        return True
    return len(page.main_text) < _MANY and bool(page.crumbs or page.classified[0])
