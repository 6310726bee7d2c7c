"""The demo from the first page to the verdict."""

import asyncio
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rich.console import Console

from govcrawl.demo.compare import Seen, compare
from govcrawl.demo.proxy import Proxy, serving
from govcrawl.demo.show import show
from govcrawl.demo.web import Web, build_web
from govcrawl.kit.clock import utc_now
from govcrawl.store.opening import open_store
from govcrawl.store.protocol import FindingQuery

_WORKERS = 2
# The demo must not touch a cluster that the environment names, nor go round its own web.
_LEFT_OUT = (
    "GOVCRAWL_REDIS_URL",
    "GOVCRAWL_ELASTICSEARCH_URL",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)


class DemoError(Exception):
    """The crawl of the demo web did not get to its end; the message says how it ended."""


async def run_demo(data_dir: Path, today: date, environ: Mapping[str, str], console: Console) -> bool:
    """Serves the web on loopback, crawls it with two workers in `data_dir`, shows the comparison on `console`.

    True where everything is as the answer sheet says. The progress of the crawl goes to stderr. Raises DemoError.
    """
    web = build_web(today)
    # The name holds the time, so that a second run in the same directory is a second campaign.
    campaign = f"demo-{utc_now():%Y%m%d-%H%M%S}"
    listed = _site_list(web, data_dir)
    report = data_dir / "demo-report.md"
    hosts, pages = len(web.sites), len(web.answers)
    console.print(f"a made-up government web on loopback: {hosts} sites, {pages} pages, dates as of {today}", highlight=False)
    async with serving(web) as proxy:
        await _crawl(listed, campaign, today, report, _surroundings(environ, proxy, data_dir))
    lines = compare(web, await _seen(data_dir, campaign, web, proxy))
    show(console, lines)
    console.print(_whereabouts(data_dir, report, campaign), highlight=False, soft_wrap=True)
    return all(line.right for line in lines)


def _site_list(web: Web, data_dir: Path) -> Path:
    data_dir.mkdir(parents=True, exist_ok=True)
    file = data_dir / "demo-sites.csv"
    file.write_text(web.site_list(), encoding="utf-8")
    return file


def _surroundings(environ: Mapping[str, str], proxy: Proxy, data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if name not in _LEFT_OUT}
    return kept | {"http_proxy": proxy.url, "GOVCRAWL_DATA_DIR": str(data_dir)}


async def _crawl(listed: Path, campaign: str, today: date, report: Path, environ: Mapping[str, str]) -> None:
    """In a process of its own, with the very command that a user would type; its summary goes to our stdout."""
    arguments = ("--campaign", campaign, "--workers", str(_WORKERS), "--delay", "0", "--now", str(today), "--report", str(report))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "govcrawl", "crawl", str(listed), *arguments, env=dict(environ)
    )
    try:
        status = await process.wait()
    except asyncio.CancelledError:
        # Ctrl-C reaches the crawl as well; it saves its work before it ends.
        await process.wait()
        raise
    if status:
        raise DemoError(f"the crawl of the demo web ended with status {status}; the lines above say why")


async def _seen(data_dir: Path, campaign: str, web: Web, proxy: Proxy) -> Seen:
    store = await open_store(None, data_dir)
    try:
        records = tuple([record async for record in store.findings(FindingQuery(campaign=campaign))])
        reports = [report async for report in store.sites(campaign)]
    finally:
        await store.aclose()
    hosts = {site.url: site.host for site in web.sites}
    states = {hosts[report.url]: f"{report.state} ({report.reason})" for report in reports if report.url in hosts}
    return Seen(records, states, proxy.asked)


def _whereabouts(data_dir: Path, report: Path, campaign: str) -> str:
    return (
        f"\nreport    {report}\nfindings  govcrawl findings list --data-dir {data_dir} --campaign {campaign}"
        f"\nsites     govcrawl campaign show {campaign} --data-dir {data_dir}\ndata      {data_dir}"
    )
