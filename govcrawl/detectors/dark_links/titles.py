"""Points of a title or a description: how much it advertises what the page cannot be about."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.folding import fold_short, original
from govcrawl.detectors.dark_links.vocabulary import WEAK, Hit, surroundings, vocabulary

MAX_CHARS = 600
_SPLIT = re.compile(r"[\s_\-|,，、/>»·;；:：()（）【】\[\]<>《》.。!！?？]+")
MAX_WEAK = 3


class Pitch(NamedTuple):
    """`points` against the threshold of the scoring data, `words` as written, and what gave the points."""

    points: float
    words: tuple[str, ...]
    reasons: tuple[str, ...]
    families: tuple[str, ...]
    subject: str


NO_PITCH = Pitch(0, (), (), (), "")


def may_pitch(texts: Iterable[str]) -> bool:
    """Whether any of the texts may sell something: all of them looked over at once, as most pages have none that does."""
    return vocabulary().may_sell("\n".join(fold_short(text[:MAX_CHARS]) for text in texts))


def pitch(text: str, place: str = "title", page_words: Callable[[], str] = str) -> Pitch:
    """What a title (or meta text) sells; a warning about the same thing sells nothing.

    `page_words` gives the folded words of the page's own links, asked only where the title alone is not clear.
    """
    text = text[:MAX_CHARS]
    folded = fold_short(text)
    hits = [hit for hit in vocabulary().scan(folded, place) if not surroundings().excused(folded, hit)]
    if not any(hit.term.tier not in WEAK for hit in hits):
        return NO_PITCH
    if all(hit.term.tier != "A" for hit in hits) and surroundings().of_lottery(f"{folded} {page_words()}"):
        hits = [hit for hit in hits if hit.term.category != "gambling"]
    points = list(_points(hits, folded, place))
    strong = [hit for hit in hits if hit.term.tier in ("A", "B", "M")]
    return Pitch(
        sum(value for _name, value in points),
        tuple(dict.fromkeys(original(text, hit.start, hit.end) for hit in strong)),
        tuple(f"{name} +{value:g}" for name, value in points),
        tuple(dict.fromkeys(hit.term.family for hit in strong)),
        " ".join(sorted({hit.term.word for hit in strong})),
    )


def _points(hits: list[Hit], folded: str, place: str) -> Iterator[tuple[str, float]]:
    values = weights()["title"]
    for tier in ("A", "B", "M"):
        for word in _apart([hit for hit in hits if hit.term.tier == tier]):
            yield f"{word} ({tier})", values[tier]
    weak = min(len({hit.term.word for hit in hits if hit.term.tier == "C"}), MAX_WEAK)
    if weak:
        yield f"{weak} words of a pitch", weak * values["C"]
    if place == "title" and _says_twice(folded):
        yield "says its key phrase twice", values["repeated"]


def _apart(hits: list[Hit]) -> list[str]:
    """Distinct words; of those that overlap only the longest counts."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return list(dict.fromkeys(hit.term.word for hit in sorted(kept)))


def _says_twice(folded: str) -> bool:
    """Doorway titles repeat the phrase they want to be found for: `X_X_百度`."""
    parts = Counter(part for part in _SPLIT.split(folded) if len(part) >= 4)
    return bool(parts) and max(parts.values()) >= 2
