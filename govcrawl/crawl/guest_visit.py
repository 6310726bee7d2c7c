"""One request of a foreign spider, on its way through the engine."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spiders import Spider
from twisted.python.failure import Failure

from govcrawl.crawl.outputs import watched
from govcrawl.frontier.model import Child, Lease, Outcome, Reason, Result
from govcrawl.kit.clock import monotonic

_KEY, _PARENT = "govcrawl_visit", "govcrawl_parent"


@dataclass(slots=True, eq=False)
class GuestVisit:
    """A lease, and what the spider made of it. `live` counts the requests that stand for it: retries and redirects are new ones."""

    lease: Lease
    started: float = field(default_factory=monotonic)
    live: int = 0
    outcome: Outcome = Outcome.RETRY
    reason: Reason | None = Reason.BAD_RESPONSE
    status: int = 0
    children: list[Child] = field(default_factory=list)
    parcels: dict[str, bytes] = field(default_factory=dict)

    def sent(self, request: Request, spider: Spider) -> Request:
        """The request as the engine gets it: what its callbacks yield is marked as ours."""
        request.meta[_KEY] = self
        if request.callback is not NO_CALLBACK:
            request.callback = watched(self._telling(request.callback or spider._parse), self._seen)  # noqa: SLF001 - what Scrapy falls back to
        request.errback = watched(self._failing(request.errback), self._seen)
        return request

    def _telling(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        def answered(response: Response, **words: Any) -> Any:
            self.outcome, self.reason, self.status = Outcome.DONE, None, response.status
            return callback(response, **words)

        return answered

    def _failing(self, errback: Callable[..., Any] | None) -> Callable[..., Any]:
        """Scrapy has tried again as often as its settings say: what still fails is a dead letter."""

        def failed(failure: Failure) -> Any:
            self.outcome, self.reason = Outcome.DEAD, reason_of(failure)
            return errback(failure) if errback else failure

        return failed

    def _seen(self, output: Any) -> Any:
        if isinstance(output, Request):
            # Spiders pass the meta of a response on; theirs is the rest of it.
            output.meta.pop(_KEY, None)
            output.meta[_PARENT] = self
        return output

    def result(self) -> Result:
        seconds = monotonic() - self.started
        return Result(
            self.lease, self.outcome, self.reason, self.status, seconds, children=tuple(self.children), started=self.started
        )


def visit_of(request: Request) -> GuestVisit | None:
    """The visit that this request stands for: the first, a retry, a redirect."""
    visit = request.meta.get(_KEY)
    return visit if isinstance(visit, GuestVisit) else None


def parent_of(request: Request) -> GuestVisit | None:
    """The visit whose callback asked for this request; taken off it, because another worker may get it."""
    parent = request.meta.pop(_PARENT, None)
    return parent if isinstance(parent, GuestVisit) else None


_REASONS = {
    "CannotResolveHostError": Reason.DNS,
    "DNSLookupError": Reason.DNS,
    "DownloadTimeoutError": Reason.TIMEOUT,
    "TimeoutError": Reason.TIMEOUT,
    "TCPTimedOutError": Reason.TIMEOUT,
    "DownloadConnectionRefusedError": Reason.REFUSED,
    "ConnectionRefusedError": Reason.REFUSED,
    "ConnectionLost": Reason.RESET,
    "ResponseNeverReceived": Reason.RESET,
    "IgnoreRequest": Reason.ROBOTS,
}


def reason_of(failure: Failure) -> Reason:
    """By the name of the error: which classes there are depends on the download handler."""
    return _REASONS.get(type(failure.value).__name__, Reason.BAD_RESPONSE)
