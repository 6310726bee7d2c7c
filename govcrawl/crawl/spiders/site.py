"""The spider that visits the pages that the frontier hands out."""

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

from scrapy import Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from govcrawl.crawl.answers import is_markup, is_redirect, result_of
from govcrawl.crawl.downloading import FetchedResponse
from govcrawl.crawl.errand import Errand, errand_of
from govcrawl.crawl.fetching import Fetched, FetchError
from govcrawl.crawl.links import children_of, named_children, redirect_child, redirect_fault
from govcrawl.crawl.options import VisitLimits
from govcrawl.crawl.robots import robots_result
from govcrawl.crawl.services import services_of
from govcrawl.crawl.visit import Visit
from govcrawl.frontier.model import Child, Outcome, PageClass, Reason, Result
from govcrawl.kit.clock import monotonic, utc_now
from govcrawl.page.earlier import Earlier
from govcrawl.page.model import Page
from govcrawl.page.views import View

# What another try will not change.
_FINAL = {Reason.TOO_LARGE, Reason.FORBIDDEN_ADDRESS, Reason.BAD_RESPONSE, Reason.ROBOTS}


class SiteSpider(Spider):
    """One item a response; children travel inside it and never become Requests."""

    name = "site"

    async def start(self) -> AsyncIterator[Any]:
        """Nothing of its own: the work comes from the frontier."""
        return
        yield

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Visit]:
        if not isinstance(response, FetchedResponse):
            raise TypeError("the site spider needs govcrawl.crawl.downloading.PageDownloadHandler")
        services, errand = services_of(self.crawler), errand_of(response.request)  # type: ignore[arg-type]
        visit, seconds = await services.study.read(
            len(response.body), partial(_timed, errand, response.fetched, services.options.visits)
        )
        services.seconds["parse"] += seconds
        services.seconds["waiting/fetch"] += response.fetched.seconds
        yield visit

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """The errback of every request."""
        errand = errand_of(failure.request)  # type: ignore[attr-defined]
        yield failed_visit(errand, failure.value)


def _timed(errand: Errand, fetched: Fetched, limits: VisitLimits) -> tuple[Visit, float]:
    started = monotonic()
    return visit_of(errand, fetched, limits), monotonic() - started


def visit_of(errand: Errand, fetched: Fetched, limits: VisitLimits) -> Visit:
    lease = errand.lease
    if lease.page_class is PageClass.ROBOTS:
        return Visit(errand, robots_result(lease, fetched))
    if is_redirect(fetched):
        return _redirected(errand, fetched, limits)
    if fetched.status == 304:
        return Visit(errand, result_of(lease, fetched, conditional=errand.conditional))
    markup, sheets, views = is_markup(fetched), dict[str, str](), list[View]()
    codes, leads = dict[str, tuple[str, ...]](), dict[str, str]()
    page = Page(
        url=lease.url,
        body=fetched.body,
        status=fetched.status,
        headers=fetched.headers,
        today=errand.assignment.context.today,
        fetched_at=utc_now(),
        sheets=sheets,
        views=views,
        codes=codes,
        leads=leads,
        is_home=lease.page_class is PageClass.HOME,
        tls=fetched.tls,
        earlier=Earlier.read(lease.memo) if lease.memo else None,
        bounds=limits.page,
    )
    if markup and page.cut:
        result = Result(lease, Outcome.DEAD, Reason.TOO_LARGE, fetched.status, fetched.seconds)
        return Visit(errand, result).not_inspected("page", page.cut)
    left = dict[str, str]()
    children: tuple[Child, ...] = ()
    if markup and fetched.status == 200:
        # Of RSS a part looks like links, and is none.
        named = named_children(page, lease, errand.assignment, left, limits)
        children = named or children_of(page, lease, errand.assignment, left, limits)
    visit = Visit(errand, result_of(lease, fetched, children), page, markup, sheets, views, codes, leads, left=left)
    # A long text is read up to there; what is no page has no links that were missed.
    return visit.not_inspected("page", page.cut) if page.cut else visit


def _redirected(errand: Errand, fetched: Fetched, limits: VisitLimits) -> Visit:
    lease, location = errand.lease, fetched.headers["location"]
    home = lease.page_class is PageClass.HOME
    fault = redirect_fault(lease, errand.assignment, location, limits)
    child = None if fault else redirect_child(lease, errand.assignment, location)
    if not fault and (child or not home):
        return Visit(errand, result_of(lease, fetched, (child,) if child else ()))
    # A home page that leads elsewhere leaves the whole site unseen.
    lost = Result(lease, Outcome.DEAD, Reason.BAD_RESPONSE, fetched.status, fetched.seconds)
    fault = fault or f"redirects off the site to {location[:300]}"
    return Visit(errand, lost).not_inspected("home" if home else "page", fault)


def failed_visit(errand: Errand, fault: BaseException | None) -> Visit:
    if not isinstance(fault, FetchError):
        # A part of the worker broke, not the host: the page is not looked at, and the next one is.
        result = Result(errand.lease, Outcome.DEAD, Reason.BAD_RESPONSE)
        return Visit(errand, result).not_inspected("page", type(fault).__name__)
    final = fault.reason in _FINAL
    visit = Visit(errand, Result(errand.lease, Outcome.DEAD if final else Outcome.RETRY, fault.reason))
    return visit.not_inspected("page", fault.reason.value) if final else visit
