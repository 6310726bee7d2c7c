"""CPU time of dates, list entries and columns on the labelled pages, beside one lexbor parse of the same page."""

import json
import statistics
import sys
from datetime import date

from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from tests.bench.rounds import Timed, measured, spent
from tests.eval.corpus import ROOT, Sample, available, samples

_ROUNDS = 7
_SHORT = 6  # every so many pages
_TODAY = date(2017, 4, 2)


def bench(short: bool) -> dict[str, object]:
    """Milliseconds on the median page; the least of all rounds a page, as other work shares the machine.

    `ratio_to_parse`, the median of this work over one parse of the same page, is the figure that machines have in common.
    """
    pages = [_timed(sample) for sample in list(filter(_looked_at, samples()))[:: _SHORT if short else 1]]
    measured(pages, _ROUNDS)
    walks, reads, parses = ([page.least[name] for page in pages] for name in ("walk", "read", "parse"))
    return {
        "pages": len(pages),
        "median_ms": round(statistics.median(reads), 3),
        "p90_ms": round(statistics.quantiles(reads, n=10)[-1], 3),
        "shared_walk_median_ms": round(statistics.median(walks), 3),
        "lexbor_median_ms": round(statistics.median(parses), 3),
        "ratio_to_parse": round(statistics.median(page.to_parse("read") for page in pages), 2),
        "walk_to_parse": round(statistics.median(page.to_parse("walk") for page in pages), 2),
    }


def _timed(sample: Sample) -> Timed:
    """The walk over the text, which all detectors share, and everything that this bench is about."""
    body, url = sample.body(), sample.url or "http://unknown.invalid/page"
    works = {
        "walk": lambda: _spent_on(Page(url, body, today=_TODAY), walked=False),
        "read": lambda: _spent_on(Page(url, body, today=_TODAY), walked=True),
    }
    return Timed(len(body), Page(url, body).html, works)


def _spent_on(page: Page, *, walked: bool) -> float:
    assert page.tree is not None
    walk = spent(lambda: page.text)
    return spent(lambda: (page.kind, page.published, page.newest_item, column_of(page))) if walked else walk


def _looked_at(sample: Sample) -> bool:
    return sample.path.endswith((".html", ".htm")) and sample.file.is_file() and sample.kind.startswith(_CHINESE)


_CHINESE = ("gov-", "public-", "list-page", "negative", "darklink")


if __name__ == "__main__":
    if not available():
        sys.exit(f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS")
    print(json.dumps(bench(short=False)))
