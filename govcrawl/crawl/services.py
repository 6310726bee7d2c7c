"""What the parts of one worker share: frontier, store, detectors."""

from collections import defaultdict
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import NotConfigured

from govcrawl.crawl.assignments import Assignments
from govcrawl.crawl.notes import Notebook
from govcrawl.crawl.options import WorkerOptions
from govcrawl.crawl.robots import Robots
from govcrawl.detectors.inspector import Inspector
from govcrawl.page.attachments import ExtractorPool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

OPTIONS = "GOVCRAWL_WORKER"


class Services:
    """A Scrapy add-on, because `crawler.get_addon` is the one public way for components to find a common thing.

    The scheduler opens it, being the first component that Scrapy opens, and closes it, being the last.
    """

    def __init__(self, options: WorkerOptions) -> None:
        self.options = options
        self.inspector = Inspector(options.detectors)
        self.extractors = ExtractorPool()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        options = crawler.settings.get(OPTIONS)
        if not isinstance(options, WorkerOptions):
            raise NotConfigured(f"{OPTIONS} holds no WorkerOptions")
        return cls(options)

    opened: bool = False

    async def open(self) -> None:
        """Raises FrontierUnreachable or StoreUnreachable: a worker that never had its services does not start."""
        self.frontier = await self.options.frontier()
        self.store = await self.options.store()
        self.assignments = Assignments(self.frontier)
        self.robots = Robots(self.frontier)
        self.notebook = Notebook(self.store)
        await self.store.setup()
        await self.frontier.status()
        self.notebook.open()
        self.opened = True

    async def close(self) -> None:
        self.extractors.close()
        if not self.opened:
            return
        await self.notebook.close()
        await self.store.aclose()
        await self.frontier.aclose()


def services_of(crawler: "Crawler") -> Services:
    services = crawler.get_addon(Services)
    if services is None:
        raise NotConfigured("the add-on govcrawl.crawl.services.Services is not in ADDONS")
    return services
