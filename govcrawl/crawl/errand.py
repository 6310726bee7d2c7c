"""A lease on its way through the engine."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from scrapy import Request

from govcrawl.crawl.assignments import Assignment
from govcrawl.frontier.model import Lease, Outcome, Reason, Result
from govcrawl.kit.clock import monotonic

_KEY = "errand"


@dataclass(slots=True)
class Errand:
    """`result` is set once everything that came of the page is stored; it stays None where a part of the worker broke."""

    lease: Lease
    assignment: Assignment
    result: Result | None = None
    started: float = field(default_factory=monotonic)

    def request(self, errback: Callable[..., Any]) -> Request:
        return Request(self.lease.url, dont_filter=True, errback=errback, meta={_KEY: self})

    @property
    def outcome(self) -> Result:
        """What goes back to the frontier when the engine is done with the request: a fault of ours is tried again."""
        return replace(self.result or Result(self.lease, Outcome.RETRY, Reason.BAD_RESPONSE), started=self.started)


def errand_of(request: Request) -> Errand:
    errand = request.meta[_KEY]
    if not isinstance(errand, Errand):
        raise TypeError(f"{request} is no errand")
    return errand
