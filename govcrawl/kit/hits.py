"""Where any of many texts begin in bytes, found portion by portion."""

from collections.abc import Iterator, Sequence

from ahocorasick_rs import BytesAhoCorasick

# What is made of nothing but such texts has a million of them: as many as stand in a portion are held at once.
_PORTION = 256 * 1024

Hit = tuple[int, int, int]  # which text, where it begins and ends


def hits_of(automaton: BytesAhoCorasick, source: bytes, longest: int) -> Iterator[Sequence[Hit]]:
    """In order, those that begin in one portion after the other; no text is longer than `longest`. The last of a portion may reach over the
    first of the next.
    """
    if len(source) <= _PORTION:
        yield automaton.find_matches_as_indexes(source)
        return
    for first in range(0, len(source), _PORTION):
        hits = automaton.find_matches_as_indexes(source[first : first + _PORTION + longest - 1])
        yield [(text, first + start, first + end) for text, start, end in hits if start < _PORTION]
