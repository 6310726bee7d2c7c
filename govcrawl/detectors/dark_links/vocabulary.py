"""The reviewed words and wordings of injected spam, and where a text has them."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from govcrawl.detectors.dark_links.folding import fold

TIERS = ("A", "B", "C", "M")
WEAK = frozenset(("C",))  # say nothing without a word of another tier
_WINDOW = 40  # characters in which a word of context speaks for its neighbours (detection: 1.3)


class Term(NamedTuple):
    """`tier`: A fires alone, B needs company, C only counts beside others, M a title that poses as a search engine's page."""

    word: str
    tier: str
    family: str
    category: str


class Hit(NamedTuple):
    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pattern:
    term: Term
    regex: re.Pattern[str]
    fields: frozenset[str]
    keywords: tuple[str, ...]
    flagged: tuple[str, ...]
    clean: tuple[str, ...]


def data(name: str) -> dict[str, Any]:
    """One of the TOML files beside this module."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


class Vocabulary:
    """All words in one automaton. Texts are expected folded. A spam word within one of the `innocent` words is none."""

    def __init__(
        self, families: Iterable[dict[str, Any]], patterns: Iterable[dict[str, Any]], innocent: Iterable[str] = ()
    ) -> None:
        terms: dict[str, Term] = {}
        for family in families:
            for word in family["words"]:
                folded = fold(word)
                kept = terms.get(folded)
                if kept is None or family["tier"] < kept.tier:
                    terms[folded] = Term(folded, family["tier"], family["id"], family["category"])
        self.terms = tuple(terms.values())
        self.patterns = tuple(_pattern(entry) for entry in patterns)
        words = [*(term.word for term in self.terms), *map(fold, innocent)]
        self._automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
        self._keywords = {place: _Keywords(self.patterns, place) for place in ("title", "meta", "anchor")}
        # Of all places together, and the words that are not weak.
        telling = [term.word for term in self.terms if term.tier not in WEAK]
        self._telling = AhoCorasick([*telling, *{word for pattern in self.patterns for word in pattern.keywords}])

    def words(self, text: str) -> Iterator[Hit]:
        terms = self.terms
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            if index < len(terms) and _whole(text, start, end):
                yield Hit(terms[index], start, end)

    def wordings(self, text: str, place: str) -> Iterator[Hit]:
        """Line by line, because a wording needs one of its keywords and most lines have none."""
        for pattern, lines in self._keywords[place].lines(text):
            for start, end in lines:
                for match in pattern.regex.finditer(text, start, end):
                    yield Hit(pattern.term._replace(word=match[0]), match.start(), match.end())

    def may_sell(self, text: str) -> bool:
        """False where no scan of any line of the text can give more than weak words."""
        return bool(self._telling.find_matches_as_indexes(text))

    def scan(self, text: str, place: str) -> list[Hit]:
        return [*self.words(text), *self.wordings(text, place)]


class _Keywords:
    """The keywords of all patterns for one place, looked for at once."""

    def __init__(self, patterns: Sequence[Pattern], place: str) -> None:
        self._patterns = [pattern for pattern in patterns if place in pattern.fields]
        words = list(dict.fromkeys(word for pattern in self._patterns for word in pattern.keywords))
        self._owners = [[at for at, pattern in enumerate(self._patterns) if word in pattern.keywords] for word in words]
        self._automaton = AhoCorasick(words)

    def lines(self, text: str) -> Iterator[tuple[Pattern, set[tuple[int, int]]]]:
        """The patterns that have a keyword in the text, in their order, each with the lines that it stands in."""
        found: dict[int, set[tuple[int, int]]] = {}
        for index, start, last in self._automaton.find_matches_as_indexes(text, overlapping=True):
            end = text.find("\n", last)
            line = (text.rfind("\n", 0, start) + 1, len(text) if end < 0 else end)
            for owner in self._owners[index]:
                found.setdefault(owner, set()).add(line)
        return ((self._patterns[at], lines) for at, lines in sorted(found.items()))


def _whole(text: str, start: int, end: int) -> bool:
    """Latin words must not be a part of a longer one: `bet` is not in `alphabet`."""
    first, last = text[start], text[end - 1]
    if first.isascii() and first.isalpha() and start and text[start - 1].isascii() and text[start - 1].isalpha():
        return False
    return not (last.isascii() and last.isalpha() and end < len(text) and text[end].isascii() and text[end].isalpha())


def _pattern(entry: dict[str, Any]) -> Pattern:
    term = Term("", entry["tier"], entry["id"], entry["category"])
    return Pattern(
        term,
        re.compile(entry["regex"]),
        frozenset(entry["on"]),
        tuple(entry["keywords"]),
        tuple(entry["flagged"]),
        tuple(entry["clean"]),
    )


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    families, patterns = data("vocabulary.toml")["families"], data("patterns.toml")["patterns"]
    return Vocabulary(families, patterns, data("context.toml")["innocent"])


class Surroundings:
    """Words that excuse spam words near them."""

    def __init__(self, context: dict[str, Any]) -> None:
        self._excuses = _alternatives([*context["warnings"], *context["offices"], *context["places"]])
        self._warnings = _alternatives(context["warnings"])
        self._pitch = _alternatives(context["pitch"])
        self._lotteries = _alternatives(context["lotteries"])
        self._bare_places = frozenset(map(fold, context["bare_places"]))

    def excused(self, text: str, hit: Hit) -> bool:
        """Tier B and C by any word of context; tier A only by a warning in which nobody advertises."""
        near = text[max(0, hit.start - _WINDOW) : hit.end + _WINDOW]
        if hit.term.tier in ("A", "M"):
            return self._warnings.search(near) is not None and self._pitch.search(near) is None
        return self._excuses.search(near) is not None

    def bare_place(self, text: str) -> bool:
        """Whether a folded text is a place's name and nothing else."""
        return text.strip(" ·-|[]<>") in self._bare_places

    def of_lottery(self, text: str) -> bool:
        """Whether a folded text is about the lotteries that the state runs."""
        return len({match[0] for match in self._lotteries.finditer(text)}) >= 3


def _alternatives(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted((re.escape(fold(word)) for word in words), key=len, reverse=True)))


@lru_cache(maxsize=1)
def surroundings() -> Surroundings:
    return Surroundings(data("context.toml"))
