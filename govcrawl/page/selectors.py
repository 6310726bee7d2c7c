"""Selectors of style sheets, matched from the element upwards."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple
from weakref import ref

from selectolax.lexbor import LexborNode

from govcrawl.kit.remember import remembered

# What stands above the first element of a tree.
ROOTS = frozenset(("-document", "-undef"))
_NONE: frozenset[str] = frozenset()

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


@remembered(8192, 500)
def _class_names(names: str) -> frozenset[str]:
    return frozenset(names.split())


@remembered(8192, 500)
def _selector_names(identifier: str, classes: frozenset[str]) -> frozenset[str]:
    own = frozenset(f".{name}" for name in classes)
    return own | {f"#{identifier}"} if identifier or classes else own


class Element:
    """The facts of an element that selectors ask for. What lies above it is read from the tree when one does, which is seldom."""

    __slots__ = ("_above", "_elements", "attributes", "classes", "id", "key", "node", "tag")

    def __init__(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], extra: frozenset[str], elements: "ref[Elements]"
    ) -> None:
        names = attributes.get("class")
        self.tag = tag
        self.id = attributes.get("id") or ""
        self.classes = (_class_names(names) if names else _NONE) | extra
        self.attributes = attributes
        self.key = node.mem_id
        self.node = node
        # Weak: in a circle with them the tree of each page would wait for the collector, which takes it for a small thing.
        self._elements = elements
        self._above: tuple[Element | None] | None = None

    @property
    def parent(self) -> "Element | None":
        """None at the root."""
        if self._above is None:
            self._above = (self._all.above(self.node),)
        return self._above[0]

    @property
    def children(self) -> "Iterator[Element]":
        return self._elements_from(self.node.child)

    @property
    def following(self) -> "Iterator[Element]":
        """Those behind it in the same parent."""
        return self._elements_from(self.node.next)

    def _elements_from(self, node: LexborNode | None) -> "Iterator[Element]":
        while node is not None:
            tag = node.tag or "-"
            if not tag.startswith("-"):  # words and comments
                yield self._all.of(node, tag, node.attributes)
            node = node.next

    @property
    def lineage(self) -> frozenset[str]:
        """The `#id` and `.class` names of the element and of all above it."""
        return self._all.lineage(self)

    @property
    def _all(self) -> "Elements":
        elements = self._elements()
        if elements is None:
            raise ReferenceError("the page of this element was let go")
        return elements


class Elements:
    """The elements of one tree, each made once. `classed` are the class names that scripts give, by element id."""

    def __init__(self, classed: Mapping[str, frozenset[str]]) -> None:
        self._classed = classed
        self._me = ref(self)
        self._known: dict[int, Element] = {}
        self._lineages: dict[int, frozenset[str]] = {}

    def of(self, node: LexborNode, tag: str, attributes: dict[str, str | None]) -> Element:
        known = self._known.get(node.mem_id)
        if known is None:
            extra = self._classed.get(attributes.get("id") or "", _NONE) if self._classed else _NONE
            known = self._known[node.mem_id] = Element(node, tag, attributes, extra, self._me)
        return known

    def above(self, node: LexborNode) -> Element | None:
        parent = node.parent
        tag = parent.tag if parent is not None else None
        return None if parent is None or tag in ROOTS else self.of(parent, tag or "", parent.attributes)

    def lineage(self, element: Element) -> frozenset[str]:
        """Level by level, so that no depth overflows the stack."""
        chain: list[Element] = []
        place: Element | None = element
        while place is not None and place.key not in self._lineages:
            chain.append(place)
            place = place.parent
        names = self._lineages[place.key] if place is not None else _NONE
        for step in reversed(chain):
            names = self._lineages[step.key] = names | _selector_names(step.id, step.classes)
        return names


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
