"""The options of a worker that Scrapy's own command line starts: `scrapy crawl site`."""

import os
import socket

from govcrawl.config import Config
from govcrawl.crawl.options import FetchLimits, Proxies, VisitLimits, WorkerOptions
from govcrawl.frontier.embedded import running
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.protocol import Frontier, FrontierUnreachable
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.store.opening import open_store
from govcrawl.store.protocol import Store


def limits_of(config: Config) -> FetchLimits:
    return FetchLimits(
        config.max_bytes,
        config.total_seconds,
        config.connect_seconds,
        config.read_seconds,
        config.max_header_bytes,
        config.max_headers,
        frozenset(config.allow_ports),
    )


def visits_of(config: Config) -> VisitLimits:
    return VisitLimits(config.max_links, config.max_url, config.max_depth, config.max_redirects, config.bounds)


def politeness_of(config: Config) -> Politeness:
    return Politeness(
        address_seconds=config.address_delay_seconds, alike=config.max_alike, site_bytes=config.max_site_mib * 2**20
    )


def options_of(config: Config) -> WorkerOptions:
    """A worker of the cluster that the configuration names, or of the crawl that runs on its data directory. It ends with the last campaign."""

    async def frontier() -> Frontier:
        url = config.redis_url or running(config.data_dir)
        if not url:
            raise FrontierUnreachable(
                f"no crawl runs on {config.data_dir}; set GOVCRAWL_REDIS_URL, or start `govcrawl crawl` there"
            )
        return RedisFrontier.from_url(url, politeness=politeness_of(config))

    async def store() -> Store:
        return await open_store(config.server, config.data_dir)

    return WorkerOptions(
        worker=f"{socket.gethostname()}-{os.getpid()}",
        frontier=frontier,
        store=store,
        until_idle=True,
        allow_networks=config.allow_networks,
        cloaking_pages=config.cloaking_pages,
        strangers=config.strangers,
        qr_images=config.qr_images,
        probes=config.probes,
        mandate=config.mandate,
        rules=config.rules,
        columns=config.columns,
        limits=limits_of(config),
        visits=visits_of(config),
        by_address=config.address_delay_seconds > 0,
        inspect_seconds=config.inspect_seconds,
        memory_bytes=config.memory_mib * 2**20,
        proxies=Proxies(config.http_proxy, config.https_proxy, config.no_proxy),
    )
