"""CPU time of all leak detectors on the labelled pages, beside one lexbor parse of the same page: `python -m tests.bench.leaks`."""

import json
import statistics
import sys
import time
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from govcrawl.detectors.base import Context
from govcrawl.detectors.registry import all_detectors
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.eval.corpus import ROOT, available, samples

_ROUNDS = 3
_TODAY = date(2017, 4, 1)


def measure() -> dict[str, float]:
    """Milliseconds on the median page and on the 90th percentile; the best of three rounds a page, as other work shares the machine."""
    detectors = [detector for detector in all_detectors() if detector.id.startswith("leaks/")]
    site = Site(id="bench", url="http://www.qingshan.gov.cn/")
    leaks, parses = [], []
    for sample in samples():
        if sample.path.endswith((".html", ".htm")) and sample.file.is_file():
            body = sample.body()
            leaks.append(min(_inspected(detectors, site, sample.url or site.url, body) for _ in range(_ROUNDS)))
            parses.append(min(_parsed(body) for _ in range(_ROUNDS)))
    return {
        "pages": len(leaks),
        "leaks_median_ms": round(1000 * statistics.median(leaks), 3),
        "leaks_p90_ms": round(1000 * statistics.quantiles(leaks, n=10)[-1], 3),
        "lexbor_median_ms": round(1000 * statistics.median(parses), 3),
        "ratio_of_medians": round(statistics.median(leaks) / statistics.median(parses), 2),
    }


def _inspected(detectors: list, site: Site, url: str, body: bytes) -> float:
    page = Page(url, body, today=_TODAY)
    # Decoding and the parse belong to the page; every family of detectors shares them.
    assert page.tree is not None
    context = Context(site, _TODAY)
    started = time.process_time()
    for detector in detectors:
        for _ in detector.inspect(page, context):
            pass
    return time.process_time() - started


def _parsed(body: bytes) -> float:
    text = Page("http://www.qingshan.gov.cn/", body).html
    started = time.process_time()
    LexborHTMLParser(text)
    return time.process_time() - started


if __name__ == "__main__":
    if not available():
        sys.exit(f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS")
    print(json.dumps(measure()))
