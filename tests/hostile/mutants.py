"""Broken pages by the hundred thousand, each scanned as `govcrawl scan` does it, with all detectors.

    python -m tests.hostile.mutants [--pages 100000] [--first 0] [--processes 2]

Page N is made of the seed N alone: an original cut, nested, repeated, strewn with garbage or with its bits flipped, or pieces of HTML at
random. The originals are the labelled pages, where they lie, and the demo's. Prints the seed of each page that broke something or took
more than a second of processor time; `--first SEED --pages 1` makes it again.
"""

import argparse
import contextlib
import io
import json
import logging
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from govcrawl.cli.scan import Scan
from govcrawl.cli.sources import Source
from govcrawl.config import Config
from govcrawl.demo.web import build_web
from tests.bench.mutations import MUTATIONS
from tests.eval.corpus import available, samples
from tests.eval.dark_links import TODAY
from tests.page.test_total import PIECES

LIMIT_SECONDS = 1.0  # of the processor, which a busy machine does not add to
_AGAIN = 2
_PORTION = 250
_LONGEST = 400_000  # of an original: what is longer is cut to it first, so that a page is a page
_FLIPS = 200
_URLS = (
    "http://www.a.gov.cn/",
    "http://www.a.gov.cn/col/col1/",
    "http://www.a.gov.cn/art/2024/3/12/art_1_2.html",
    "http://a.gov.cn/f.txt",
)


@dataclass
class Tally:
    pages: int = 0
    findings: int = 0
    slow_at_first: int = 0
    slowest: tuple[float, int] = (0.0, 0)  # seconds, seed
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.pages += other.pages
        self.findings += other.findings
        self.slow_at_first += other.slow_at_first
        self.slowest = max(self.slowest, other.slowest)
        self.kinds += other.kinds
        self.faults += other.faults

    def document(self) -> dict[str, object]:
        seconds, seed = self.slowest
        return {
            "pages": self.pages,
            "faults": len(self.faults),
            "findings": self.findings,
            "slowest_seconds": round(seconds, 3),
            "slowest_seed": seed,
            "over_a_second_at_first": self.slow_at_first,
            "mutations": dict(self.kinds.most_common()),
        }


def flipped(body: bytes, dice: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(dice.randrange(1, _FLIPS) if changed else 0):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def repeated(body: bytes, dice: random.Random) -> bytes:
    return body * dice.randrange(2, 5)


def pieced(_: bytes, dice: random.Random) -> bytes:
    text = "".join(dice.choices(_pieces(), k=dice.randrange(1, 300)))
    return text.encode(dice.choice(("utf-8", "gb18030", "utf-16")), "replace")


_ALL: tuple[Callable[[bytes, random.Random], bytes], ...] = (*MUTATIONS, flipped, repeated, pieced)


@lru_cache(maxsize=1)
def _pieces() -> list[str]:
    return list(PIECES.elements)


@lru_cache(maxsize=1)
def _originals() -> list[tuple[str, bytes]]:
    web = build_web(TODAY)
    own = [(f"http://{host}{path}", bytes(answer.body)) for (host, path), answer in sorted(web.answers.items()) if answer.body]
    labelled = [(sample.url, sample.body()) for sample in samples()] if available() else []
    return [*own, *labelled]


def mutant(seed: int) -> tuple[bytes, str, str]:
    """Body, address and the names of what was done to it."""
    dice = random.Random(seed)
    url, body = dice.choice(_originals())
    body = body[:_LONGEST]
    chosen = dice.sample(_ALL, dice.randrange(1, 4))
    for mutate in chosen:
        body = mutate(body, dice)
    return body, url if dice.random() < 0.5 and "://" in url else dice.choice(_URLS), "+".join(one.__name__ for one in chosen)


class Bench:
    """One process: a scan, and what its detectors complain of."""

    def __init__(self, folder: Path) -> None:
        self._scan = Scan(Config(), TODAY)
        self._file = folder / "mutant.html"
        self._broken: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: self._broken.append(f"{record.detector} {record.fault}")  # type: ignore[attr-defined,method-assign]
        log = logging.getLogger("govcrawl.detectors.inspector")
        log.addHandler(handler)
        log.propagate = False
        self._judged(
            b"<title>warm</title><p hidden><a href='http://b.test/'>x</a>", _URLS[0]
        )  # word lists are read once a process

    def run(self, seeds: range) -> Tally:
        tally = Tally()
        for seed in seeds:
            body, url, kinds = mutant(seed)
            tally.pages += 1
            tally.kinds.update(kinds.split("+"))
            try:
                spent, found = self._judged(body, url)
                if spent > LIMIT_SECONDS:  # a shared machine stalls, a slow page stays slow
                    tally.slow_at_first += 1
                    spent = min(spent, *(self._judged(body, url)[0] for _ in range(_AGAIN)))
            except Exception as fault:  # noqa: BLE001 - whatever comes out of it is what is looked for
                tally.faults.append(f"seed {seed} ({kinds}): {type(fault).__name__}: {fault}")
                continue
            tally.findings += found
            tally.slowest = max(tally.slowest, (spent, seed))
            if spent > LIMIT_SECONDS:
                tally.faults.append(f"seed {seed} ({kinds}): {spent:.2f} s")
            tally.faults += [f"seed {seed} ({kinds}): {broken}" for broken in self._broken]
            self._broken.clear()
        return tally

    def _judged(self, body: bytes, url: str) -> tuple[float, int]:
        self._file.write_bytes(body)
        started = time.process_time()
        with contextlib.redirect_stderr(io.StringIO()):
            lines = [json.dumps(document).encode() for document in self._scan.documents(Source("mutant", self._file, url))]
        return time.process_time() - started, len(lines)


_bench: list[Bench] = []


def _portion(seeds: range) -> Tally:
    if not _bench:
        _bench.append(Bench(Path(tempfile.mkdtemp(prefix="mutants-"))))
    return _bench[0].run(seeds)


def run(first: int, pages: int, processes: int) -> Iterator[Tally]:
    """A tally for each portion of the pages, as they come."""
    portions = [range(at, min(at + _PORTION, first + pages)) for at in range(first, first + pages, _PORTION)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap_unordered(_portion, portions)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    words = parser.parse_args(arguments)
    whole = Tally()
    for tally in run(words.first, words.pages, words.processes):
        whole.add(tally)
        for fault in tally.faults:
            print(f"FAIL  {fault}", flush=True)
        print(f"{whole.pages} pages, {len(whole.faults)} faults, slowest {whole.slowest[0]:.2f} s", file=sys.stderr, flush=True)
    print(json.dumps({**whole.document(), "labelled_pages": available()}))
    return 1 if whole.faults or whole.pages < words.pages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
