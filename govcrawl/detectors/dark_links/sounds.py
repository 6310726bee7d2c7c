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

    def syllable(self, point: int) -> str:
        """Its first reading without the tone; "" where the character has none."""
        reading = self._readings.get(str(point), "").partition(",")[0]
        return "".join(letter for letter in unicodedata.normalize("NFD", reading) if unicodedata.category(letter) != "Mn")

    def __missing__(self, point: int) -> str:
        plain = self.syllable(point)
        self[point] = self._syllables.setdefault(plain, chr(_PRIVATE + len(self._syllables))) if plain else chr(point)
        return self[point]


@lru_cache(maxsize=1)
def _automaton() -> tuple[_Sounds, AhoCorasick, tuple[Term, ...]]:
    sounds = _Sounds()
    terms: dict[str, Term] = {}
    for term in _spoken(LEAST_SYLLABLES):
        terms.setdefault(term.word.translate(sounds), term._replace(tier="B", family=f"{term.family} (by sound)"))
    return sounds, AhoCorasick(list(terms), matchkind=MatchKind.LeftmostLongest), tuple(terms.values())


def _spoken(syllables: int) -> Iterator[Term]:
    """Words of tier A that have a sound, of so many syllables at least."""
    for term in vocabulary().terms:
        if term.tier == "A" and len(term.word) >= syllables and all("\u4e00" <= char <= "\u9fff" for char in term.word):
            yield term


def spelled(syllables: int) -> dict[str, str]:
    """Those of gambling in Latin letters, as addresses write them (`aomenxinpujing`), each with the word that it stands for."""
    sounds = _automaton()[0]
    terms = (term for term in _spoken(syllables) if term.category == "gambling")
    return {"".join(sounds.syllable(ord(char)) for char in term.word).replace("ü", "v"): term.word for term in terms}


def heard(text: str) -> Iterator[Hit]:
    """Words of tier A by their sound, as hits of tier B: a like sound alone proves nothing. The text is folded."""
    sounds, automaton, terms = _automaton()
    for index, start, end in automaton.find_matches_as_indexes(text.translate(sounds)):
        yield Hit(terms[index], start, end)
