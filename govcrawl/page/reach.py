"""Which elements the hiding rules of a page could reach at all, told from names alone."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from govcrawl.page.cascade import Sheet
from govcrawl.page.style_rules import UNNAMED

Names = tuple[str, str | None, str | None]  # tag, id and class attribute

_NONE: frozenset[str] = frozenset()
_MOST_SHARED, _SHORT = 512, 100  # looks of one set of sheets, and characters of their names


class Reach(NamedTuple):
    """`everywhere` are names above elements, and `attributes` those of elements, that rules want which end in no name. `wants`: for each `.class`, `#id` or tag that a hiding rule ends in, the names of which it wants one above the element; no name at
    all where one of the rules wants none. `above` are all of these names. `looks` are those that were met so far: the pages of a site have
    the same.
    """

    wants: Mapping[str, frozenset[str]]
    above: frozenset[str]
    classes: frozenset[str]
    looks: dict[Names, "Look"]
    everywhere: frozenset[str] = _NONE
    attributes: frozenset[str] = _NONE


class Look(NamedTuple):
    """What the names of an element come to: what the rules that end in them want above, and which of the names others want."""

    wants: tuple[frozenset[str], ...] = ()
    own: frozenset[str] = _NONE

    def hit(self, met: frozenset[str]) -> bool:
        """Whether a rule could reach an element that has `met` these names on the way down."""
        for want in self.wants:  # noqa: SIM110 - asked of most elements, and a generator takes twice as long
            if not want or not want.isdisjoint(met):
                return True
        return False

    def matters(self, met: frozenset[str]) -> bool:
        """Whether the element itself or those inside it are reached by other rules than one without names would be."""
        return bool(self.own and not self.own <= met) or self.hit(met)


PLAIN = Look()


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
    unnamed = found.pop(UNNAMED, set())
    attributes = frozenset(name[1:] for name in unnamed if name[0] == "[")
    everywhere = frozenset(name for name in unnamed if name[0] != "[")
    above = everywhere.union(*found.values()) - {""}
    wants = {key: _NONE if key in free else frozenset(names) for key, names in found.items()}
    classes = frozenset(name[1:] for name in (*wants, *above) if name[0] == ".")
    return Reach(wants, above, classes, {}, everywhere, attributes)


class Reached:
    """The names of one page's elements, which have few looks. Those in `looks` need not be asked for."""

    def __init__(self, sheets: tuple[Sheet, ...], classed: Mapping[str, frozenset[str]]) -> None:
        self._reach = reach_of(sheets)
        self._classed = classed
        self._looks: dict[Names, Look] = {}
        self.looks = self._reach.looks if not classed else self._looks
        self.everywhere, self.attributes = self._reach.everywhere, self._reach.attributes

    def __bool__(self) -> bool:
        return bool(self._reach.wants or self.everywhere)

    def look(self, names: Names) -> Look:
        """Of names that are not in `looks`: PLAIN, by identity, where no rule ends in one of them or wants one above another."""
        return self._looks.get(names) or self._looked(names)

    def _looked(self, key: Names) -> Look:
        tag, identifier, classes = key
        known = classes.split() if classes else []
        if identifier and identifier in self._classed:
            known += self._classed[identifier]
        wants, above, among = self._reach.wants, self._reach.above, self._reach.classes
        look = PLAIN
        if identifier or tag in wants or not among.isdisjoint(known):
            names = [f".{name}" for name in known] if known else []
            if identifier:
                names.append(f"#{identifier}")
            own = above.intersection(names)
            wanted = tuple([wants[name] for name in (tag, *names) if name in wants])
            if wanted or own:
                look = Look(wanted, own)
        shared = len(self.looks) < _MOST_SHARED and len(identifier or "") + len(classes or "") < _SHORT
        (self.looks if shared else self._looks)[key] = look
        return look
