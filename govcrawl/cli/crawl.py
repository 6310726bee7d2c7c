"""`govcrawl crawl`: one campaign from the list to the summary."""

import asyncio
import signal
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.campaigns import Wish, opening, rest_others
from govcrawl.cli.crew import LOG, Crew
from govcrawl.cli.faults import DONE, WRONG_USE, Fault, told
from govcrawl.cli.frontiers import Service, serving
from govcrawl.cli.lists import gather
from govcrawl.cli.output import print_json, print_pairs, say
from govcrawl.cli.progress import CampaignProgress
from govcrawl.cli.reports import report_file, report_text
from govcrawl.cli.stores import opened, place
from govcrawl.config import Config
from govcrawl.frontier.model import CampaignState, CampaignStatus
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.clock import monotonic
from govcrawl.report.summary import Summary
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery

_LOOK_EVERY_SECONDS = 1.0
_OVER = (CampaignState.FINISHED, CampaignState.STOPPED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    campaign: str
    sites: list[Site]
    workers: int
    wish: Wish
    cloaking: int | None = None


@options.example("govcrawl crawl https://www.example.com/ --max-pages 20", "govcrawl crawl sites.csv --workers 2 --json")
@click.command()
@click.argument("sources", metavar="LIST_OR_URL...", nargs=-1)
@click.option("--campaign", default="", metavar="ID", help="Name of the campaign; a known one goes on where it was.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Worker processes.")
@options.limits
@click.option(
    "--cloaking",
    type=click.IntRange(0, 1000),
    metavar="N",
    help="Fetch N pages of a site five times more, as a search spider, a telephone and a visitor from a search (default: GOVCRAWL_CLOAKING_PAGES).",
)
@options.now
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=report_file,
    metavar="FILE",
    help="Also write a report (.html to print or pass on, .json, .md).",
)
@options.data_dir
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object on stdout.")
def command(
    *,
    sources: tuple[str, ...],
    campaign: str,
    workers: int,
    max_pages: int | None,
    delay: float,
    cloaking: int | None,
    now: date | None,
    report: Path | None,
    data_dir: Path | None,
    as_json: bool,
) -> int:
    """Crawl sites to the end, in one go, and sum up.

    LIST is a site list (CSV, XLSX, JSONL); none at all means the imported one. Killed and run again with the same data
    directory, a crawl goes on where it was. Exit status 2 where a line of the list was bad; the good ones are crawled.
    """
    with told():
        config = options.configuration(data_dir)
        # A campaign that is known needs no list.
        sites, bad = ([], 0) if campaign and not sources else gather(sources, config.data_dir)
        asked = Asked(campaign, sites, workers, Wish(max_pages, delay, now), cloaking)
        # Like Ctrl-C: the workers are sent home and the way to go on is told.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        summary, text = asyncio.run(_crawl(config, asked, report))
    if report:
        report.write_text(text, encoding="utf-8", errors="replace")
    if as_json:
        print_json(summary.document())
    else:
        print_pairs(summary.lines())
        say(f"findings lie in {place(config)}; `govcrawl findings list --campaign {summary.status.campaign.id}` shows them")
    return WRONG_USE if bad else DONE


async def _crawl(config: Config, asked: Asked, report: Path | None) -> tuple[Summary, str]:
    async with opened(config) as store:
        await store.setup()
    async with serving(config) as service:
        known = await service.frontier.campaign(asked.campaign)
        if known and known.campaign.every_seconds:
            raise Fault(f"{asked.campaign}: a standing campaign has no end to wait for; start `govcrawl worker` for it")
        campaign = await opening(service.frontier, asked.campaign, asked.sites, asked.wish)
        if not config.redis_url:
            await rest_others(service.frontier, campaign)
        started = monotonic()
        before = await _status(service.frontier, campaign)
        try:
            status = await _to_the_end(config, asked, service, campaign)
        except asyncio.CancelledError:
            say(f"interrupted; run the same command again, or `govcrawl crawl --campaign {campaign}`, to go on")
            raise
        async with opened(config) as store:
            await store.flush()
            findings = await store.count_findings(FindingQuery(campaign=campaign))
            summary = Summary(status, findings, monotonic() - started, before.pages)
            return summary, await report_text(report, summary, service.frontier, store) if report else ""


async def _to_the_end(config: Config, asked: Asked, service: Service, campaign: str) -> CampaignStatus:
    environment = {"GOVCRAWL_REDIS_URL": service.url, "GOVCRAWL_DATA_DIR": str(config.data_dir)}
    if asked.cloaking is not None:
        environment["GOVCRAWL_CLOAKING_PAGES"] = str(asked.cloaking)
    crew = Crew(asked.workers, environment, config.data_dir / LOG)
    crew.start()
    try:
        with CampaignProgress() as progress:
            while (status := await _status(service.frontier, campaign)).state not in _OVER:
                progress.show(status)
                crew.tend()
                await asyncio.sleep(_LOOK_EVERY_SECONDS)
            return status
    finally:
        crew.stop()


async def _status(frontier: Frontier, campaign: str) -> CampaignStatus:
    status = await frontier.campaign(campaign)
    if status is None:
        raise Fault(f"{campaign}: no such campaign; name the sites to start it")
    return status
