"""The dashboards as the files for Kibana say them, and the question that each panel stands for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from govcrawl.report import kql
from govcrawl.store.mappings import PREFIX
from govcrawl.store.questions import Group, Match, Metric, Question

NAMES = ("overview", "site", "dark-links", "columns", "operations")
_FOLDER = files("govcrawl.report") / "dashboards"
_UNITS = {"h": "hour", "d": "day", "w": "week", "M": "month"}
_AGO = re.compile(r"now-(\d+)([hdw])")
_SPANS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Rank:
    """How many groups of a level are shown, and by which number they are picked; `metric` -1 is by the key itself."""

    limit: int = _MOST
    metric: int = -1
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel with numbers. `ranks` go with the groups of its question, `headings` with groups and metrics."""

    id: str
    title: str
    chart: str
    question: Question
    ranks: tuple[Rank, ...]
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    name: str
    title: str
    description: str
    panels: tuple[Panel, ...]


def source(name: str) -> dict[str, Any]:
    """The file as it is sent to Kibana."""
    read: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


def data_views() -> list[dict[str, Any]]:
    """What Kibana calls the indices; those with a time field are limited to the time range of a dashboard."""
    read: list[dict[str, Any]] = json.loads((_FOLDER / "data-views.json").read_text(encoding="utf-8"))
    return read


def dashboard(name: str, now: datetime) -> Dashboard:
    """A dashboard at a moment. Raises kql.NotUnderstood for a file that says more than can be interpreted."""
    told = source(name)
    reading = _Reading(_tests(told), _since(told, now), {view["id"] for view in data_views() if "timeFieldName" in view})
    panels = tuple(reading.panel(panel) for panel in _flat(told["panels"]) if panel["type"] == "vis")
    return Dashboard(name, told["title"], told["description"], panels)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What all panels of a dashboard share: its query, the start of its time range, the views that the range limits."""

    tests: tuple[Match, ...]
    since: datetime
    timed: set[str]

    def panel(self, panel: Mapping[str, Any]) -> Panel:
        config = panel["config"]
        body = config["layers"][0] if config["type"] == "xy" else config
        dimensions = _dimensions(config["type"], body)
        metrics = body.get("metrics") or body["y"]
        view = body["data_source"]["ref_id"]
        own = () if body.get("ignore_global_filters") else self.tests
        question = Question(
            index=view.removeprefix(f"{PREFIX}-"),
            tests=own + _tests(config),
            groups=tuple(_group(dimension) for dimension in dimensions),
            metrics=tuple(Metric(m["operation"], m.get("field", ""), _filter(m)) for m in metrics),
            since=self.since if view in self.timed else None,
        )
        headings = tuple(part["label"] for part in (*dimensions, *metrics))
        return Panel(panel["id"], config["title"], config["type"], question, tuple(map(_rank, dimensions)), headings)


def _flat(panels: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for panel in panels:
        yield from _flat(panel["panels"]) if "panels" in panel else (panel,)


def _dimensions(chart: str, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The groups from the outermost on: what splits a chart is picked over its whole width."""
    if chart == "xy":
        return [*([body["breakdown_by"]] if "breakdown_by" in body else []), body["x"]]
    return list(body.get("rows", []))


def _group(dimension: Mapping[str, Any]) -> Group:
    if dimension["operation"] == "date_histogram":
        return Group(dimension["field"], _UNITS[dimension["suggested_interval"]])
    (field,) = dimension["fields"]
    return Group(field)


def _rank(dimension: Mapping[str, Any]) -> Rank:
    if dimension["operation"] == "date_histogram":
        return Rank()
    by = dimension["rank_by"]
    metric = by["metric_index"] if by["type"] == "metric" else -1
    return Rank(dimension["limit"], metric, by["direction"] == "desc")


def _tests(told: Mapping[str, Any]) -> tuple[Match, ...]:
    return kql.parse(told.get("query", {}).get("expression", ""))


def _filter(metric: Mapping[str, Any]) -> tuple[Match, ...]:
    return kql.parse(metric.get("filter", {}).get("expression", ""))


def _since(told: Mapping[str, Any], now: datetime) -> datetime:
    found = _AGO.fullmatch(told["time_range"]["from"])
    if not found:
        raise kql.NotUnderstood(f"{told['time_range']['from']!r}: a time range starts at now-NUMBER and h, d or w")
    return now - int(found[1]) * _SPANS[found[2]]
