"""`govcrawl worker`: one worker process."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import told
from govcrawl.cli.frontiers import address, joined
from govcrawl.cli.logs import set_up_log
from govcrawl.cli.stores import opened
from govcrawl.config import Config
from govcrawl.crawl.environment import limits_of, politeness_of, visits_of
from govcrawl.crawl.options import Proxies, WorkerOptions
from govcrawl.crawl.worker import run_worker
from govcrawl.store.opening import open_store


@options.example("GOVCRAWL_REDIS_URL=redis://127.0.0.1:6379 govcrawl worker")
@click.command()
@click.option("--slots", type=click.IntRange(1, 4096), default=64, show_default=True, help="Pages under way at once.")
@click.option("--until-idle", is_flag=True, help="End once no campaign is running.")
@click.option(
    "--health-port", type=click.IntRange(0, 65535), help="Answer /healthz, /readyz and /metrics there (0: a free port)."
)
@click.option("--health-host", default="127.0.0.1", show_default=True)
@click.option("--contact", default="", help="Address or mail that the user agent names.")
@options.data_dir
def command(
    *,
    slots: int,
    until_idle: bool,
    health_port: int | None,
    health_host: str,
    contact: str,
    data_dir: Path | None,
) -> int:
    """Join the cluster named by the environment and work until told to stop.

    SIGTERM finishes the pages under way and hands back the rest; a second SIGTERM stops at once.
    """
    set_up_log(sys.stderr)
    with told():
        config = options.configuration(data_dir)
        set_up_log(sys.stderr, as_json=config.log_format == "json")
        with address(config) as url:
            # Before Scrapy starts: it would bury the message in traces of everything that it closes again.
            asyncio.run(_meet(config, url))
            return run_worker(
                WorkerOptions(
                    worker=f"{socket.gethostname()}-{os.getpid()}",
                    frontier=lambda: joined(url, politeness_of(config)),
                    store=lambda: open_store(config.server, config.data_dir),
                    slots=slots,
                    until_idle=until_idle,
                    allow_networks=config.allow_networks,
                    proxies=Proxies(config.http_proxy, config.https_proxy, config.no_proxy),
                    limits=limits_of(config),
                    visits=visits_of(config),
                    by_address=config.address_delay_seconds > 0,
                    inspect_seconds=config.inspect_seconds,
                    memory_bytes=config.memory_mib * 2**20,
                    contact=contact,
                    cloaking_pages=config.cloaking_pages,
                    strangers=config.strangers,
                    qr_images=config.qr_images,
                    probes=config.probes,
                    mandate=config.mandate,
                    columns=config.columns,
                    rules=config.rules,
                    health_port=health_port,
                    health_host=health_host,
                )
            )


async def _meet(config: Config, url: str) -> None:
    """Raises FrontierUnreachable or StoreUnreachable."""
    frontier = await joined(url)
    try:
        await frontier.status()
    finally:
        await frontier.aclose()
    async with opened(config):
        pass
