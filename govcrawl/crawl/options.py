"""What a worker is told when it starts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govcrawl.detectors.base import Detector
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.networks import Network
from govcrawl.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Proxies:
    """Proxies by scheme of the page, "" for none; `bypass` is the word list of `no_proxy`."""

    http: str = ""
    https: str = ""
    bypass: str = ""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds of one fetch. No page of a public-sector site that a person would wait for is beyond them."""

    max_bytes: int = 10 * 1024 * 1024  # on the wire, and again after decompression
    total_seconds: float = 30.0
    connect_seconds: float = 10.0
    read_seconds: float = 15.0  # between two pieces of an answer


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """Plain values and two factories, which are awaited inside the running event loop.

    `slots` pages are fetched at once. `until_idle`: the worker ends by itself once no campaign is running.
    `detectors` None is all of them. `health_port` None opens no port; 0 takes a free one.
    """

    worker: str
    frontier: Callable[[], Awaitable[Frontier]]
    store: Callable[[], Awaitable[Store]]
    slots: int = 64
    until_idle: bool = False
    allow_networks: tuple[Network, ...] = ()
    proxies: Proxies = field(default_factory=Proxies)
    limits: FetchLimits = field(default_factory=FetchLimits)
    contact: str = ""
    cloaking_pages: int = 0  # of a site, that are also fetched as other visitors see them; 0: none
    detectors: Sequence[Detector] | None = None
    health_port: int | None = None
    health_host: str = "127.0.0.1"
    log_level: str = "WARNING"
    heartbeat_seconds: float = 10.0
    report_seconds: float = 5.0
    settings: Mapping[str, Any] = field(default_factory=dict)  # of Scrapy, over those of govcrawl.crawl.settings

    def __deepcopy__(self, memo: object) -> "WorkerOptions":
        # Scrapy copies its settings deeply; a frozen value with factories in it is its own copy.
        return self
