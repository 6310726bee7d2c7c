"""The numbers of a panel, picked and sorted as Kibana shows them, from whichever store."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from govcrawl.report.panels import Dashboard, Panel, Rank
from govcrawl.store.protocol import Store
from govcrawl.store.questions import Match, Row, has

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    panel: Panel
    rows: list[Row]


async def answers(store: Store, dashboard: Dashboard, tests: tuple[Match, ...] = ()) -> list[Answer]:
    """Every panel of a dashboard; `tests` narrow those whose documents have the field. Raises NotAskable and StoreUnreachable."""
    return [Answer(panel, await rows(store, panel, tests)) for panel in dashboard.panels]


async def rows(store: Store, panel: Panel, tests: tuple[Match, ...] = ()) -> list[Row]:
    """Level by level, because a group is picked by its own number, which is no sum of the numbers below it."""
    fitting = tuple(test for test in tests if has(panel.question.index, test.field))
    asked = replace(panel.question, tests=panel.question.tests + fitting)
    if not asked.groups:
        return await store.answer(asked)
    kept: list[Row] = []
    parents: set[_Key] = {()}
    for depth, rank in enumerate(panel.ranks, 1):
        found = await store.answer(replace(asked, groups=asked.groups[:depth]))
        kept = _picked(found, depth, rank, parents, kept)
        parents = {row[:depth] for row in kept}
    return kept


def _picked(found: Iterable[Row], depth: int, rank: Rank, parents: set[_Key], above: list[Row]) -> list[Row]:
    """The best of each parent, in the order of the parents."""
    families: dict[_Key, list[Row]] = defaultdict(list)
    for row in found:
        if row[: depth - 1] in parents:
            families[row[: depth - 1]].append(row)
    order = [row[: depth - 1] for row in above] or [()]
    return [row for parent in order for row in _best(families[parent], depth, rank)]


def _best(rows: list[Row], depth: int, rank: Rank) -> list[Row]:
    """Equal numbers are sorted by the key; what has no number comes last."""
    by_key = sorted(rows, key=lambda row: str(row[depth - 1]), reverse=rank.metric < 0 and rank.descending)
    if rank.metric < 0:
        return by_key[: rank.limit]
    place = depth + rank.metric
    numbered = [row for row in by_key if row[place] is not None]
    numbered.sort(key=partial(_at, place), reverse=rank.descending)
    return [*numbered, *(row for row in by_key if row[place] is None)][: rank.limit]


def _at(place: int, row: Row) -> Any:
    """Any, because the numbers of one column are of one type, which a row cannot say."""
    return row[place]
