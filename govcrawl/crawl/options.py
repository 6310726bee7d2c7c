"""What a worker is told when it starts."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govcrawl.config import Config
from govcrawl.detectors.base import Detector
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.networks import Network
from govcrawl.page.parsing import Bounds
from govcrawl.store.protocol import Store

_DEFAULTS = Config()

# The exit status of a worker that wants to be started again; EX_TEMPFAIL of sysexits.h.
AFRESH = 75


@dataclass(frozen=True, slots=True)
class Proxies:
    """Proxies by scheme of the page, "" for none; `bypass` is the word list of `no_proxy`."""

    http: str = ""
    https: str = ""
    bypass: str = ""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds of one fetch. No page of a public-sector site that a person would wait for is beyond them.

    `ports` are those of other services that may be asked all the same.
    """

    max_bytes: int = _DEFAULTS.max_bytes  # on the wire, and again after decompression
    total_seconds: float = _DEFAULTS.total_seconds
    connect_seconds: float = _DEFAULTS.connect_seconds
    read_seconds: float = _DEFAULTS.read_seconds  # between two pieces of an answer
    max_header_bytes: int = _DEFAULTS.max_header_bytes  # of one line
    max_headers: int = _DEFAULTS.max_headers
    ports: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """Bounds of what one page may have read of it and may lead to; what is beyond them is told."""

    links: int = _DEFAULTS.max_links
    url_chars: int = _DEFAULTS.max_url  # of an address that is followed
    depth: int = _DEFAULTS.max_depth  # links and redirects from the home page
    redirects: int = _DEFAULTS.max_redirects  # of a home page
    page: Bounds = field(default_factory=Bounds)


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
    by_address: bool = False  # the frontier keeps a delay for IP addresses, and wants to know where hosts stand
    memory_bytes: int = _DEFAULTS.memory_mib * 2**20  # a worker that holds more starts afresh
    visits: VisitLimits = field(default_factory=VisitLimits)
    inspect_seconds: float = _DEFAULTS.inspect_seconds  # of the processor, for one page; what detectors are left is told
    contact: str = ""
    cloaking_pages: int = 0  # of a site, that are also fetched as other visitors see them; 0: none
    strangers: int = 0  # foreign domains of a page whose home pages are looked at, each once a fleet and day; 0: none
    qr_images: int = 0  # pictures of a page that are looked at for QR codes, each once a campaign; 0: none
    probes: str = ""  # hosts whose owners agreed to active probes, as in GOVCRAWL_PROBES; "": none
    mandate: str = ""  # hosts that are inspected against their robots.txt, as in GOVCRAWL_OFFICIAL_INSPECTION; "": none
    rules: Path | None = None  # the overlay of GOVCRAWL_RULES
    columns: Path | None = None  # what a tenant says of its columns, as in GOVCRAWL_COLUMNS
    detectors: Sequence[Detector] | None = None
    health_port: int | None = None
    health_host: str = "127.0.0.1"
    log_level: str = "WARNING"
    heartbeat_seconds: float = 10.0
    report_seconds: float = 5.0
    stuck_seconds: float = 180.0  # that one page may keep the worker; a hundred times what the worst one takes
    settings: Mapping[str, Any] = field(default_factory=dict)  # of Scrapy, over those of govcrawl.crawl.settings

    def __deepcopy__(self, memo: object) -> "WorkerOptions":
        # Scrapy copies its settings deeply; a frozen value with factories in it is its own copy.
        return self
