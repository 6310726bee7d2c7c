"""CPU time of the dark-link family on the labelled pages and on a page with a large sheet, beside one lexbor parse of the same page."""

import json
import statistics
import sys
from operator import attrgetter

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.bench.mutations import cold, factor, warm
from tests.bench.rounds import Timed, measured, spent
from tests.eval.corpus import ROOT, available, samples
from tests.eval.dark_links import TODAY, detectors, is_page, page_of

_ROUNDS = 5
_SINGLE_ROUNDS = 25  # of the largest page and the one with the sheet, which have no others to lean on
_SHORT = 8  # every so many pages in a short run
_SHEET = "http://www.qingshan.gov.cn/site.css"


def bench(short: bool) -> dict[str, object]:
    """Milliseconds of CPU, the least of all rounds a page, as other work shares the machine; `_to_parse` is over one lexbor parse.

    `cold`: nothing about the page, its sheets and its scripts was known before; `warm`: the sheets, the scripts and the words of the links
    that leave the site were met on another page of it, as in every crawl after its first pages. What the crawl itself needs to go on is not
    counted: decoding, the one parse, and the links of the page, which are told apart (`shared_links`).
    """
    inspector = Inspector(detectors())
    warm(inspector)
    pages = [_timed(inspector, page_of(sample)) for sample in samples() if is_page(sample)] if available() else []
    timed = pages[:: _SHORT if short else 1]
    single = [_timed(inspector, page_with_sheet()), *([max(pages, key=attrgetter("size"))] if pages else [])]
    measured(timed, _ROUNDS)
    measured(single, _SINGLE_ROUNDS)
    figures = {"pages": len(timed), "machine_factor": round(factor(), 2), **_single_figures("sheet", single[0])}
    return {**figures, **_single_figures("largest", single[1]), **_page_figures(timed)} if timed else figures


def _page_figures(timed: list[Timed]) -> dict[str, object]:
    parses, links, colds, warms = ([page.least[name] for page in timed] for name in ("parse", "links", "cold", "warm"))
    return {
        "lexbor_median_ms": round(statistics.median(parses), 3),
        "shared_links_median_ms": round(statistics.median(links), 3),
        "cold_median_ms": round(statistics.median(colds), 3),
        "warm_median_ms": round(statistics.median(warms), 3),
        "cold_p95_ms": round(statistics.quantiles(colds, n=20)[-1], 2),
        "slowest_ms": round(max(colds), 2),
        "cold_to_parse": round(statistics.median(page.to_parse("cold") for page in timed), 2),
        "warm_to_parse": round(statistics.median(page.to_parse("warm") for page in timed), 2),
    }


def _single_figures(name: str, page: Timed) -> dict[str, object]:
    return {
        f"{name}_kb": round(page.size / 1000),
        f"{name}_lexbor_ms": round(page.least["parse"], 2),
        f"{name}_cold_ms": round(page.least["cold"], 2),
        f"{name}_warm_ms": round(page.least["warm"], 2),
        f"{name}_cold_to_parse": round(page.to_parse("cold"), 2),
        f"{name}_warm_to_parse": round(page.to_parse("warm"), 2),
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


def _timed(inspector: Inspector, page: Page) -> Timed:
    """The family on an unknown page, and on one whose sheets and scripts are known."""
    works = {
        "links": lambda: _linked(_anew(page)),
        "cold": lambda: _judged(inspector, cold(page)),
        "warm": lambda: _judged(inspector, _anew(page)),
    }
    return Timed(len(page.body), page.html, works)


def _linked(page: Page) -> float:
    assert page.tree is not None
    return spent(lambda: page.links)


def _judged(inspector: Inspector, page: Page) -> float:
    assert page.tree is not None
    assert page.links is not None
    return spent(lambda: inspector.inspect(page, Context(Site("bench", page.url), TODAY)))


def _anew(page: Page) -> Page:
    return Page(page.url, page.body, today=page.today, sheets=page.sheets)


if __name__ == "__main__":
    if not available():
        sys.exit(f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS")
    print(json.dumps(bench(short="--short" in sys.argv)))
