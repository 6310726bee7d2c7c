"""The class of a column by what its list has shown so far."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from govcrawl.page.values import PageKind
from govcrawl.sites.model import ColumnClass

if TYPE_CHECKING:
    from govcrawl.page.model import Page

BEHAVIOUR = "behaviour"

# A topic is full of news for a while and then closed; what is asked of a column is not asked of it.
_TOPIC = re.compile(
    r"专题|专栏|专区|主题|活动|教育|学习|防控|疫情|抗疫|创建|攻坚|战役|巡察|巡视|整改|纪念|周年|回顾|大会|两会|之窗|风采"
)
_TOPIC_AT = re.compile(r"/(?:zt|ztzl|zthg|zhuanti|topics?|special|subject)[a-z0-9]*[/_.-]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Behaviour:
    column_class: ColumnClass
    titles: re.Pattern[str]
    share: float
    least: int
    alive_days: int
    gap_days: int

    def fits(self, titles: Sequence[str], days: Sequence[date], today: date) -> bool:
        """`days` from the newest on."""
        if len(days) < self.least or (today - days[0]).days > self.alive_days:
            return False
        if self.gap_days and median((later - earlier).days for later, earlier in pairwise(days)) > self.gap_days:
            return False
        return sum(self.titles.search(title) is not None for title in titles) >= self.share * len(titles)


@cache
def _behaviours() -> tuple[_Behaviour, ...]:
    rows = tomllib.loads(Path(__file__).with_name("behaviours.toml").read_text("utf-8"))["behaviours"]
    return tuple(
        _Behaviour(
            ColumnClass(row["class"]),
            re.compile("|".join(row["titles"])),
            row["share"],
            row["least"],
            row["alive_days"],
            row.get("gap_days", 0),
        )
        for row in rows
    )


def class_by_behaviour(page: "Page", name: str) -> ColumnClass | None:
    """None where there is too little to tell, and for topics."""
    if page.kind is not PageKind.LIST or _TOPIC.search(f"{name} {page.title}") or _TOPIC_AT.search(page.url):
        return None
    told = [(item.title, item.dated.day) for item in page.speaking if item.dated]
    titles, days = [title for title, _ in told], sorted((day for _, day in told), reverse=True)
    return next((one.column_class for one in _behaviours() if one.fits(titles, days, page.today)), None)
