"""What the parts of one worker share: frontier, store, detectors."""

import gc
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from govcrawl.config import Config
from govcrawl.crawl.announced import Announced
from govcrawl.crawl.assignments import Assignments
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.codes import Codes
from govcrawl.crawl.environment import options_of
from govcrawl.crawl.fetching import Fetcher
from govcrawl.crawl.fleet import Strangers
from govcrawl.crawl.identity import user_agent
from govcrawl.crawl.loads import Loads
from govcrawl.crawl.lookout import Lookout
from govcrawl.crawl.notes import Notebook
from govcrawl.crawl.options import WorkerOptions
from govcrawl.crawl.probing import Probing
from govcrawl.crawl.readings import Readings
from govcrawl.crawl.records import ListData
from govcrawl.crawl.revisits import judges
from govcrawl.crawl.robots import Robots
from govcrawl.crawl.sheets import Sheets
from govcrawl.crawl.short_links import ShortLinks
from govcrawl.crawl.soft_errors import SoftErrors
from govcrawl.crawl.study import Study
from govcrawl.crawl.views import Views
from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.leaks.catalogue import overlay_with
from govcrawl.detectors.overlay import read
from govcrawl.kit.clock import china_today
from govcrawl.page.attachments import ExtractorPool
from govcrawl.page.codes import PicturePool
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from govcrawl.sites.overrides import overrides

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# The hidden link has words that only sound like spam: their table is the largest that a first page would wait for.
_WARM_UP = (
    "<title>首页</title><script>var a=1;document.write('x')</script><ul><li><a href='/a'>通知</a></ul>"
    "<p hidden><a href='http://other.invalid/'>百佳乐</a></p>"
).encode()
# A page leaves some thousand objects that refer to each other: the default of 700 collects several times a page.
_GC = (20_000, 20, 20)

OPTIONS = "GOVCRAWL_WORKER"


class Services:
    """A Scrapy add-on, because `crawler.get_addon` is the one public way for components to find a common thing.

    The scheduler opens it, being the first component that Scrapy opens, and closes it, being the last.
    """

    def __init__(self, options: WorkerOptions) -> None:
        self.options = options
        overlay = read(options.rules)
        overlay_with(overlay)
        self.inspector = Inspector(options.detectors, overlay.accepted, overlay.disabled, options.inspect_seconds)
        self.said = overrides(options.columns)
        self.extractors = ExtractorPool()
        self.pictures = PicturePool()
        self.study = Study()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        options = crawler.settings.get(OPTIONS)
        return cls(options if isinstance(options, WorkerOptions) else options_of(Config.of_process()))

    opened: bool = False
    afresh: bool = False  # the worker ends to be started again

    @cached_property
    def fetcher(self) -> Fetcher:
        """One pool of connections, asked for first inside the running event loop; the download handler closes it."""
        options = self.options
        return Fetcher(user_agent(options.contact), options.limits, options.proxies, options.allow_networks, slots=options.slots)

    @cached_property
    def judged_by(self) -> str:
        return judges(self.options.rules, self.options.columns)

    @cached_property
    def beside(self) -> Beside:
        return Beside(self.frontier, self.robots, self.fetcher)

    @cached_property
    def readings(self) -> Readings:
        return Readings(self.frontier, self.extractors)

    @cached_property
    def sheets(self) -> Sheets:
        return Sheets(self.frontier, self.beside, self.study)

    @cached_property
    def codes(self) -> Codes:
        return Codes(self.frontier, self.beside, self.study, self.pictures, self.options.qr_images)

    @cached_property
    def short_links(self) -> ShortLinks:
        return ShortLinks(self.frontier, self.beside, self.options.strangers)

    @cached_property
    def list_data(self) -> ListData:
        return ListData(self.beside, self.study)

    @cached_property
    def announced(self) -> Announced:
        return Announced(self.frontier, self.robots, self.inspector, self.study)

    @cached_property
    def views(self) -> Views:
        return Views(self.frontier, self.beside, self.options.cloaking_pages)

    @cached_property
    def soft_errors(self) -> SoftErrors:
        return SoftErrors(self.frontier, self.beside, self.study)

    @cached_property
    def strangers(self) -> Strangers:
        return Strangers(self.frontier, self.inspector, self.study, self.lookout, self.loads)

    @cached_property
    def loads(self) -> Loads:
        return Loads(self.frontier, self.inspector)

    @cached_property
    def lookout(self) -> Lookout:
        return Lookout(self.frontier, self.beside, self.study, self.options.strangers)

    @cached_property
    def probing(self) -> Probing:
        return Probing(self.beside, self.inspector, self.options.probes, self.study)

    async def open(self) -> None:
        """Raises FrontierUnreachable or StoreUnreachable: a worker that never had its services does not start."""
        self.frontier = await self.options.frontier()
        self.store = await self.options.store()
        self.assignments = Assignments(self.frontier)
        self.robots = Robots(self.frontier, self.options.mandate)
        self.notebook = Notebook(self.store)
        await self.store.setup()
        await self.frontier.status()
        self.notebook.open()
        # Before the first lease: the detectors compile their rules with the first page, which takes a second or two.
        warm_up(self.inspector)
        self.opened = True

    async def close(self) -> None:
        self.study.close()
        self.extractors.close()
        self.pictures.close()
        if not self.opened:
            return
        await self.notebook.close()
        await self.store.aclose()
        await self.frontier.aclose()


def warm_up(inspector: Inspector) -> None:
    """Has the detectors compile their rules, and keeps the collector from walking over what is here to stay."""
    site = Site("warm-up", "http://warm-up.invalid/")
    inspector.inspect(Page(site.url, _WARM_UP), Context(site, china_today()))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC)


def services_of(crawler: "Crawler") -> Services:
    services = crawler.get_addon(Services)
    if services is None:
        raise NotConfigured("the add-on govcrawl.crawl.services.Services is not in ADDONS")
    return services
