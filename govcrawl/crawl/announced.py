"""The sitemaps and feeds by which a site tells what is on it, visited as pages of it, and the robots.txt that names them."""

from functools import partial

from govcrawl.crawl.links import feed_children
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.robots import Robots
from govcrawl.crawl.study import Study
from govcrawl.crawl.visit import Visit
from govcrawl.detectors.inspector import Inspector
from govcrawl.frontier.model import PageClass
from govcrawl.frontier.protocol import Frontier
from govcrawl.page.columns import UNDATED
from govcrawl.page.feeds import feeds_named
from govcrawl.page.model import Page
from govcrawl.sites.model import Column

_PLAIN = {"content-type": "text/plain; charset=utf-8"}


class Announced:
    """Those that robots.txt and the home page name. Nothing is asked for that nobody named."""

    def __init__(self, frontier: Frontier, robots: Robots, inspector: Inspector, study: Study) -> None:
        self._frontier, self._robots, self._study = frontier, robots, study
        self._inspector = inspector.of("dark-links/")

    async def bring(self, visit: Visit, page: Page) -> None:
        """Adds to what a home page leads to, and to what is noted of it."""
        lease = visit.errand.lease
        if lease.page_class is not PageClass.HOME:
            return
        rules = await self._robots.rules(lease.host)
        sitemaps = list(rules.sitemaps) if rules else []
        named = await self._study.ask(page, partial(feeds_named, page))
        visit.lead(feed_children([*sitemaps, *named], lease, visit.errand.assignment))
        if rules:
            await self._judge_rules(visit, page)

    async def _judge_rules(self, visit: Visit, page: Page) -> None:
        """With each visit of the home page: the rules themselves are fetched once a day, for all sites of the host and all campaigns."""
        text = await patiently(lambda: self._frontier.robots(visit.errand.lease.host))
        rules = Page(f"{page.origin}robots.txt", (text or "").encode(), headers=_PLAIN, today=page.today)
        inspection = await self._study.go_on(page, partial(self._inspector.inspect, rules, visit.errand.assignment.context))
        visit.note(inspection, rules.url)


def lead_to_feeds(visit: Visit, page: Page, column: Column) -> None:
    """Where the list of a column shows no days, its feed is asked for them."""
    if column.reason == UNDATED:
        visit.lead(feed_children(feeds_named(page), visit.errand.lease, visit.errand.assignment))
