"""`govcrawl dashboards`: what Kibana shows, in the terminal and from either store."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import told
from govcrawl.cli.output import print_json, print_table
from govcrawl.cli.stores import stored
from govcrawl.config import Config
from govcrawl.kit.clock import utc_now
from govcrawl.report import panels
from govcrawl.report.answers import Answer, answers
from govcrawl.report.panels import Dashboard
from govcrawl.store.questions import Match, Row

_FIELDS = {"site": "site.id", "region": "site.region", "organizer": "site.organizer.keyword", "campaign": "campaign.id"}


@click.group(help="Show the numbers of the dashboards in the terminal.")
def command() -> None:
    pass


@options.example("govcrawl dashboards list")
@command.command("list")
@options.as_json
def list_dashboards(as_json: bool) -> None:
    """Show the dashboards and what each is for."""
    known = [panels.dashboard(name, utc_now()) for name in panels.NAMES]
    if as_json:
        for one in known:
            print_json(
                {"name": one.name, "title": one.title, "description": one.description, "panels": [p.id for p in one.panels]}
            )
        return
    print_table(("name", "panels", "about"), [(one.name, len(one.panels), one.description) for one in known])


@options.example("govcrawl dashboards show overview", "govcrawl dashboards show site --site www.example.gov.cn")
@command.command()
@click.argument("name", metavar="NAME", type=click.Choice(panels.NAMES))
@click.option("--site", default="", help="Only this site, by its id.")
@click.option("--region", default="", help="Only this region.")
@click.option("--organizer", default="", help="Only the sites of this organizer.")
@click.option("--campaign", default="", help="Only what this campaign saw last.")
@options.data_dir
@options.as_json
def show(name: str, data_dir: Path | None, as_json: bool, **narrowed: str) -> None:
    """Show a dashboard: the panels of the file that Kibana gets, as tables.

    NAME is one of overview, site, dark-links, columns and operations. A filter reaches the panels whose documents have its field.
    """
    tests = tuple(Match(_FIELDS[option], (value,)) for option, value in narrowed.items() if value)
    dashboard = panels.dashboard(name, utc_now())
    with told():
        found = asyncio.run(_answers(options.configuration(data_dir), dashboard, tests))
    if as_json:
        for answer in found:
            print_json({"panel": answer.panel.id, "title": answer.panel.title, "rows": _objects(answer)})
        return
    click.echo(f"{dashboard.title.removeprefix('[govcrawl] ')}: {dashboard.description}")
    for answer in found:
        click.echo()
        _print(answer)


def _print(answer: Answer) -> None:
    title, rows = answer.panel.title, [_shown(row) for row in answer.rows]
    if tuple(answer.panel.headings) == (title,) and len(rows) == 1:  # a panel that is one number
        click.echo(f"{title}: {rows[0][0]}")
        return
    click.echo(title)
    print_table(answer.panel.headings, rows)


async def _answers(config: Config, dashboard: Dashboard, tests: Sequence[Match]) -> list[Answer]:
    async with stored(config) as store:
        return await answers(store, dashboard, tuple(tests))


def _objects(answer: Answer) -> list[dict[str, object]]:
    return [dict(zip(answer.panel.headings, row, strict=True)) for row in answer.rows]


def _shown(row: Row) -> list[object]:
    """Averages to two places, whole numbers without any."""
    return [f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else value for value in row]
