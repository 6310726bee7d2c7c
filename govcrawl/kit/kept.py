"""Answers that are kept for a while, so that most who need one ask nobody."""

from collections import OrderedDict
from collections.abc import Hashable
from math import inf
from typing import Generic, TypeVar, overload

from govcrawl.kit.clock import monotonic

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
D = TypeVar("D")


class Kept(Generic[K, V]):
    """At most so many, of which the oldest goes first. One is fresh for so many `seconds`, and may be asked for when it is not."""

    def __init__(self, most: int, seconds: float = inf) -> None:
        self._most, self._seconds = most, seconds
        self._kept: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def put(self, key: K, value: V) -> None:
        self._kept[key] = (monotonic() + self._seconds, value)
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    @overload
    def get(self, key: K) -> V | None: ...
    @overload
    def get(self, key: K, default: D) -> V | D: ...
    def get(self, key: K, default: D | None = None) -> V | D | None:
        """However old it is."""
        entry = self._kept.get(key)
        return entry[1] if entry else default

    def fresh(self, key: K) -> bool:
        entry = self._kept.get(key)
        return entry is not None and entry[0] > monotonic()

    def __contains__(self, key: K) -> bool:
        return key in self._kept
