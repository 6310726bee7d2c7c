"""Results of functions of a text, remembered for as many texts as there is room for."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

R = TypeVar("R")
_LONGEST = 4_000


def remembered(entries: int, longest: int = _LONGEST) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """As `lru_cache`, but of texts up to `longest` characters: entries alone are no bound where strangers write the texts.

    The first argument is the text. `cache_clear` forgets everything.
    """

    def around(function: Callable[..., R]) -> Callable[..., R]:
        kept = lru_cache(maxsize=entries)(function)

        @wraps(function)
        def call(text: str, *others: Any) -> R:
            return kept(text, *others) if len(text) <= longest else function(text, *others)

        cast("Any", call).cache_clear = kept.cache_clear
        return call

    return around
