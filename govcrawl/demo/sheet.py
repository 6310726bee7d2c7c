"""The answer sheet of the demo web: what is planted where, and what only looks like a fault."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Plant:
    """Something put on one page. `category` is "" on a look-alike; `rule` is the beginning of a rule id."""

    site: str
    page: str
    about: str
    html: str = ""
    place: str = "content"
    category: str = ""
    rule: str = ""
    name: str = ""
    status: int = 200

    @property
    def own_page(self) -> bool:
        """It stands on a page that is there for it alone."""
        return self.page.startswith("/")


@dataclass(frozen=True, slots=True)
class Check:
    """What the crawl itself must do: `failed` (the site), `fetched` or `kept-out` (the page)."""

    site: str
    kind: str
    about: str
    page: str = ""
    delay_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Sheet:
    planted: tuple[Plant, ...]
    look_alikes: tuple[Plant, ...]
    checks: tuple[Check, ...]

    def plants(self, site: str) -> list[Plant]:
        return [plant for plant in (*self.planted, *self.look_alikes) if plant.site == site]


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """`newest` and `every` in days: the age of the newest item, and the time between items."""

    name: str
    slug: str
    newest: int
    every: int
    items: int


@dataclass(frozen=True, slots=True)
class SitePlan:
    host: str
    name: str
    organizer: str
    region: str
    level: str
    code: str
    style: str
    columns: tuple[ColumnPlan, ...]
    dead: bool = False

    @property
    def url(self) -> str:
        return f"http://{self.host}/"


@dataclass(frozen=True, slots=True)
class Style:
    """How a content management system writes its addresses, lists and articles."""

    layout: str
    column: str
    article: str
    item: str
    list: str
    body: str
    encoding: str = "utf-8"


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads(files("govcrawl.demo").joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def read_sheet() -> Sheet:
    data = _data("answers.toml")
    return Sheet(
        tuple(Plant(**entry) for entry in data["planted"]),
        tuple(Plant(**entry) for entry in data["look_alikes"]),
        tuple(Check(**entry) for entry in data["checks"]),
    )


@lru_cache(maxsize=1)
def read_sites() -> tuple[SitePlan, ...]:
    return tuple(
        SitePlan(**{**entry, "columns": tuple(ColumnPlan(**column) for column in entry["columns"])})
        for entry in _data("sites.toml")["sites"]
    )


@lru_cache(maxsize=1)
def read_styles() -> dict[str, Style]:
    return {name: Style(**entry) for name, entry in _data("styles.toml").items()}


def layout(name: str) -> str:
    return files("govcrawl.demo").joinpath("layouts", name).read_text(encoding="utf-8")
