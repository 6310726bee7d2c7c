"""Broken pages: labelled pages cut, nested, doubled and strewn with garbage, each judged by the whole dark-link family.

    python -m tests.bench.mutations [--pages 10000]

Prints how many pages broke a detector or took too long, and the slowest. The limit is 250 ms of CPU on the machine of the design notes; it is
scaled by how long this machine takes for one lexbor parse of the reference page (1.0 ms there for 147 KB of table rows, detection 5.2).
"""

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser

from govcrawl.detectors.base import Context
from govcrawl.detectors.dark_links import blocks, folding, search_gate
from govcrawl.detectors.inspector import Inspection, Inspector
from govcrawl.kit import urls
from govcrawl.page import asides, cascade, elements, hiding, reach, scene, scripts, selectors
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.eval.corpus import ROOT, available, samples
from tests.eval.dark_links import TODAY, detectors, is_page, page_of

LIMIT_MS = 250.0
_WARM = "<title>首页</title><p hidden><a href='http://b.test/'>百佳乐</a></p>"
REFERENCE_MS = 1.0
_AGAIN = 4
_ROW = '<tr><td><a href="/art/2024/%d.html">关于做好%d年工作的通知</a></td><td>2024-05-%02d</td><td>信息公开</td></tr>'
_GARBAGE = (
    b"\x00\xff\xfe", b"<!--", b"-->", b"<script>", b"</script>", b"<style>", b"</style>", b"{", b"}", b"{{{{", b"\\x", b"'\"`", b"<![CDATA[", b"<textarea>",
    b"<div style='", b"<a href='http://", b"eval(function(p,a,c,k,e,d){", b"document.write('", b"unescape('%3C", b"&#x", b"&#", b"@media(", b"/*", b"*/", b"<base href=//[>",
    b"<marquee>", b"<table>", b"<select><option value=http://a.test/>", b"<svg><a>", b"<template>", b"\xb0\xd9\xbc\xd2\xc0\xd6", "百家乐".encode(), b"=" * 300, b"((((((((((((((((",
)  # fmt: skip


def factor() -> float:
    """How many times slower than the reference machine this one is now."""
    table = "<table>" + "".join(_ROW % (number, number, number % 28 + 1) for number in range(800)) + "</table>"
    return max(1.0, statistics.median(_parsed(table) for _ in range(9)) * 1000 / REFERENCE_MS * 147_000 / len(table.encode()))


def _parsed(text: str) -> float:
    started = time.process_time()
    LexborHTMLParser(text)
    return time.process_time() - started


def cut(body: bytes, dice: random.Random) -> bytes:
    first, second = sorted(dice.randrange(len(body) + 1) for _ in range(2))
    return body[:second] if dice.random() < 0.5 else body[first:]


def nested(body: bytes, dice: random.Random) -> bytes:
    tag = dice.choice((b"div style='display:none'", b"table", b"ul", b"font", b"b", b"noscript"))
    at = dice.randrange(len(body) + 1)
    return body[:at] + (b"<" + tag + b">") * dice.randrange(1, 1500) + body[at:]


def doubled(body: bytes, dice: random.Random) -> bytes:
    first, second = sorted(dice.randrange(len(body) + 1) for _ in range(2))
    piece = body[first:second][:20_000]
    return body[:second] + piece * dice.randrange(1, 6) + body[second:]


def strewn(body: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randrange(1, 30)):
        at = dice.randrange(len(body) + 1)
        body = body[:at] + dice.choice(_GARBAGE) + body[at:]
    return body


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, nested, doubled, strewn)


def mutants(count: int, seed: int = 5) -> Iterator[tuple[str, Page]]:
    dice = random.Random(seed)
    originals = [sample for sample in samples() if is_page(sample)]
    for number in range(count):
        sample = originals[number % len(originals)] if number < len(originals) else dice.choice(originals)
        body = sample.body()
        chosen = dice.sample(MUTATIONS, dice.randrange(1, 3))
        for mutate in chosen:
            body = mutate(body, dice)
        name = f"{sample.path} #{number} {'+'.join(mutate.__name__ for mutate in chosen)}"
        yield name, Page(page_of(sample).url, body, today=TODAY)


def _judged(inspector: Inspector, page: Page) -> tuple[float, Inspection]:
    started = time.process_time()
    inspection = inspector.inspect(page, Context(Site("bench", page.url), TODAY))
    return 1000 * (time.process_time() - started), inspection


def cold(page: Page) -> Page:
    """The page as if nobody had read it or its sheets and scripts before."""
    sheets = (cascade.sheet_of, cascade.short_block, reach.reach_of, hiding.declarations, hiding.inline)
    texts = (scripts.unfold, scripts.relevant, folding.fold_short, blocks._said, search_gate._engines)
    names = (selectors.compile_selector, elements._selector_names, elements._class_names)
    for cache in (*sheets, *texts, *names, asides._tag, scene._absolute, urls.host_of, urls.registrable):
        cache.cache_clear()
    return Page(page.url, page.body, today=page.today, sheets=page.sheets)


def warm(inspector: Inspector) -> None:
    """Word lists and the table of sounds are read once a process; that is no page's cost."""
    inspector.inspect(Page("http://www.a.gov.cn/", _WARM.encode()), Context(Site("bench", "http://www.a.gov.cn/"), TODAY))


def run(count: int) -> dict[str, object]:
    """Pages, faults and the slowest; `limit_ms` is what the limit comes to on this machine. A page that takes half of the limit as it was set
    is judged again, and counts by its best; `too_slow_at_first` counts all that were over it at first.
    """
    inspector = Inspector(detectors())
    warm(inspector)
    scale = factor()
    times: list[tuple[float, str]] = []
    faults: list[str] = []
    limit, slow_at_first = LIMIT_MS * scale, 0
    for name, page in mutants(count):
        spent, inspection = _judged(inspector, page)
        slow_at_first += spent > limit
        if spent > LIMIT_MS / 2:  # a shared machine stalls, a slow page stays slow
            spent = min(spent, *(_judged(inspector, cold(page))[0] for _ in range(_AGAIN)))
        times.append((spent, name))
        faults += [f"{name}: {detector}: {fault}" for detector, fault in inspection.failed.items()]
    times.sort(reverse=True)
    return {
        "pages": count,
        "faults": len(faults),
        "too_slow": sum(spent > limit for spent, _name in times),
        "too_slow_at_first": slow_at_first,
        "machine_factor": round(scale, 2),
        "limit_ms": round(limit),
        "median_ms": round(statistics.median(spent for spent, _name in times), 2),
        "slowest_ms": round(times[0][0], 1),
        "slowest": [f"{spent:.0f} ms {name}" for spent, name in times[:10]],
        "faulty": faults[:5],
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mutations", description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=10_000)
    options = parser.parse_args(arguments)
    if not available():
        sys.exit(f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS")
    found = run(options.pages)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 1 if found["faults"] or found["too_slow"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
