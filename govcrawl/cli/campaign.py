"""`govcrawl campaign`: campaigns on the cluster, or in the data directory where none is named."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
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
from govcrawl.frontier.model import CampaignState, CampaignStatus, SiteStatus
from govcrawl.frontier.protocol import Frontier
from govcrawl.frontier.rounds import round_name
from govcrawl.report.summary import campaign_document, site_document
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery


@click.group(help="Start, watch and steer campaigns on the cluster.")
def command() -> None:
    pass


@options.example(
    "govcrawl campaign start sites.csv --campaign 2026q1 --max-pages 500",
    "govcrawl campaign start sites.csv --campaign watch --every 1d",
)
@command.command()
@click.argument("sources", metavar="LIST_OR_URL...", nargs=-1)
@click.option("--campaign", default="", metavar="ID", help="Its name (default: the time).")
@options.limits
@options.now
@click.option("--priority", type=int, default=0, show_default=True, help="The higher, the sooner.")
@click.option(
    "--every",
    type=options.Period(),
    metavar="PERIOD",
    help="Begin a new round of every site each 6h, 1d, 2w ..., until it is stopped (default: one round).",
)
@options.data_dir
def start(
    *,
    sources: tuple[str, ...],
    campaign: str,
    max_pages: int | None,
    delay: float,
    now: date | None,
    priority: int,
    every: float | None,
    data_dir: Path | None,
) -> int:
    """Queue a campaign; the workers take it up. Its name goes to stdout.

    With --every each round asks for what is due: home pages and columns always, what has not changed less and less often. What round 3 of
    `watch` finds is stored under the campaign `watch@3`.
    """
    with told():
        config = options.configuration(data_dir)
        sites, bad = gather(sources, config.data_dir)
        wish = Wish(max_pages, delay, now, priority, every)
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
        ("id", "state", "started", "sites", "pages", "not had", "queued", "leased", "round", "next round"),
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
                one.round or "",
                one.next_round or "",
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
        "max_pages": status.max_pages,
        "delay_seconds": status.delay_seconds,
        "today": status.campaign.today or None,
        "priority": status.campaign.priority,
        "every_seconds": status.campaign.every_seconds,
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
    hidden = {"sites"} if status.campaign.every_seconds else {"sites", "round", "next_round"}
    print_pairs((name, value) for name, value in document.items() if name not in hidden)
    click.echo()
    headings = ["id", "state", "reason", "pages", "failed_pages", "findings", "url"]
    if any(site["left_out"] for site in sites):
        headings[5:5] = ["left_out"]
    if status.campaign.every_seconds:
        headings[5:5] = ["unchanged_pages", "round", "next_round"]
    print_table(headings, [["" if site[name] is None else site[name] for name in headings] for site in sites])


async def _show(config: Config, name: str) -> tuple[CampaignStatus, list[SiteStatus], Mapping[str, int]]:
    async with reading(config) as frontier:
        status = await _known(frontier, name)
        name = status.campaign.id
        ledger = [site async for site in frontier.ledger(name)]
    findings: dict[str, int] = {}
    for number in {site.round for site in ledger}:
        counts = await counted(config, FindingQuery(campaign=round_name(name, number)), by="site")
        findings |= {site.id: counts.get(site.id, 0) for site in ledger if site.round == number}
    return status, ledger, findings


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


@options.example(
    "govcrawl campaign set 20260101-080000 --delay 2",
    "govcrawl campaign set 20260101-080000 --site www.example.gov.cn --max-pages 1000",
    "govcrawl campaign set 20260101-080000 --host www.example.gov.cn --delay 10",
)
@command.command("set")
@click.argument("campaign", metavar="ID")
@click.option("--site", default="", metavar="ID", help="Only this site of the campaign.")
@click.option("--host", default="", metavar="HOST", help="This host, for all campaigns; wins over its sites and its robots.txt.")
@click.option("--delay", type=click.FloatRange(0, 3600), help="Seconds between pages of a host.")
@click.option("--max-pages", type=click.IntRange(0), help="At most so many pages a site (0: no limit); of a host: so many more.")
@options.data_dir
def change(*, campaign: str, site: str, host: str, delay: float | None, max_pages: int | None, data_dir: Path | None) -> None:
    """Change delay or budget while the campaign goes on.

    It counts from the next page on, for all workers, and outlives a restart of everything. Sites with a delay or budget of their own keep
    it when the campaign is changed.
    """
    if site and host:
        raise click.UsageError("--site and --host are two things; change one after the other")
    if delay is None and max_pages is None:
        raise click.UsageError("nothing to change; give --delay or --max-pages")
    with told():
        target = _Target(campaign, site, host)
        changed = asyncio.run(_change(options.configuration(data_dir), target, delay, max_pages))
    say(
        f"changed: {changed} host" if host else f"changed: {changed} {'site' if changed == 1 else 'sites'} of campaign {campaign}"
    )


@dataclass(frozen=True, slots=True)
class _Target:
    campaign: str
    site: str
    host: str


async def _change(config: Config, target: _Target, delay: float | None, max_pages: int | None) -> int:
    async with reading(config) as frontier:
        await _known(frontier, target.campaign)
        changed = await frontier.adjust(
            target.campaign, site=target.site, host=target.host, delay_seconds=delay, max_pages=max_pages
        )
    if not changed and (target.site or target.host):
        what = f"host {target.host}" if target.host else f"site {target.site} in campaign {target.campaign}"
        raise Fault(f"no {what}; `govcrawl campaign show {target.campaign}` shows its sites and their addresses")
    return changed


@options.example("govcrawl campaign reset-site 20260101-080000 www.example.gov.cn")
@command.command("reset-site")
@click.argument("campaign", metavar="ID")
@click.argument("site", metavar="SITE")
@options.data_dir
def reset_site(campaign: str, site: str, data_dir: Path | None) -> None:
    """Begin one site anew, as if nothing of it had been fetched.

    Its addresses seen, its queue, its counts and its verdict are forgotten; the other sites go on as they are. Stored findings stay, and
    are judged again at its end.
    """
    with told():
        asyncio.run(_reset(options.configuration(data_dir), campaign, site))
    say(f"site {site} of campaign {campaign} begins anew")


async def _reset(config: Config, campaign: str, site: str) -> None:
    async with reading(config) as frontier:
        known = await _known(frontier, campaign)
        if await frontier.reset_site(campaign, site):
            return
    if known.state is CampaignState.STOPPED:
        raise Fault(f"{campaign}: the campaign was stopped; start another for site {site}")
    raise Fault(f"{site}: no such site in campaign {campaign}; `govcrawl campaign show {campaign}` shows them all")
