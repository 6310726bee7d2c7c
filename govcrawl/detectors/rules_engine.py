"""The search for all rules at once: one automaton over every keyword, then linear-time patterns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from ahocorasick_rs import BytesAhoCorasick, Implementation

from govcrawl.detectors.rules import (
    Allowlist,
    Hit,
    Pattern,
    Piece,
    Require,
    Rule,
    Validator,
    answers,
    anywhere,
    holds,
    secret_of,
)

# One place is enough to act on; the rest of a page full of the same is counted by nobody.
_HITS_PER_RULE = 20
# With more keywords than that, or in a text of fewer bytes for each of their places, one pass over all of it is the cheaper one.
_FEW = 30
_SPAN_BYTES = 8_000
# What ends a block of a source text: the same script, paragraph, row or stanza.
_BLOCK_ENDS = (b"</script", b"</p>", b"</div>", b"</tr>", b"</table", b"\n\n", b"\r\n\r\n")
_BLOCK_REACH = 4000
_PORTION_BYTES = 256 * 1024


# Number of a rule -> where its keywords begin in a text.
Candidates = Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules of one or many files behind one keyword filter; immutable and shared by all pages."""

    rules: tuple[Rule, ...]
    allowlists: tuple[Allowlist, ...] = ()
    validators: Mapping[str, Validator] = field(default_factory=dict)
    words: Sequence[tuple[bytes, frozenset[int]]] = ()
    always: frozenset[int] = frozenset()
    automaton: BytesAhoCorasick | None = None
    longest: int = 0  # keyword, in bytes

    @classmethod
    def of(
        cls,
        rules: Iterable[Rule],
        allowlists: Iterable[Allowlist] = (),
        validators: Mapping[str, Validator] | None = None,
        disabled: Iterable[str] = (),
    ) -> "RuleSet":
        """Raises ValueError where two rules share an id."""
        off = set(disabled)
        kept = tuple(rule for rule in rules if rule.id not in off)
        if len({rule.id for rule in kept}) != len(kept):
            doubles = {rule.id for rule in kept if sum(other.id == rule.id for other in kept) > 1}
            raise ValueError(f"rule ids used twice: {', '.join(sorted(doubles))}; ids are never reused")
        index: dict[bytes, set[int]] = {}
        for number, rule in enumerate(kept):
            for word in rule.keywords:
                index.setdefault(word.lower(), set()).add(number)
        words = tuple((word, frozenset(numbers)) for word, numbers in index.items())
        automaton = BytesAhoCorasick([word for word, _ in words], implementation=Implementation.DFA) if words else None
        always = frozenset(number for number, rule in enumerate(kept) if not rule.keywords)
        longest = max((len(word) for word, _ in words), default=0)
        return cls(kept, tuple(allowlists), validators or {}, words, always, automaton, longest)

    def candidates(self, data: bytes) -> Candidates:
        """Numbers of the rules that have a keyword in the text, or none to ask for, in the order of the file; and where the keywords begin."""
        found: dict[int, list[int]] = {number: [] for number in self.always}
        if self.automaton is not None:
            # In portions: it lists every match, and a hostile text is nothing but words.
            for first in range(0, len(data), _PORTION_BYTES):
                portion = data[first : first + _PORTION_BYTES + self.longest].lower()
                for word, start, _end in self.automaton.find_matches_as_indexes(portion, overlapping=True):
                    for number in self.words[word][1]:
                        places = found.setdefault(number, [])
                        if len(places) <= _FEW:
                            places.append(first + start)
        return dict(sorted(found.items()))

    def scan(self, pieces: Iterable[Piece], status: int = 200, headers: str = "") -> list[Hit]:
        """Every match that satisfies its rule, at most 20 a rule and piece."""
        return self.judge([(piece, self.candidates(piece.data)) for piece in pieces], status, headers)

    def judge(self, called: Iterable[tuple[Piece, Candidates]], status: int = 200, headers: str = "") -> list[Hit]:
        """As `scan`, where the candidates of each piece are known already."""
        hits: list[Hit] = []
        for piece, candidates in called:
            for number, places in candidates.items():
                rule = self.rules[number]
                if piece.target in rule.targets and answers(rule, piece, status, headers):
                    hits += self._matches(rule, piece, places)
        return [hit for hit in hits if self._accompanied(hit, hits)]

    def _matches(self, rule: Rule, piece: Piece, places: Sequence[int]) -> Iterator[Hit]:
        if not all(pattern.search(piece.data) for pattern in rule.also) or anywhere(rule.never, piece.data):
            return
        if rule.pattern is None:
            yield Hit(rule, piece, 0, 0, 0, piece.path.encode() or b"-")
            return
        for match in islice(_matches_of(rule, piece.data, places), _HITS_PER_RULE):
            start, secret = secret_of(rule, match)
            hit = Hit(rule, piece, match.start(), match.end(), start, secret)
            if holds(rule, hit, self.validators) and not self._allowed(hit):
                yield hit

    def _allowed(self, hit: Hit) -> bool:
        return any(allowlist.allows(hit) for allowlist in (*hit.rule.allowlists, *self.allowlists))

    @staticmethod
    def _accompanied(hit: Hit, hits: Sequence[Hit]) -> bool:
        return all(_near(hit, require, hits) for require in hit.rule.requires)


def _matches_of(rule: Rule, data: bytes, places: Sequence[int]) -> Iterator[Any]:
    """The matches of the pattern, in order. One that keeps near its keywords is looked for only there: most pages are large, and say a
    keyword once or twice.
    """
    spans = _spans(places, rule.near, len(data)) if rule.near and 0 < len(places) <= _FEW else []
    if not 0 < len(spans) * _SPAN_BYTES < len(data):
        yield from rule.pattern.finditer(data)
        return
    for first, last in spans:
        # What stands around a span still decides about its borders: neither ^ nor $ matches there.
        yield from rule.pattern.finditer(data, first, last)


def _spans(places: Sequence[int], near: int, size: int) -> list[tuple[int, int]]:
    """Around the places, joined where they overlap."""
    found: list[tuple[int, int]] = []
    for place in sorted(places):
        first, last = max(0, place - near), min(size, place + near)
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _near(hit: Hit, require: Require, hits: Sequence[Hit]) -> bool:
    first, last = _reach(hit, require.within)
    around = hit.piece.data[first:last]
    return _matched(require.patterns, around) or any(
        other.rule.id in require.rules and other.piece is hit.piece and first <= other.start < last for other in hits
    )


def _matched(patterns: Sequence[Pattern], data: bytes) -> bool:
    return bool(patterns) and anywhere(patterns, data)


def _reach(hit: Hit, within: int) -> tuple[int, int]:
    """The bytes that count as near."""
    data = hit.piece.data
    if within < 0:
        return 0, len(data)
    if within:
        return max(0, hit.start - within), hit.end + within
    floor, roof = max(0, hit.start - _BLOCK_REACH), hit.end + _BLOCK_REACH
    first = max((data.rfind(mark, floor, hit.start) for mark in _BLOCK_ENDS), default=-1)
    lasts = [at for mark in _BLOCK_ENDS if (at := data.find(mark, hit.end, roof)) >= 0]
    return max(first, floor), min(lasts, default=roof)
