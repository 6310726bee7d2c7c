"""CPU time of the dark-link family on the labelled pages and on a page with a large sheet, beside one lexbor parse of the same page."""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.bench.mutations import cold, factor, warm
from tests.eval.corpus import ROOT, available, samples
from tests.eval.dark_links import TODAY, detectors, is_page, page_of

_ROUNDS = 3
_SHORT = 8  # every so many pages in a short run
_SHEET = "http://www.qingshan.gov.cn/site.css"


def bench(short: bool) -> dict[str, object]:
    """Milliseconds of CPU, the best of three rounds a page, as other work shares the machine.

    `cold`: nothing about the page, its sheets and its scripts was known before; `warm`: the sheets and scripts were met on another
    page of the site, as in every crawl after its first pages. What all families share (decoding and the one parse) is not counted.
    """
    inspector = Inspector(detectors())
    warm(inspector)
    # As a worker does once it is warm: the collector does not walk over word lists and rules again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    chosen = [sample for sample in samples() if is_page(sample)] if available() else []
    timed = [_timed(inspector, page_of(sample)) for sample in chosen[:: _SHORT if short else 1]]
    sheet = _timed(inspector, page_with_sheet())
    figures = {"pages": len(timed), "machine_factor": round(factor(), 2), **_sheet_figures(sheet)}
    return {**figures, **_page_figures(timed)} if timed else figures


def _page_figures(timed: list[tuple[int, float, float, float]]) -> dict[str, object]:
    parses, colds, warms = ([entry[at] for entry in timed] for at in (1, 2, 3))
    size, parse, largest, _warm = max(timed)
    return {
        "lexbor_median_ms": round(statistics.median(parses), 3),
        "cold_median_ms": round(statistics.median(colds), 3),
        "warm_median_ms": round(statistics.median(warms), 3),
        "cold_p95_ms": round(statistics.quantiles(colds, n=20)[-1], 2),
        "slowest_ms": round(max(colds), 2),
        "largest_kb": round(size / 1000),
        "largest_ms": round(largest, 2),
        "cold_to_parse": round(statistics.median(colds) / statistics.median(parses), 2),
        "warm_to_parse": round(statistics.median(warms) / statistics.median(parses), 2),
        "largest_to_parse": round(largest / parse, 2),
    }


def _sheet_figures(sheet: tuple[int, float, float, float]) -> dict[str, object]:
    size, parse, first, again = sheet
    return {
        "sheet_page_kb": round(size / 1000),
        "sheet_lexbor_ms": round(parse, 2),
        "sheet_cold_ms": round(first, 2),
        "sheet_warm_ms": round(again, 2),
        "sheet_cold_to_parse": round(first / parse, 2),
    }


def page_with_sheet() -> Page:
    """200 KB with 800 links, half of them to other sites, and a sheet of 1,500 rules of which a tenth hide something."""
    rules = "".join(
        f".box{n} .item{n % 40}, #part{n} > li a {{color:#{n % 1000:03};margin:{n % 9}px;{'display:none;' if n % 10 == 0 else 'width:90px;'}}}"
        f".menu{n}:hover ul{{display:block}}\n"
        for n in range(750)
    )
    rows = "".join(
        f'<li class="row item{n % 40} c{n % 7}"><div class="box{n % 700}"><a class="t{n % 13}" href="{_href(n)}">关于做好第{n}项工作的通知</a>'
        f'<span class="date">2025-11-{n % 28 + 1:02}</span><p style="color:#333">各乡镇人民政府，县直各单位：现将有关事项通知如下，请认真贯彻执行。</p></div></li>\n'
        for n in range(800)
    )
    html = f'<html><head><title>青山县人民政府</title><link rel="stylesheet" href="{_SHEET}"></head><body><ul>{rows}</ul></body></html>'
    return Page("http://www.qingshan.gov.cn/", html.encode(), today=TODAY, sheets={_SHEET: rules})


def _href(number: int) -> str:
    return f"http://w{number % 60}.partner{number % 60}.com/a/{number}" if number % 2 else f"/art/2025/{number}.html"


def _timed(inspector: Inspector, page: Page) -> tuple[int, float, float, float]:
    """Bytes; then milliseconds of a parse, of the family on an unknown page and on one whose sheets and scripts are known."""
    html = page.html
    parse = min(_spent(lambda: LexborHTMLParser(html)) for _ in range(_ROUNDS))
    return len(page.body), parse, _judged(inspector, page, cold), _judged(inspector, page, _anew)


def _judged(inspector: Inspector, page: Page, fresh: Callable[[Page], Page]) -> float:
    def once() -> float:
        other = fresh(page)
        assert other.tree is not None
        return _spent(lambda: inspector.inspect(other, Context(Site("bench", other.url), TODAY)))

    return min(once() for _ in range(_ROUNDS))


def _anew(page: Page) -> Page:
    return Page(page.url, page.body, today=page.today, sheets=page.sheets)


def _spent(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return 1000 * (time.process_time() - started)


if __name__ == "__main__":
    if not available():
        sys.exit(f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS")
    print(json.dumps(bench(short="--short" in sys.argv)))
