"""Results of functions of a text, remembered for as many texts as there is room for."""

from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, wraps
from inspect import signature
from typing import Any, Generic, TypeVar, cast

R = TypeVar("R")
_LONGEST = 4_000
_ENTRY = 1_000  # what is worked out of a text takes room too, be it empty


def remembered(entries: int, longest: int = _LONGEST) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """As `lru_cache`, but of texts up to `longest` characters: entries alone are no bound where strangers write the texts.

    The first argument is the text. `cache_clear` forgets everything.
    """

    def around(function: Callable[..., R]) -> Callable[..., R]:
        kept = lru_cache(maxsize=entries)(function)

        def one(text: str) -> R:
            return kept(text) if len(text) <= longest else function(text)

        def many(text: str, *others: Any) -> R:
            return kept(text, *others) if len(text) <= longest else function(text, *others)

        # Most are asked a hundred times a page: a call with a tuple of other arguments takes twice as long.
        call = wraps(function)(one if len(signature(function).parameters) == 1 else many)
        cast("Any", call).cache_clear = kept.cache_clear
        return call

    return around


def remembered_within(characters: int) -> Callable[[Callable[[str], R]], "Within[R]"]:
    """As `remembered`, for texts that differ by a thousand times in length: as many as come to so many characters together. Those that
    nobody has asked for longest go first.
    """
    return lambda function: Within(function, characters)


class Within(Generic[R]):
    """A function of a text with its results."""

    def __init__(self, function: Callable[[str], R], characters: int) -> None:
        self.__wrapped__, self.__doc__ = function, function.__doc__
        self._characters = characters
        self.cache_clear()

    def __call__(self, text: str) -> R:
        kept = self._kept
        if text in kept:
            kept.move_to_end(text)
            return kept[text]
        made = kept[text] = self.__wrapped__(text)
        self._held += len(text) + _ENTRY
        while self._held > self._characters and len(kept) > 1:
            self._held -= len(kept.popitem(last=False)[0]) + _ENTRY
        return made

    def __contains__(self, text: str) -> bool:
        """Whether the result is at hand."""
        return text in self._kept

    def cache_clear(self) -> None:
        self._kept: OrderedDict[str, R] = OrderedDict()
        self._held = 0
