"""CPU time of a page's judgement beside one lexbor parse of the same page, on a machine that others use too.

A neighbour slows Python more than the parser, for seconds at a time. So parse and judgement take turns, each page gives the least of its
rounds, and the rounds of all pages are far apart in time: whoever was disturbed once is asked again when the others have been.
"""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

Work = Callable[[], float]  # seconds of CPU; what it needs is prepared outside of them


@dataclass(slots=True)
class Timed:
    """The least milliseconds of each kind of work, the parse among them as `parse`."""

    size: int
    html: str
    works: Mapping[str, Work]
    least: dict[str, float] = field(default_factory=dict)

    def round(self) -> None:
        self._note("parse", spent(lambda: LexborHTMLParser(self.html)))
        for name, work in self.works.items():
            self._note(name, work())
        self._note("parse", spent(lambda: LexborHTMLParser(self.html)))

    def _note(self, name: str, seconds: float) -> None:
        self.least[name] = min(self.least.get(name, float("inf")), 1000 * seconds)

    def to_parse(self, name: str) -> float:
        return self.least[name] / self.least["parse"]


def measured(pages: Sequence[Timed], rounds: int) -> None:
    """`rounds` times around all pages."""
    settled()
    for _ in range(rounds):
        for page in pages:
            page.round()


def settled() -> None:
    """As a worker is once it is warm: the collector does not walk over word lists and rules again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def spent(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
