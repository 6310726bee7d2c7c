"""CPU time of dates, list entries and columns on the labelled pages, beside one lexbor parse of the same page."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from tests.eval.corpus import ROOT, Sample, available, samples

_ROUNDS = 3
_SHORT = 6  # every so many pages
_TODAY = date(2017, 4, 2)


def bench(short: bool) -> dict[str, object]:
    """Milliseconds on the median page; the best of three rounds a page, as other work shares the machine.

    `ratio_to_parse`, the median of this work over one parse of the same page, is the figure that machines have in common.
    """
    parses, walks, reads = [], [], []
    for sample in list(filter(_looked_at, samples()))[:: _SHORT if short else 1]:
        body, url = sample.body(), sample.url or "http://unknown.invalid/page"
        text = Page(url, body).html
        parses.append(min(_spent(lambda text=text: LexborHTMLParser(text)) for _ in range(_ROUNDS)))
        rounds = [_page_rounds(url, body) for _ in range(_ROUNDS)]
        walks.append(min(walk for walk, _ in rounds))
        reads.append(min(read for _, read in rounds))
    return {
        "pages": len(reads),
        "median_ms": _ms(reads),
        "p90_ms": round(1000 * statistics.quantiles(reads, n=10)[-1], 3),
        "shared_walk_median_ms": _ms(walks),
        "lexbor_median_ms": _ms(parses),
        "ratio_to_parse": round(statistics.median(read / parse for read, parse in zip(reads, parses, strict=True)), 2),
    }


def _looked_at(sample: Sample) -> bool:
    return sample.path.endswith((".html", ".htm")) and sample.file.is_file() and sample.kind.startswith(_CHINESE)


_CHINESE = ("gov-", "public-", "list-page", "negative", "darklink")


def _page_rounds(url: str, body: bytes) -> tuple[float, float]:
    """Seconds of the walk over the text, which all detectors share, and of everything that this bench is about."""
    page = Page(url, body, today=_TODAY)
    assert page.tree is not None
    walk = _spent(lambda: page.text)
    return walk, _spent(lambda: (page.kind, page.published, page.newest_item, column_of(page)))


def _spent(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _ms(seconds: list[float]) -> float:
    return round(1000 * statistics.median(seconds), 3)


if __name__ == "__main__":
    if not available():
        sys.exit(f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS")
    print(json.dumps(bench(short=False)))
