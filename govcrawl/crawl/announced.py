"""The sitemaps and feeds by which a site tells what is on it, visited as pages of it."""

from functools import partial

from govcrawl.crawl.links import feed_children
from govcrawl.crawl.robots import Robots
from govcrawl.crawl.study import Study
from govcrawl.crawl.visit import Visit
from govcrawl.frontier.model import PageClass
from govcrawl.page.columns import UNDATED
from govcrawl.page.feeds import feeds_named
from govcrawl.page.model import Page
from govcrawl.sites.model import Column


class Announced:
    """Those that robots.txt and the home page name. Nothing is asked for that nobody named."""

    def __init__(self, robots: Robots, study: Study) -> None:
        self._robots, self._study = robots, study

    async def bring(self, visit: Visit, page: Page) -> None:
        """Adds to what a home page leads to."""
        lease = visit.errand.lease
        if lease.page_class is PageClass.HOME:
            rules = await self._robots.rules(lease.host)
            sitemaps = list(rules.sitemaps) if rules else []
            named = await self._study.go_on(page, partial(feeds_named, page))
            visit.lead(feed_children([*sitemaps, *named], lease, visit.errand.assignment))


def lead_to_feeds(visit: Visit, page: Page, column: Column) -> None:
    """Where the list of a column shows no days, its feed is asked for them."""
    if column.reason == UNDATED:
        visit.lead(feed_children(feeds_named(page), visit.errand.lease, visit.errand.assignment))
