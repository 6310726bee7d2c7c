"""What each made-up site shows, and the verdict that follows from the plan alone."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

NOW = date(2025, 8, 31)  # six months before it is the last of February
_FORTNIGHT, _HALF_YEAR, _YEAR = date(2025, 8, 17), date(2025, 2, 28), date(2024, 8, 31)
ENCODINGS = ("utf-8", "gb2312", "gbk in the header", "gb18030 untold")
_NAMES = {
    "NEWS": [
        "政务要闻",
        "本地要闻",
        "部门动态",
        "乡镇动态",
        "工作动态",
        "时政要闻",
        "区县动态",
        "图片新闻",
        "政务动态",
        "视频新闻",
    ],
    "NOTICE": ["通知公告", "公示公告", "公告公示", "公告栏"],
    "POLICY": ["政策文件", "规范性文件", "政府文件", "最新文件", "政策法规"],
    "YEARLY": [
        "人事任免",
        "人事信息",
        "招考录用",
        "规划计划",
        "财政预决算",
        "统计信息",
        "数据发布",
        "重大项目",
        "政府工作报告",
        "政府公报",
        "信息公开年报",
        "政府采购",
    ],
    "STATIC": ["机构职能", "内设机构", "领导之窗", "行政区划", "历史沿革"],
}
LIMITS = {"NEWS": _FORTNIGHT, "NOTICE": _HALF_YEAR, "POLICY": _HALF_YEAR, "YEARLY": _YEAR}
# Numbers: columns of a class that are past their limit; the others are as near to it on the other side. `deep`: one of the notices is past
# it, but of the second level. `unread`: only a browser could fill them. `undated`: entries without any day. `refused`: the data request fails.
PLANS: tuple[dict[str, int | str], ...] = (
    {"NEWS": 4},
    {"NEWS": 5},
    {"NEWS": 3, "NOTICE": 1},
    {"NEWS": 3, "NOTICE": 1, "POLICY": 1},
    {"NEWS": 4, "deep": 1},
    {"YEARLY": 9},
    {"YEARLY": 10},
    {"YEARLY": 9, "deep": 1},
    {"blank": 4},
    {"blank": 5},
    {"home": "stale"},
    {"home": "bare"},
    {"home": "bare", "NEWS": 99, "NOTICE": 99, "POLICY": 99, "YEARLY": 99},
    {"NEWS": 3, "unread": 1},
    {"NEWS": 3, "unread": 2},
    {"NEWS": 5, "unread": 2},
    {"NEWS": 1, "partial": 1},
    {"NEWS": 5, "partial": 1},
    {"NEWS": 3, "undated": 1},
    {"NEWS": 3, "undated": 2},
    {},
)


@dataclass(frozen=True)
class Planned:
    """`shows`: `list`, `blank`, `undated`, `text` (one article), or `unread`: nothing that a crawl can read."""

    name: str
    kind: str
    newest: date
    shows: str = "list"
    first_level: bool = True

    @property
    def stale(self) -> bool:
        return self.shows == "list" and self.kind in LIMITS and self.newest < LIMITS[self.kind]


@dataclass(frozen=True)
class Web:
    """`vetoes` are those that must fall; `undecided` those that the machine must leave open. `home_newest` None: it only leads on."""

    number: int
    layout: str
    encoding: str
    home_newest: date | None
    columns: tuple[Planned, ...]
    complete: bool
    vetoes: frozenset[str]
    undecided: frozenset[str]

    @property
    def word(self) -> str:
        return "fail" if self.vetoes else "cannot judge" if self.undecided else "pass"

    @property
    def host(self) -> str:
        return f"www.xian{self.number}-gov.test"


def plan(number: int, layouts: list[str]) -> Web:
    """The same number makes the same web; every layout meets plan after plan, each on one side of a limit."""
    dice = random.Random(number)
    counts = PLANS[(number // len(layouts) + number) % len(PLANS)]
    columns = tuple(_columns(dice, counts))
    home = _home(dice, str(counts.get("home", "fresh")))
    complete = "partial" not in counts
    vetoes, undecided = _truth(columns, home, complete=complete)
    encoding = ENCODINGS[(number + number // len(layouts)) % len(ENCODINGS)]
    return Web(number, layouts[number % len(layouts)], encoding, home, columns, complete, vetoes, undecided)


def _home(dice: random.Random, how: str) -> date | None:
    choices = {"fresh": (0, 3, 13, 14), "stale": (15, 40), "bare": ()}[how]
    return NOW - timedelta(days=dice.choice(choices)) if choices else None


def _columns(dice: random.Random, counts: dict[str, int | str]) -> Iterator[Planned]:
    for kind, names in _NAMES.items():
        for place, name in enumerate(dice.sample(names, len(names))):
            yield _column(dice, counts, kind, name, place)


def _column(dice: random.Random, counts: dict[str, int | str], kind: str, name: str, place: int) -> Planned:
    if kind == "STATIC":
        return Planned(name, kind, date(2019, 1, 1), "text" if place % 2 else "list")
    limit, rest = LIMITS[kind], place - int(counts.get(kind, 0))
    if rest < 0:
        return Planned(name, kind, limit - timedelta(days=dice.choice((1, 2, 60))))
    newest = limit + timedelta(days=dice.choice((0, 0, 1, 5)))
    if kind == "NOTICE" and rest == 0 and "deep" in counts:
        return Planned(name, kind, limit - timedelta(days=9), first_level=False)
    for special, shows in (("unread", "unread"), ("undated", "undated")):
        if kind == "NEWS" and rest < int(counts.get(special, 0)):
            return Planned(name, kind, newest, shows)
    return Planned(name, kind, newest, "blank" if kind == "YEARLY" and rest < int(counts.get("blank", 0)) else "list")


def _truth(columns: tuple[Planned, ...], home: date | None, *, complete: bool) -> tuple[frozenset[str], frozenset[str]]:
    """For each veto: how many columns count for sure, how many may at the worst, and the number at which it falls."""
    unread = sum(one.shows == "unread" for one in columns)
    hidden = unread + sum(one.shows == "undated" for one in columns)
    news = sum(one.stale and (one.kind == "NEWS" or (one.kind in {"NOTICE", "POLICY"} and one.first_level)) for one in columns)
    others = sum(one.stale for one in columns) - news
    blank = sum(one.shows == "blank" for one in columns)
    counted = {"V4a": (news, news + hidden, 5), "V4b": (others, others, 10), "V4c": (blank, blank + unread, 5)}
    vetoes = {name for name, (sure, _, limit) in counted.items() if sure >= limit}
    undecided = {name for name, (_, most, limit) in counted.items() if name not in vetoes and (most >= limit or not complete)}
    newest = home or max(one.newest for one in columns if one.kind != "STATIC" and one.shows == "list")
    if newest < _FORTNIGHT:
        vetoes.add("V3")
    return frozenset(vetoes), frozenset(undecided)
