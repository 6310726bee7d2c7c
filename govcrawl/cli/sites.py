"""`govcrawl sites`: the site list."""

import asyncio
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from govcrawl.audit.dossier import ColumnCase, Dossier, is_home
from govcrawl.audit.gathering import dossiers
from govcrawl.audit.reading import BUILT_IN, built_in
from govcrawl.audit.trend import state_of, trend
from govcrawl.cli import options
from govcrawl.cli.faults import DONE, WRONG_USE, Fault, told
from govcrawl.cli.lists import complain, imported, keep
from govcrawl.cli.output import print_json, print_pairs, print_sentences, print_table
from govcrawl.cli.scripts import print_scripts
from govcrawl.cli.stores import stored
from govcrawl.config import Config
from govcrawl.findings import mask
from govcrawl.kit.clock import iso
from govcrawl.page.behaviour import BEHAVIOUR
from govcrawl.page.columns import NO_NEWS_AT_HOME
from govcrawl.page.trust import trust_of
from govcrawl.sites.listing import SiteList, read_list
from govcrawl.sites.model import Column
from govcrawl.sites.overrides import overrides
from govcrawl.sites.scripts import ScriptHosts
from govcrawl.store.documents import column_document
from govcrawl.store.protocol import ColumnRecord, SiteReport

file = click.argument("file", type=click.Path(path_type=Path))


@click.group(help="Check, import and show the site list.")
def command() -> None:
    pass


@options.example("govcrawl sites check sites.csv")
@command.command()
@file
@options.as_json
def check(file: Path, as_json: bool) -> int:
    """Read a site list; report every bad line with its number and the way out.

    Exit status 2 where a line is bad.
    """
    with told():
        listing = read_list(file)
    if as_json:
        _print_faults(listing)
    else:
        complain(listing)
        click.echo(_sum(listing))
    return WRONG_USE if listing.problems else DONE


@options.example("govcrawl sites import sites.xlsx --data-dir govcrawl-data")
@command.command("import")
@file
@options.data_dir
def import_list(file: Path, data_dir: Path | None) -> int:
    """Keep the good lines of a site list in the data directory; a known id is replaced.

    `crawl` and `campaign start` use these sites when they are given none. Exit status 2 where a line is bad.
    """
    with told():
        config = options.configuration(data_dir)
        listing = read_list(file)
        total = keep(config.data_dir, listing.sites)
    complain(listing)
    click.echo(f"{_sum(listing)}; {total} sites in {config.data_dir}")
    return WRONG_USE if listing.problems else DONE


@options.example("govcrawl sites list --json")
@command.command("list")
@options.data_dir
@options.as_json
def list_sites(data_dir: Path | None, as_json: bool) -> None:
    """Show the sites that were imported."""
    with told():
        sites = imported(options.configuration(data_dir).data_dir)
    if as_json:
        for site in sites:
            print_json(asdict(site))
    else:
        print_table(
            ("id", "name", "url", "region", "level", "organizer", "tags"),
            [
                (site.id, site.name, mask.url(site.url), site.region, site.level, site.organizer, " ".join(site.tags))
                for site in sites
            ],
        )


@options.example("govcrawl sites show www.example.gov.cn")
@command.command()
@click.argument("site", metavar="ID")
@click.option("--scripts", is_flag=True, help="The foreign hosts that its pages load scripts from, instead of the columns.")
@options.columns
@options.now
@options.data_dir
@options.as_json
def show(site: str, *, scripts: bool, columns: Path | None, now: date | None, data_dir: Path | None, as_json: bool) -> None:
    """Show what the last crawl saw of a site: its state, and every column with its last update and trend.

    The state of a column is that of the day on which the crawl judged it, unless --now names another. Scripts are those of the first pages.
    """
    with told():
        seen, records = asyncio.run(_seen(options.configuration(data_dir, columns), site, now))
    if seen is None and not records:
        raise Fault(f"{site}: no crawl has seen this site; `govcrawl campaign show ID` lists the ids of a campaign's sites")
    if scripts:
        print_scripts(site, seen.report.scripts if seen else ScriptHosts(), as_json)
        return
    if as_json:
        for one in records:
            print_json(column_document(one))
        return
    print_pairs([("id", site)] if seen is None else _lines(seen.report))
    click.echo()
    print_sentences(_COLUMN_HEADINGS, _rows(seen) if seen else [_cells(ColumnCase(one.column), "", "") for one in records])


_COLUMN_HEADINGS = (
    "column",
    "class",
    "state",
    "last update",
    "items",
    "trend",
    "read from",
    "newest item",
    "not inspected",
    "url",
)


async def _seen(config: Config, site: str, now: date | None) -> tuple[Dossier | None, list[ColumnRecord]]:
    """The site as its last concluded crawl saw it, and the latest visit of each address; the former None while it is crawled."""
    said = overrides(config.columns)
    async with stored(config) as store:
        found = [one async for one in dossiers(store, site=site, day=now, said=said) if one.report.site.id == site]
        columns = [column async for column in store.columns(site)]
    return next(iter(found), None), columns


def _rows(seen: Dossier) -> list[tuple[object, ...]]:
    rules = built_in(BUILT_IN[0])
    cases = sorted(seen.cases, key=lambda case: (not is_home(case), case.column.url))
    return [_cells(case, state_of(case, rules, seen.day), trend(case)) for case in cases]


def _lines(report: SiteReport) -> list[tuple[str, object]]:
    return [
        ("id", report.site.id),
        ("name", report.site.name),
        ("url", mask.url(report.url)),
        ("organizer", report.site.organizer),
        ("state", f"{report.state} {report.reason}".strip()),
        ("campaign", f"{report.campaign}, concluded {iso(report.concluded_at)}"),
        ("pages", f"{report.pages}, {report.failed_pages} not had"),
        ("open findings", ", ".join(f"{number} {category}" for category, number in sorted(report.findings.items())) or "none"),
    ]


def _cells(case: ColumnCase, state: str, changes: str) -> tuple[object, ...]:
    column = case.column
    return (
        column.name,
        _class(column),
        state,
        column.newest,
        column.items,
        changes,
        f"{column.newest_from} ({trust_of(column.newest_from):.2f})" if column.newest_from else "",
        column.newest_title[:40],
        _not_inspected(column),
        mask.url(column.url),
    )


def _not_inspected(column: Column) -> str:
    if column.reason == NO_NEWS_AT_HOME:
        return f"{column.reason}; the columns below it tell"
    return "" if column.inspected else column.reason or "yes"


def _class(column: Column) -> str:
    """With the signal that told it, where it is none that the page names."""
    return f"{column.column_class} ({BEHAVIOUR})" if column.class_from == BEHAVIOUR else str(column.column_class or "")


def _print_faults(listing: SiteList) -> None:
    for kind, faults in (("problem", listing.problems), ("note", listing.notes)):
        for fault in faults:
            print_json({"kind": kind, "place": fault.place, "message": fault.message})
    print_json({"kind": "sum", "sites": len(listing.sites), "problems": len(listing.problems), "notes": len(listing.notes)})


def _sum(listing: SiteList) -> str:
    return f"{len(listing.sites)} sites, {len(listing.problems)} bad lines, {len(listing.notes)} notes"
