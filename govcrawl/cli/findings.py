"""`govcrawl findings`: what was found, and what people say of it."""

import asyncio
import getpass
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from govcrawl.cli import options
from govcrawl.cli.faults import Fault, told
from govcrawl.cli.output import for_a_person, print_json, print_pairs, print_table, say
from govcrawl.cli.selection import asked, filters
from govcrawl.cli.stores import stored
from govcrawl.config import Config
from govcrawl.findings.document import to_document
from govcrawl.findings.model import Category, Record, Review, State
from govcrawl.kit.clock import utc_now
from govcrawl.kit.plain import plain
from govcrawl.report.exports import FORMS, Export
from govcrawl.store.protocol import GROUPS, FindingQuery

_SHORT = ("id", "severity", "state", "finding")
_OF_COLUMNS = (Category.STALE_COLUMN, Category.BLANK_COLUMN)
_HEADINGS = ("id", "severity", "state", "rule", "site", "pages", "url", "title", "evidence")


@click.group(help="List, show, export and review findings.")
def command() -> None:
    pass


def _export_file(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:  # noqa: ARG001 - click's shape
    if value and value.suffix.lower() not in FORMS:
        raise click.BadParameter(f"{value} has none of the suffixes {', '.join(FORMS)}")
    return value


@options.example("govcrawl findings list --type dark_link --sort gravest", "govcrawl findings list --count-by organizer")
@command.command("list")
@filters
@click.option(
    "--count-by",
    type=click.Choice(["type" if group == "category" else group for group in GROUPS]),
    help="Numbers instead of findings.",
)
@options.data_dir
@options.as_json
def list_findings(data_dir: Path | None, as_json: bool, count_by: str | None, **query: Any) -> None:
    """Show findings, the latest first, or how many there are of each kind."""
    with told():
        config = options.configuration(data_dir)
        if count_by:
            _show_counts(asyncio.run(_counts(config, asked(query), count_by)), count_by, as_json=as_json)
        elif as_json:
            asyncio.run(_each(config, asked(query), lambda record: print_json(to_document(record))))
        else:
            records: list[Record] = []
            asyncio.run(_each(config, asked(query), records.append))
            if for_a_person():
                print_table(_SHORT, map(_shortly, records))
            else:
                print_table(_HEADINGS, map(_cells, records))
            say(f"{len(records)} findings")


@options.example(
    "govcrawl findings export findings.xlsx --state open",
    "govcrawl findings export --site www.example.gov.cn --format csv > findings.csv",
)
@command.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False), callback=_export_file)
@filters
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help="On stdout, without FILE."
)
@options.data_dir
def export(file: Path | None, data_dir: Path | None, form: str, **query: Any) -> None:
    """Write findings to FILE.csv, FILE.xlsx or FILE.jsonl, or to stdout.

    No cell can act as a formula in a spreadsheet. FILE appears when it is complete.
    """
    with told():
        config = options.configuration(data_dir)
        if file is None:
            asyncio.run(_export(config, asked(query), FORMS[f".{form}"](sys.stdout.buffer)))
            return
        with _complete(file) as sink:
            count = asyncio.run(_export(config, asked(query), FORMS[file.suffix.lower()](sink)))
        say(f"{count} findings in {file}")


@options.example("govcrawl findings show 3f2a")
@command.command()
@click.argument("finding_id", metavar="ID")
@options.data_dir
@options.as_json
def show(finding_id: str, data_dir: Path | None, as_json: bool) -> None:
    """Show one finding with its evidence; the first characters of its id suffice."""
    with told():
        record = asyncio.run(_one(options.configuration(data_dir), finding_id))
    if as_json:
        print_json(to_document(record))
    else:
        print_pairs(_told_in_full(record))


def _reviewing(name: str, state: State, about: str) -> None:
    @options.example(f'govcrawl findings {name} 3f2a --by "Li" --reason "checked on the site"')
    @command.command(name, help=about)
    @click.argument("finding_id", metavar="ID")
    @click.option("--by", default=getpass.getuser, help="Who says so (default: the login name).")
    @click.option("--reason", default="", help="Why; it is kept with the finding.")
    @options.data_dir
    @options.as_json
    def review(finding_id: str, by: str, reason: str, data_dir: Path | None, as_json: bool) -> None:
        with told():
            said = Review(state, by, reason, utc_now())
            record = asyncio.run(_review(options.configuration(data_dir), finding_id, said))
        if as_json:
            print_json(to_document(record))
        else:
            click.echo(plain(f"{record.id} is {record.state}: {record.finding.title} on {record.finding.url}"))


_reviewing("confirm", State.CONFIRMED, "Say that a finding is right; kept across campaigns.")
_reviewing("ignore", State.IGNORED, "Say that a finding is wrong or accepted; kept across campaigns.")
_reviewing("reopen", State.REOPENED, "Take a review back; kept across campaigns.")


@contextmanager
def _complete(file: Path) -> Iterator[BinaryIO]:
    """A file beside the one asked for, which takes its name once everything is written."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as sink:
            yield sink
        part.replace(file)
    except OSError as fault:
        raise Fault(f"{file}: {fault.strerror or fault}; name a file in a folder that can be written and has room") from fault
    finally:
        part.unlink(missing_ok=True)


async def _each(config: Config, query: FindingQuery, take: Callable[[Record], object]) -> int:
    """Hands on the findings one by one, however many there are; returns how many that were."""
    count = 0
    async with stored(config) as store, aclosing(store.findings(query)) as records:
        async for record in records:
            take(record)
            count += 1
    return count


async def _export(config: Config, query: FindingQuery, export: Export) -> int:
    count = await _each(config, query, export.add)
    export.close()
    return count


async def _counts(config: Config, query: FindingQuery, by: str) -> Mapping[str, int]:
    async with stored(config) as store:
        return await store.count_findings(query, "category" if by == "type" else by)


def _show_counts(counts: Mapping[str, int], by: str, *, as_json: bool) -> None:
    if as_json:
        for value, number in counts.items():
            print_json({by: value, "findings": number})
        return
    print_table((by, "findings"), counts.items())
    say(f"{sum(counts.values())} findings")


async def _one(config: Config, finding_id: str) -> Record:
    async with stored(config) as store:
        return _there(await store.finding(finding_id), finding_id)


async def _review(config: Config, finding_id: str, said: Review) -> Record:
    async with stored(config) as store:
        known = _there(await store.finding(finding_id), finding_id)
        return _there(await store.review(known.id, said), finding_id)


def _there(record: Record | None, finding_id: str) -> Record:
    if record is None:
        raise Fault(
            f"{finding_id}: no finding of that id, or several that begin so; `govcrawl findings list --json` shows whole ids"
        )
    return record


def _shortly(record: Record) -> tuple[object, ...]:
    """For a terminal: a finding in a few lines that fit beside its id."""
    number, severity, state, rule, site, pages, url, _, evidence = _cells(record)
    found_on = f"{rule}  {site}" if pages == 1 else f"{rule}  {site}  on {pages} pages"
    return number, severity, state, "\n".join(str(line) for line in (found_on, url, evidence) if line)


def _cells(record: Record) -> tuple[object, ...]:
    finding = record.finding
    told = finding.evidence
    # Of a column its newest entry is told by name and day; the address of it says nothing.
    evidence = told.snippet if finding.category in _OF_COLUMNS else told.target or told.snippet
    return (
        record.id[:12],
        finding.severity,
        record.state,
        finding.rule.id,
        record.site.name or record.site.id,
        record.occurrences,
        finding.url,
        finding.title,
        " ".join(evidence.split())[:80],
    )


def _told_in_full(record: Record) -> list[tuple[str, object]]:
    finding, evidence, site = record.finding, record.finding.evidence, record.site
    lines: list[tuple[str, object]] = [
        ("id", record.id),
        ("title", finding.title),
        ("category", finding.category),
        ("severity", finding.severity),
        ("confidence", finding.confidence),
        ("state", record.state),
        ("rule", f"{finding.rule.id} v{finding.rule.version}"),
        ("indicators", " ".join(finding.indicators)),
        ("site", " ".join(filter(None, (site.id, site.name, site.organizer)))),
        ("page", finding.url),
        ("first seen", record.first_seen),
        ("last seen", record.last_seen),
        ("campaign", record.last_campaign),
        ("pages", record.occurrences),
    ]
    lines += [("sample", url) for url in record.samples if url != finding.url]
    lines += [("why", evidence.reason), ("target", evidence.target), ("where", evidence.locator), ("snippet", evidence.snippet)]
    lines += list(evidence.extra.items())
    if said := record.review:
        lines.append(("review", f"{said.state} by {said.by}: {said.reason}"))
    return [(name, value) for name, value in lines if value not in ("", None)]
