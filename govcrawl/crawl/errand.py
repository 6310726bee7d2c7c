"""A lease on its way through the engine."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs
from scrapy import Request

from govcrawl.crawl.assignments import Assignment
from govcrawl.findings import mask
from govcrawl.frontier.model import Lease, Outcome, Reason, Result
from govcrawl.kit.clock import monotonic

_KEY = "errand"


@dataclass(slots=True)
class Errand:
    """`result` is set once everything that came of the page is stored; it stays None where a part of the worker broke.

    `asked` has of each host when the last request of this errand to it began and how many seconds its answer took; `closed` the hosts
    that sent us away meanwhile, and for how many seconds.
    """

    lease: Lease
    assignment: Assignment
    result: Result | None = None
    conditional: bool = False  # the page was asked for under a condition: it may be answered as unchanged
    started: float = field(default_factory=monotonic)  # of the last request to the page's own host
    asked: dict[str, tuple[float, float]] = field(default_factory=dict)
    closed: dict[str, float] = field(default_factory=dict)

    def request(self, errback: Callable[..., Any]) -> Request:
        """The address is canonical: Scrapy would only spell it anew."""
        return Request(self.lease.url, dont_filter=True, errback=errback, meta={_KEY: self, "verbatim_url": True})

    def asks(self, host: str) -> float:
        """A request to this host goes out now. Returns the moment."""
        now = monotonic()
        self.asked[host] = (now, 0.0)
        if host == self.lease.host:
            self.started = now
        return now

    @property
    def outcome(self) -> Result:
        """What goes back to the frontier when the engine is done with the request: a fault of ours is tried again."""
        result = self.result or Result(self.lease, Outcome.RETRY, Reason.BAD_RESPONSE)
        wait = self.closed.get(self.lease.host, result.retry_after_seconds)
        label = "" if result.outcome is Outcome.DONE else mask.url(self.lease.url)
        return structs.replace(result, started=self.started, retry_after_seconds=wait, label=label)


def errand_of(request: Request) -> Errand:
    errand = request.meta[_KEY]
    if not isinstance(errand, Errand):
        raise TypeError(f"{request} is no errand")
    return errand
