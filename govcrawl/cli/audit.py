"""`govcrawl audit`: the verdict of each site against the official indicators."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from govcrawl.audit.document import (
    HEADINGS,
    INSTANCE_HEADINGS,
    RULING_HEADINGS,
    instance_rows,
    ruling_rows,
    verdict_document,
    verdict_row,
)
from govcrawl.audit.gathering import dossiers
from govcrawl.audit.indicators import IndicatorSet
from govcrawl.audit.reading import BUILT_IN, IndicatorError, built_in, read
from govcrawl.audit.ruling import Outcome
from govcrawl.audit.verdict import Verdict, Word, judge
from govcrawl.cli import options
from govcrawl.cli.faults import DONE, LOOK, Fault, told
from govcrawl.cli.output import print_json, print_sentences, print_table, say
from govcrawl.cli.stores import stored
from govcrawl.config import Config
from govcrawl.sites.overrides import overrides


@options.example("govcrawl audit --campaign 2026q1 --indicators 2019")
@click.command()
@click.option("--site", default="", help="Id or name of one site (default: all).")
@click.option("--campaign", default="", help="What this campaign saw (default: the latest visit of each site).")
@click.option(
    "--indicators",
    "named",
    default=BUILT_IN[0],
    show_default=True,
    metavar="FILE",
    help=f"A TOML file, or one that comes with it: {', '.join(BUILT_IN)}.",
)
@options.columns
@options.now
@options.data_dir
@options.as_json
def command(
    *, site: str, campaign: str, named: str, columns: Path | None, now: date | None, data_dir: Path | None, as_json: bool
) -> int:
    """Judge each site by the official indicators: pass, fail by which veto, or what is missing.

    Nothing is fetched: what the crawls stored is judged, on the day that they were judged against unless --now names another.
    Exit status 1 where a site fails.
    """
    indicators = _indicators(named)
    with told():
        verdicts = asyncio.run(_verdicts(options.configuration(data_dir, columns), indicators, campaign, site, now))
    if not verdicts:
        raise Fault(_nobody(site, campaign))
    if as_json:
        for verdict in verdicts:
            print_json(verdict_document(verdict))
    else:
        _print(verdicts, indicators)
    return LOOK if any(verdict.word is Word.FAIL for verdict in verdicts) else DONE


def _indicators(named: str) -> IndicatorSet:
    try:
        if named in BUILT_IN and not Path(named).is_file():
            return built_in(named)
        return read(Path(named).read_text("utf-8-sig"), named)
    except IndicatorError as fault:
        raise Fault(str(fault)) from fault
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else fault
        raise Fault(f"{named}: {why}; name a TOML file in UTF-8, or one of {', '.join(BUILT_IN)}") from fault


async def _verdicts(config: Config, indicators: IndicatorSet, campaign: str, site: str, now: date | None) -> list[Verdict]:
    said = overrides(config.columns)
    async with stored(config) as store:
        return [judge(one, indicators) async for one in dossiers(store, campaign, site, now, said)]


def _nobody(site: str, campaign: str) -> str:
    if site:
        return f"{site}: no concluded visit of this site; `govcrawl audit` without --site lists those there are"
    return f"{campaign or 'the store'}: no site was concluded; a verdict needs a crawl that ended"


def _print(verdicts: Sequence[Verdict], indicators: IndicatorSet) -> None:
    counts = Counter(verdict.word for verdict in verdicts)
    number = ", ".join(f"{counts[word]} {word}" for word in Word)
    days = {verdict.dossier.day for verdict in verdicts}
    title = f"{indicators.document}: {len(verdicts)} sites, {number}" + (f"; judged on {days.pop()}" if len(days) == 1 else "")
    print_table(*_telling([verdict_row(verdict, with_day=bool(days)) for verdict in verdicts]), title)
    for title, headings, rows in (
        (
            "What fell, what waits, what could not be judged",
            RULING_HEADINGS,
            [row for one in verdicts for row in ruling_rows(one)],
        ),
        ("Counted, or open", INSTANCE_HEADINGS, [row for one in verdicts for row in instance_rows(one)]),
    ):
        if rows:
            click.echo()
            print_sentences(headings, rows, title)
    beside = [one for one in verdicts[0].rulings if one.outcome is Outcome.NOT_JUDGED]
    say("for a person or a monitor on every site: " + "; ".join(f"{one.indicator.id} {one.indicator.title}" for one in beside))


def _telling(rows: Sequence[Sequence[object]]) -> tuple[Sequence[str], list[Sequence[object]]]:
    """Without the columns that say nothing of any site: a terminal is narrow."""
    kept = [at for at in range(len(HEADINGS)) if any(row[at] not in {"", None} for row in rows)]
    return [HEADINGS[at] for at in kept], [[row[at] for at in kept] for row in rows]
