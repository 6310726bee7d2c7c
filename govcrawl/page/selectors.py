"""Selectors of style sheets, matched from the element upwards."""

import re
from collections.abc import Callable
from typing import NamedTuple

from govcrawl.kit.remember import remembered

_PART = re.compile(
    r"""
      (?P<space>\s*[>+~]\s*|\s+)
    | \#(?P<id>(?:[\w-]|[^\x00-\x7f])+) | \.(?P<cls>(?:[\w-]|[^\x00-\x7f])+)
    | \[\s*(?P<attr>[\w:-]+)\s*(?:(?P<op>[~|^$*]?=)\s*["']?(?P<value>[^"'\]]*)["']?\s*)?\]
    | (?P<tag>[a-zA-Z][\w-]*|\*)
    | (?P<pseudo>:[\w-]+(?:\([^)]*\))?)
    """,
    re.VERBOSE,
)


class Element(NamedTuple):
    """The facts of an element that selectors ask for. `parent` is None at the root; `lineage` are the `#id` and `.class` names of the
    element and of all above it.
    """

    tag: str
    id: str
    classes: frozenset[str]
    attributes: dict[str, str | None]
    parent: "Element | None"
    key: int = 0
    lineage: frozenset[str] = frozenset()


class Compound(NamedTuple):
    """One part of a selector; `near` says that it must be the parent of the part to its right, not any ancestor."""

    tag: str
    id: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str, str], ...]
    near: bool


@remembered(16384, 500)
def compile_selector(selector: str) -> tuple[Compound, ...] | None:
    """The parts from right to left; None for what is not understood (siblings, structural pseudo-classes)."""
    parts: list[Compound] = []
    facts = _Facts()
    position, near = 0, False
    selector = selector.strip()
    while position < len(selector):
        match = _PART.match(selector, position)
        if match is None or match["pseudo"] or (match["space"] and match["space"].strip() in ("+", "~")):
            return None
        position = match.end()
        if match["space"]:
            parts.append(facts.compound(near))
            facts, near = _Facts(), match["space"].strip() == ">"
        else:
            facts.add(match)
    parts.append(facts.compound(near))
    # `near` was noted at the part on the right of its combinator; matching needs it on the left one.
    shifted = [part._replace(near=parts[at + 1].near if at + 1 < len(parts) else False) for at, part in enumerate(parts)]
    return tuple(reversed(shifted))


class _Facts:
    """What one compound asks for, as it is read."""

    def __init__(self) -> None:
        self.tag = ""
        self.id = ""
        self.classes: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []

    def add(self, match: re.Match[str]) -> None:
        if match["id"]:
            self.id = match["id"]
        elif match["cls"]:
            self.classes.add(match["cls"])
        elif match["attr"]:
            self.attributes.append((match["attr"].lower(), match["op"] or "", match["value"] or ""))
        elif match["tag"] != "*":
            self.tag = match["tag"].lower()

    def compound(self, near: bool) -> Compound:
        return Compound(self.tag, self.id, frozenset(self.classes), tuple(self.attributes), near)


def matches(parts: tuple[Compound, ...], element: Element) -> bool:
    if not fits(parts[0], element):
        return False
    place = element.parent
    for part in parts[1:]:
        if part.near:
            if place is None or not fits(part, place):
                return False
            place = place.parent
            continue
        while place is not None and not fits(part, place):
            place = place.parent
        if place is None:
            return False
        place = place.parent
    return True


def fits(part: Compound, element: Element) -> bool:
    return (
        (not part.tag or part.tag == element.tag)
        and (not part.id or part.id == element.id)
        and part.classes <= element.classes
        and all(_attribute(test, element) for test in part.attributes)
    )


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda have, want: have == want,
    "~=": lambda have, want: want in have.split(),
    "|=": lambda have, want: have == want or have.startswith(f"{want}-"),
    "^=": lambda have, want: have.startswith(want),
    "$=": lambda have, want: have.endswith(want),
    "*=": lambda have, want: want in have,
}


def _attribute(test: tuple[str, str, str], element: Element) -> bool:
    name, operator, want = test
    if name not in element.attributes:
        return False
    return not operator or _OPERATORS[operator](element.attributes[name] or "", want)
