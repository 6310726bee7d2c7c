"""`govcrawl findings`: what was found, and what people say of it."""

import asyncio
import getpass
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from govcrawl.cli import options
from govcrawl.cli.faults import Fault, told
from govcrawl.cli.output import print_csv, print_json, print_pairs, print_table, say
from govcrawl.cli.stores import stored
from govcrawl.config import Config
from govcrawl.findings.document import to_document
from govcrawl.findings.model import Category, Record, Review, Severity, State
from govcrawl.kit.clock import utc_now
from govcrawl.store.protocol import FindingQuery

_HEADINGS = ("id", "severity", "state", "rule", "site", "pages", "url", "title", "evidence")


@click.group(help="List, show, export and review findings.")
def command() -> None:
    pass


def _moment(context: click.Context, parameter: click.Parameter, value: datetime | None) -> datetime | None:  # noqa: ARG001
    return value.replace(tzinfo=UTC) if value else None


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that select findings, handed on as the arguments of a FindingQuery."""
    for option in (
        click.option("--limit", type=click.IntRange(1), help="At most so many."),
        click.option("--text", default="", help="Words in title, evidence or address."),
        click.option(
            "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), callback=_moment, help="Seen since (UTC)."
        ),
        click.option("--campaign", default="", help="Seen last in this campaign."),
        click.option("--state", type=click.Choice([*map(str, State)])),
        click.option("--severity", type=click.Choice([*map(str, Severity)])),
        click.option("--rule", default="", help="Rule id or the start of it."),
        click.option("--type", "kind", type=click.Choice([*map(str, Category)]), help="Category."),
        click.option("--site", default="", help="Id or name of a site."),
    ):
        command = option(command)
    return command


@options.example("govcrawl findings list --type dark_link --severity high")
@command.command("list")
@filters
@options.data_dir
@options.as_json
def list_findings(data_dir: Path | None, as_json: bool, **query: Any) -> None:
    """Show findings, the latest first."""
    records = _found(data_dir, query)
    if as_json:
        for record in records:
            print_json(to_document(record))
        return
    print_table(_HEADINGS, map(_cells, records))
    say(f"{len(records)} findings")


@options.example("govcrawl findings export --site www.example.gov.cn --format csv > findings.csv")
@command.command()
@filters
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@options.data_dir
def export(data_dir: Path | None, form: str, **query: Any) -> None:
    """Write findings to stdout, for other programs."""
    records = _found(data_dir, query)
    if form == "csv":
        print_csv(_EXPORTED, map(_exported, records))
        return
    for record in records:
        print_json(to_document(record))


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
            click.echo(f"{record.id} is {record.state}: {record.finding.title} on {record.finding.url}")


_reviewing("confirm", State.CONFIRMED, "Say that a finding is right; kept across campaigns.")
_reviewing("ignore", State.IGNORED, "Say that a finding is wrong or accepted; kept across campaigns.")
_reviewing("reopen", State.REOPENED, "Take a review back; kept across campaigns.")


def _found(data_dir: Path | None, query: dict[str, Any]) -> list[Record]:
    with told():
        return asyncio.run(
            _search(
                options.configuration(data_dir),
                FindingQuery(**{name: value for name, value in query.items() if value is not None}),
            )
        )


async def _search(config: Config, query: FindingQuery) -> list[Record]:
    async with stored(config) as store:
        return [record async for record in store.findings(query)]


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


def _cells(record: Record) -> tuple[object, ...]:
    finding = record.finding
    evidence = finding.evidence.target or finding.evidence.snippet
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


_EXPORTED = ("id", "state", "severity", "confidence", "category", "rule", "title", "site_id", "site", "region", "organizer",
             "url", "target", "reason", "evidence", "pages", "first_seen", "last_seen", "campaign")  # fmt: skip


def _exported(record: Record) -> tuple[object, ...]:
    finding, site = record.finding, record.site
    return (record.id, record.state, finding.severity, finding.confidence, finding.category, finding.rule.id, finding.title,
            site.id, site.name, site.region, site.organizer, finding.url, finding.evidence.target, finding.evidence.reason,
            finding.evidence.snippet, record.occurrences, record.first_seen, record.last_seen, record.last_campaign)  # fmt: skip
