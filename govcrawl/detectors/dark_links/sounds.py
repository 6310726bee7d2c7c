"""Spam words written with other characters of the same sound: 百佳乐 for 百家乐."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from govcrawl.detectors.dark_links.vocabulary import Hit, Term, vocabulary

LEAST_SYLLABLES = 3  # two syllables have too many honest writings
_PRIVATE = 0xE000  # one private character a syllable, so that offsets stay those of the text


class _Sounds(dict[int, str]):
    """What a character sounds like, without its tone, as one private character; filled as characters are met."""

    def __init__(self) -> None:
        # Not at the top: its phrase tables take longer to load than a page to judge, and most runs meet no hidden link.
        from pypinyin import pinyin_dict  # noqa: PLC0415 - see above

        super().__init__()
        self._readings: dict[int, str] = pinyin_dict.pinyin_dict
        self._syllables: dict[str, str] = {}

    def __missing__(self, point: int) -> str:
        reading = self._readings.get(point, "").partition(",")[0]
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
