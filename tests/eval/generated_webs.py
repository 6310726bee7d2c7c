"""Stale and blank columns and verdicts on made-up government webs: every page through page model, detectors, store and audit.

    python -m tests.eval.generated_webs [--webs N] [--misses]

200 sites without --webs; `python -m tests.eval` takes the first of each layout. Exit status 1 under a floor.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from rich.console import Console

from govcrawl.audit.gathering import dossiers
from govcrawl.audit.reading import built_in
from govcrawl.audit.ruling import Outcome
from govcrawl.audit.verdict import Verdict, judge
from govcrawl.detectors.base import Context, SiteView
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.model import Category, Observation, SiteLabel
from govcrawl.page.columns import column_of
from govcrawl.page.feeds import feed_column
from govcrawl.page.later_pages import later_page
from govcrawl.page.model import Page
from govcrawl.sites.model import Column, Site
from govcrawl.sites.whole import whole
from govcrawl.store.protocol import ColumnRecord, FindingQuery, SiteReport, Store
from govcrawl.store.sqlite import SqliteStore
from tests.eval.table import Row, read_floors, with_totals
from tests.eval.webs.pages import LAYOUTS, Made, pages
from tests.eval.webs.plans import NOW, Web, plan

FAMILIES = {"stale columns": Category.STALE_COLUMN, "blank columns": Category.BLANK_COLUMN}
WEBS = 200
_SEEN_AT = datetime(NOW.year, NOW.month, NOW.day, 4, tzinfo=UTC)
_MACHINE = {"V3", "V4a", "V4b", "V4c"}
_INSPECTOR = Inspector([one for one in all_detectors() if one.id.startswith("stale-columns/")])
# Of these a column is said to be stale or blank; the others are hints for a person.
_JUDGING = {"stale-columns/stale": "stale columns", "stale-columns/blank": "blank columns"}


@dataclass
class Judged:
    """What became of one web: addresses said to be stale or blank, and the verdict."""

    web: Web
    made: list[Made]
    said: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in FAMILIES})
    seen: dict[str, Column | None] = field(default_factory=dict)
    verdict: Verdict | None = None

    @property
    def verdict_right(self) -> bool:
        return self.verdict is not None and self.told == (self.web.word, self.web.vetoes, self.web.undecided)

    @property
    def told(self) -> tuple[str, frozenset[str], frozenset[str]]:
        if self.verdict is None:
            return "", frozenset(), frozenset()
        open_ones = {one.indicator.id for one in self.verdict.having(Outcome.UNDECIDED)}
        return str(self.verdict.word), frozenset(self.verdict.vetoes), frozenset(open_ones & _MACHINE)


def wanted(made: Made, family: str) -> bool:
    planned = made.planned
    return planned is not None and (planned.stale if family == "stale columns" else planned.shows == "blank")


async def judged(web: Web, store: Store) -> Judged:
    """One visit of one web, stored and judged as a crawl and `govcrawl audit` do it."""
    made = list(pages(web))
    result = Judged(web, made)
    site, label = Site(str(web.number), f"http://{web.host}/"), SiteLabel(str(web.number))
    context = Context(site, NOW)
    answers = {one.url: one.body.decode() for one in made if one.content_type == "application/json"}
    observations = []
    for one in made:
        if one.content_type == "application/json":
            continue
        page = _fetched(one, answers)
        observations += _INSPECTOR.inspect(page, context).findings
        result.seen[one.url] = feed_column(page) if page.feed else column_of(page) or later_page(page)
    await store.record_columns([ColumnRecord(site.id, "c", _SEEN_AT, one) for one in result.seen.values() if one])
    view = SiteView(site, whole(one for one in result.seen.values() if one), len(made), web.complete)
    observations += _INSPECTOR.conclude(view, context).findings
    await store.record([Observation(one, label, "c", _SEEN_AT) for one in observations])
    state = ("complete", "") if web.complete else ("partial", "budget")
    await store.record_site(SiteReport(label, site.url, "c", *state, len(made), 0, _SEEN_AT, today=NOW))
    async for record in store.findings(FindingQuery(site=site.id)):
        if (family := _JUDGING.get(record.finding.rule.id)) and record.site.id == site.id:
            result.said[family].add(record.finding.url)
    async for dossier in dossiers(store, site=site.id):
        result.verdict = judge(dossier, built_in("2019"))
    return result


def _fetched(made: Made, answers: dict[str, str]) -> Page:
    """As the crawl hands it on: with what came back for the data requests that were recognised in it."""
    is_home = made.url.endswith(".test/")
    page = Page(made.url, made.body, headers={"content-type": made.content_type}, today=NOW, is_home=is_home)
    return replace(page, answers={url: answers[url] for url in page.data_requests if url in answers})


async def _all(numbers: Iterable[int]) -> list[Judged]:
    results = []
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            store = await SqliteStore.open(Path(folder))
            results.append(await judged(plan(number, list(LAYOUTS)), store))
            await store.aclose()
    return results


@lru_cache(maxsize=2)
def measured(webs: int) -> tuple[Judged, ...]:
    return tuple(asyncio.run(_all(range(webs))))


def rows_of(results: Iterable[Judged]) -> list[Row]:
    kept = list(results)
    rows = [row for family in FAMILIES for row in _by_layout(f"generated: {family}", kept, family)]
    return rows + list(_verdict_rows(kept))


def _by_layout(name: str, results: list[Judged], family: str) -> Iterator[Row]:
    for layout in LAYOUTS:
        pairs = [
            (wanted(one, family), one.url in result.said[family])
            for result in results
            if result.web.layout == layout
            for one in result.made
            if one.planned
        ]
        counts = [pairs.count(pair) for pair in ((True, True), (False, True), (True, False))]
        yield Row(name, layout, len(pairs), *counts)


def _verdict_rows(results: list[Judged]) -> Iterator[Row]:
    for layout in LAYOUTS:
        rights = [one.verdict_right for one in results if one.web.layout == layout]
        yield Row("generated: verdicts", layout, len(rights), sum(rights), 0, len(rights) - sum(rights))


def misses_of(results: Iterable[Judged]) -> Iterator[str]:
    for result in results:
        where = f"web {result.web.number} {result.web.layout} {result.web.encoding}"
        for family in FAMILIES:
            for one in result.made:
                if one.planned and wanted(one, family) != (one.url in result.said[family]):
                    yield f"{where}: {family}: {one.url} {one.planned} saw {result.seen.get(one.url)}"
        if not result.verdict_right:
            yield f"{where}: {result.told} instead of {(result.web.word, set(result.web.vetoes), set(result.web.undecided))}"


def evaluate() -> list[Row]:
    return rows_of(measured(len(LAYOUTS)))


def misses() -> list[str]:
    return list(misses_of(measured(len(LAYOUTS))))


def main(arguments: list[str]) -> int:
    from tests.eval.__main__ import FLOORS, shown

    parser = argparse.ArgumentParser(prog="python -m tests.eval.generated_webs", description=__doc__.partition("\n")[0])
    parser.add_argument("--webs", type=int, default=WEBS, help="how many sites")
    parser.add_argument("--misses", action="store_true", help="also print every column and verdict that is wrong")
    options = parser.parse_args(arguments)
    began = time.process_time()
    results = measured(options.webs)
    rows = with_totals(rows_of(results))
    Console(width=None if sys.stdout.isatty() else 120).print(shown(rows))
    if options.misses:
        print(*misses_of(results), sep="\n")
    floors = [floor for floor in read_floors(FLOORS)[1] if floor.family.startswith("generated: ")]
    faults = [words for floor in floors if (words := floor.broken(rows))]
    for line in faults:
        print(f"FAIL {line}", file=sys.stderr)
    print(f"{len(results)} sites, {time.process_time() - began:.0f} s of CPU", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
