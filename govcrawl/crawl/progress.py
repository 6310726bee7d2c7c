"""The engine's set of requests under way, and what hears of each that leaves it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy import Request

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class InProgress(set[Request]):
    """The engine's set of requests; tells when one has left it, which is after callback and item pipelines."""

    def __init__(self, left: Callable[[Request], None]) -> None:
        super().__init__()
        self._left = left

    def remove(self, request: Request) -> None:
        super().remove(request)
        self._left(request)


def watch(crawler: "Crawler", left: Callable[[Request], None]) -> None:
    """Has `left` called with each request that the engine is done with.

    Scrapy has no signal for it: `request_left_downloader` comes before the callback. So its private set is replaced by one that tells.
    """
    slot = crawler.engine._slot  # noqa: SLF001 - see above; checked here, so that a Scrapy without it fails at once
    if slot is None or not isinstance(getattr(slot, "inprogress", None), set):
        raise RuntimeError("this version of Scrapy keeps its requests elsewhere; govcrawl needs scrapy>=2.19,<2.20")
    slot.inprogress = InProgress(left)
