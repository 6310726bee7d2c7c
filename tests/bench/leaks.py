"""CPU time of all leak detectors on the labelled pages, beside one lexbor parse of the same page: `python -m tests.bench.leaks`."""

import json
import statistics
import sys
from collections.abc import Iterator
from datetime import date

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.bench.rounds import Timed, measured, spent
from tests.eval.corpus import ROOT, available, samples

_ROUNDS = 3
_SHORT = 5  # of so many pages one, in the short form
_TODAY = date(2017, 4, 1)
_SITE = Site(id="bench", url="http://www.qingshan.gov.cn/")
_PROSE = "<p>青山县人民政府认真落实各项工作部署，持续推进政务公开，现将有关情况通知如下。</p>"


def bench(short: bool) -> dict[str, object]:
    """Milliseconds on the median page and on the 90th percentile; the best of three rounds a page, as other work shares the machine.

    Without the labelled pages, made-up ones of 2 to 60 kB.
    """
    inspector = Inspector().of("leaks/")
    found = list(_labelled() if available() else _made_up())[:: _SHORT if short else 1]
    pages = [_timed(inspector, url, body) for url, body in found]
    measured(pages, _ROUNDS)
    leaks, parses = ([page.least[name] for page in pages] for name in ("leaks", "parse"))
    return {
        "pages": len(pages),
        "labelled": available(),
        "median_ms": round(statistics.median(leaks), 3),
        "p90_ms": round(statistics.quantiles(leaks, n=10)[-1], 3),
        "lexbor_median_ms": round(statistics.median(parses), 3),
        "ratio_to_parse": round(statistics.median(page.to_parse("leaks") for page in pages), 2),
    }


def _labelled() -> Iterator[tuple[str, bytes]]:
    for sample in samples():
        if sample.path.endswith((".html", ".htm")) and sample.file.is_file():
            yield sample.url or _SITE.url, sample.body()


def _made_up() -> Iterator[tuple[str, bytes]]:
    for number in range(60):
        links = "".join(
            f'<li><a href="/item/{number}{n}.html">通知 {n}</a><span>2017-03-{n % 28 + 1:02}</span></li>' for n in range(20)
        )
        body = f"<html><head><title>青山县 {number}</title></head><body><ul>{links}</ul>{_PROSE * 8 * (number + 1)}</body></html>"
        yield f"{_SITE.url}{number}.html", body.encode()


def _timed(inspector: Inspector, url: str, body: bytes) -> Timed:
    return Timed(len(body), Page(url, body).html, {"leaks": lambda: _inspected(inspector, Page(url, body, today=_TODAY))})


def _inspected(inspector: Inspector, page: Page) -> float:
    # Decoding and the parse belong to the page; every family of detectors shares them.
    assert page.tree is not None
    context = Context(_SITE, _TODAY)
    return spent(lambda: inspector.inspect(page, context))


if __name__ == "__main__":
    if not available():
        print(f"no labelled pages at {ROOT}; made-up ones are measured", file=sys.stderr)
    print(json.dumps(bench(short=False)))
