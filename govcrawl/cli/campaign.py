"""`govcrawl campaign`: campaigns on the cluster, or in the data directory where none is named."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.campaigns import Wish, opening
from govcrawl.cli.faults import DONE, WRONG_USE, Fault, told
from govcrawl.cli.frontiers import reading, serving
from govcrawl.cli.lists import gather
from govcrawl.cli.output import print_json, print_pairs, print_table, say
from govcrawl.cli.stores import counted
from govcrawl.config import Config
from govcrawl.frontier.model import CampaignStatus, SiteStatus
from govcrawl.frontier.protocol import Frontier
from govcrawl.report.summary import campaign_document, site_document
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery


@click.group(help="Start, watch and steer campaigns on the cluster.")
def command() -> None:
    pass


@options.example("govcrawl campaign start sites.csv --campaign 2026q1 --max-pages 500")
@command.command()
@click.argument("sources", metavar="LIST_OR_URL...", nargs=-1)
@click.option("--campaign", default="", metavar="ID", help="Its name (default: the time).")
@options.limits
@options.now
@click.option("--priority", type=int, default=0, show_default=True, help="The higher, the sooner.")
@options.data_dir
def start(
    *,
    sources: tuple[str, ...],
    campaign: str,
    max_pages: int | None,
    delay: float,
    now: date | None,
    priority: int,
    data_dir: Path | None,
) -> int:
    """Queue a campaign; the workers take it up. Its name goes to stdout."""
    with told():
        config = options.configuration(data_dir)
        sites, bad = gather(sources, config.data_dir)
        wish = Wish(max_pages, delay, now, priority)
        click.echo(asyncio.run(_start(config, campaign, sites, wish)))
    return WRONG_USE if bad else DONE


async def _start(config: Config, name: str, sites: list[Site], wish: Wish) -> str:
    async with serving(config) as service:
        return await opening(service.frontier, name, sites, wish)


@options.example("govcrawl campaign list")
@command.command("list")
@options.data_dir
@options.as_json
def list_campaigns(data_dir: Path | None, as_json: bool) -> None:
    """Show all campaigns, the latest first."""
    with told():
        found = asyncio.run(_campaigns(options.configuration(data_dir)))
    found.sort(key=lambda status: status.campaign.started, reverse=True)
    if as_json:
        for status in found:
            print_json(_facts(status))
        return
    print_table(
        ("id", "state", "started", "sites", "pages", "not had", "queued", "leased"),
        [
            (
                one.campaign.id,
                one.state,
                one.campaign.started,
                sum(one.sites.values()),
                one.pages,
                one.failed_pages,
                one.queued,
                one.leased,
            )
            for one in found
        ],
    )


async def _campaigns(config: Config) -> list[CampaignStatus]:
    async with reading(config) as frontier:
        return await frontier.campaigns()


def _facts(status: CampaignStatus) -> dict[str, object]:
    document = campaign_document(status, [])
    return document | {
        "sites": {str(state): number for state, number in status.sites.items()},
        "queued": status.queued,
        "leased": status.leased,
        "dead": status.dead,
        "max_pages": status.campaign.max_pages,
        "delay_seconds": status.campaign.delay_seconds,
        "today": status.campaign.today or None,
        "priority": status.campaign.priority,
    }


@options.example("govcrawl campaign show 20260101-080000 --json")
@command.command()
@click.argument("campaign", metavar="ID")
@options.data_dir
@options.as_json
def show(campaign: str, data_dir: Path | None, as_json: bool) -> None:
    """Show a campaign and every site of it: state, reason, pages, findings."""
    with told():
        status, ledger, findings = asyncio.run(_show(options.configuration(data_dir), campaign))
    sites = [site_document(site, findings.get(site.id, 0)) for site in ledger]
    document = campaign_document(status, sites)
    if as_json:
        print_json(document)
        return
    print_pairs((name, value) for name, value in document.items() if name != "sites")
    click.echo()
    headings = ("id", "state", "reason", "pages", "failed_pages", "findings", "url")
    print_table(headings, [[site[name] for name in headings] for site in sites])


async def _show(config: Config, name: str) -> tuple[CampaignStatus, list[SiteStatus], Mapping[str, int]]:
    async with reading(config) as frontier:
        status = await _known(frontier, name)
        ledger = [site async for site in frontier.ledger(name)]
    return status, ledger, await counted(config, FindingQuery(campaign=name), by="site")


async def _known(frontier: Frontier, name: str) -> CampaignStatus:
    status = await frontier.campaign(name)
    if status is None:
        raise Fault(f"{name}: no such campaign; `govcrawl campaign list` shows them all")
    return status


def _steering(name: str, about: str, verb: Callable[[Frontier, str], Awaitable[None]]) -> None:
    @options.example(f"govcrawl campaign {name} 20260101-080000")
    @command.command(name, help=about)
    @click.argument("campaign", metavar="ID")
    @options.data_dir
    def steer(campaign: str, data_dir: Path | None) -> None:
        with told():
            state = asyncio.run(_steer(options.configuration(data_dir), campaign, verb))
        say(f"campaign {campaign} is {state}")


async def _steer(config: Config, name: str, verb: Callable[[Frontier, str], Awaitable[None]]) -> str:
    async with reading(config) as frontier:
        await _known(frontier, name)
        await verb(frontier, name)
        return (await _known(frontier, name)).state


_steering("pause", "Hand out no more pages until it is resumed.", lambda frontier, name: frontier.pause(name))
_steering("resume", "Go on with a paused campaign.", lambda frontier, name: frontier.resume(name))
_steering("stop", "End a campaign: every open site becomes partial, reason stopped.", lambda frontier, name: frontier.stop(name))
