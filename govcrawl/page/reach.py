"""Which elements the hiding rules of a page could reach at all, told from names alone."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from govcrawl.page.cascade import Sheet

_NONE: frozenset[str] = frozenset()


class Reach(NamedTuple):
    """`wants`: for each `.class`, `#id` or tag that a hiding rule ends in, the names of which it wants one above the element; no name at
    all where one of the rules wants none. `above` are all of these names.
    """

    wants: Mapping[str, frozenset[str]]
    above: frozenset[str]
    classes: frozenset[str]


class Look(NamedTuple):
    """What the class names of an element come to: what the rules that end in them want above, and which of the names others want."""

    wants: tuple[frozenset[str], ...] = ()
    own: frozenset[str] = _NONE


_PLAIN = Look()


@lru_cache(maxsize=256)
def reach_of(sheets: tuple[Sheet, ...]) -> Reach:
    """Of the same sheets, once: the pages of a site share them."""
    found: dict[str, set[str]] = {}
    free: set[str] = set()
    for sheet in sheets:
        for key, rules in sheet.hiding.items():
            found.setdefault(key, set()).update(rules)
            if "" in rules:
                free.add(key)
    above = frozenset[str]().union(*found.values()) - {""}
    wants = {key: _NONE if key in free else frozenset(names) for key, names in found.items()}
    return Reach(wants, above, frozenset(name[1:] for name in (*wants, *above) if name[0] == "."))


class Reached:
    """The question asked of one page's elements, which have few looks."""

    def __init__(self, sheets: tuple[Sheet, ...], classed: Mapping[str, frozenset[str]]) -> None:
        self._reach = reach_of(sheets)
        self._classed = classed
        self._looks: dict[str, Look] = {}

    def __bool__(self) -> bool:
        return bool(self._reach.wants)

    def ask(self, tag: str, identifier: str, names: str, met: frozenset[str]) -> tuple[bool, frozenset[str]]:
        """Whether a rule could reach an element below one that has `met` these names, and what its children have met."""
        wants, above, _classes = self._reach
        if self._classed and identifier in self._classed:
            names = " ".join((names, *self._classed[identifier]))
        look = (self._looks.get(names) or self._look(names)) if names else _PLAIN
        asked = look.wants
        if tag in wants:
            asked = (*asked, wants[tag])
        if identifier and (key := f"#{identifier}") in wants:
            asked = (*asked, wants[key])
        own = look.own
        if identifier and above and f"#{identifier}" in above:
            own |= {f"#{identifier}"}
        return any(not want or not want.isdisjoint(met) for want in asked), met if own <= met else met | own

    def _look(self, names: str) -> Look:
        known = names.split()
        look = _PLAIN
        if not self._reach.classes.isdisjoint(known):
            keys = [f".{name}" for name in known]
            wants = self._reach.wants
            look = Look(tuple(wants[key] for key in keys if key in wants), self._reach.above.intersection(keys))
        self._looks[names] = look
        return look
