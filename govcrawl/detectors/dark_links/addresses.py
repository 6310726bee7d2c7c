"""What the words of an address advertise."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from urllib.parse import unquote

from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.sounds import spelled
from govcrawl.detectors.dark_links.titles import pitch
from govcrawl.detectors.dark_links.vocabulary import vocabulary
from govcrawl.kit.urls import bare_host, host_of

_LEAST_SYLLABLES = 4  # three are a name as often as a brand
_LEAST_LETTERS = 4
_LONGEST = 63  # of a label, as DNS has them
_BETWEEN = re.compile(r"[\W_]+")
# What sellers put around a brand in the name of a host.
_BEFORE = re.compile(r"^(?:www|wap|m|h5|my|the)")
_BEHIND = re.compile(r"(?:sports?|tiyu|app|vip|games?|casino|club|online|live|guanwang|xiazai|win|bet|\d)$")


def advertised(url: str) -> tuple[str, ...]:
    """The words for which an address is spam by itself; () where it says nothing. What stands in the query is not read."""
    labels, path = _labels(url), _path_words(url)
    brands = tuple(dict.fromkeys(brand for word in (*labels, *path) for brand in _brands(word)))
    branded = tuple(dict.fromkeys(brand for word in labels if (brand := _branded(word))))
    sold = pitch(" ".join((*labels, *path)))
    return brands or branded or (sold.words if sold.points >= weights()["title_threshold"] else ())


def _labels(url: str) -> list[str]:
    """The names in a host, without the last one, which anybody may have."""
    own = bare_host(host_of(url)).rpartition(".")[0]
    return [word for label in own.split(".") for word in _BETWEEN.split(_readable(label)) if 0 < len(word) <= _LONGEST]


def _branded(word: str) -> str:
    return next((core for core in _cores(word) if core in _latin_brands()), "")


def _cores(word: str) -> Iterator[str]:
    """The word, and what is left of it without one seller's word after the other."""
    yield word
    word = _BEFORE.sub("", word)
    while word:
        yield word
        behind = _BEHIND.search(word)
        word = word[: behind.start()] if behind else ""


def _readable(label: str) -> str:
    """A label of other letters as a person sees it."""
    with suppress(UnicodeError):
        return label if not label.startswith("xn--") else label.encode("ascii").decode("idna")
    return label


def _path_words(url: str) -> list[str]:
    """Names of tickets and documents are letters and digits at random: of such only a word of the vocabulary is one."""
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    words = _BETWEEN.split(unquote(path).lower())
    return [
        word for word in words if word and (word.isalpha() or word.isdecimal() or not word.isascii() or word in _latin_brands())
    ]


def _brands(word: str) -> Iterator[str]:
    """Chinese words of gambling in Latin letters."""
    if len(word) >= _LEAST_SYLLABLES * 2 and word.isascii():
        for spelling, brand in _spellings():
            if spelling in word:
                yield brand


@lru_cache(maxsize=1)
def _spellings() -> tuple[tuple[str, str], ...]:
    return tuple(spelled(_LEAST_SYLLABLES).items())


@lru_cache(maxsize=1)
def _latin_brands() -> frozenset[str]:
    terms = (term for term in vocabulary().terms if term.tier == "A")
    return frozenset(term.word for term in terms if term.word.isascii() and len(term.word) >= _LEAST_LETTERS)
