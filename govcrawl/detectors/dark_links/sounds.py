"""Spam words written with other characters of the same sound: 百佳乐 for 百家乐."""

import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

from ahocorasick_rs import AhoCorasick, MatchKind

from govcrawl.detectors.dark_links.vocabulary import Hit, Term, vocabulary

LEAST_SYLLABLES = 3  # two syllables have too many honest writings
# Read without the package, which takes a second to load its tables of phrases; nothing here asks for them.
_TABLE = Path(str(distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json")))
_PRIVATE = 0xE000  # one private character a syllable, so that offsets stay those of the text


class _Sounds(dict[int, str]):
    """What a character sounds like, without its tone, as one private character; filled as characters are met."""

    def __init__(self) -> None:
        super().__init__()
        self._readings: dict[str, str] = json.loads(_TABLE.read_text("utf-8"))
        self._syllables: dict[str, str] = {}

    def __missing__(self, point: int) -> str:
        reading = self._readings.get(str(point), "").partition(",")[0]
        plain = "".join(letter for letter in unicodedata.normalize("NFD", reading) if unicodedata.category(letter) != "Mn")
        self[point] = self._syllables.setdefault(plain, chr(_PRIVATE + len(self._syllables))) if plain else chr(point)
        return self[point]


@lru_cache(maxsize=1)
def _automaton() -> tuple[_Sounds, AhoCorasick, tuple[Term, ...]]:
    sounds = _Sounds()
    terms: dict[str, Term] = {}
    for term in vocabulary().terms:
        if term.tier == "A" and len(term.word) >= LEAST_SYLLABLES and all("\u4e00" <= char <= "\u9fff" for char in term.word):
            terms.setdefault(term.word.translate(sounds), term._replace(tier="B", family=f"{term.family} (by sound)"))
    return sounds, AhoCorasick(list(terms), matchkind=MatchKind.LeftmostLongest), tuple(terms.values())


def heard(text: str) -> Iterator[Hit]:
    """Words of tier A by their sound, as hits of tier B: a like sound alone proves nothing. The text is folded."""
    sounds, automaton, terms = _automaton()
    for index, start, end in automaton.find_matches_as_indexes(text.translate(sounds)):
        yield Hit(terms[index], start, end)
