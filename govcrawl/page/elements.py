"""The elements of a tree as selectors see them: their names, what lies above them and beside them."""

from collections.abc import Iterator, Mapping
from weakref import ref

from selectolax.lexbor import LexborNode

from govcrawl.kit.remember import remembered

# What stands above the first element of a tree.
ROOTS = frozenset(("-document", "-undef"))
_NONE: frozenset[str] = frozenset()
_MOST_BESIDE = 1_000


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

    @property
    def preceding(self) -> "Iterator[Element]":
        """Those before it in the same parent, the nearest first."""
        node = self.node.prev
        while node is not None:
            if is_element(node):
                yield self._all.of(node, node.tag or "", node.attributes)
            node = node.prev

    def _elements_from(self, node: LexborNode | None) -> "Iterator[Element]":
        while node is not None:
            if is_element(node):
                yield self._all.of(node, node.tag or "", node.attributes)
            node = node.next

    def number(self, last: bool, alike: bool) -> int:
        """Which child of its parent it is, from 1 on; counted from the last one, and among those of its tag alone, where asked for. 0 beyond a
        thousand of them.
        """
        return self._all.number(self.node, last, self.tag if alike else "")

    @property
    def names(self) -> frozenset[str]:
        """Its own `#id` and `.class` names."""
        return _selector_names(self.id, self.classes)

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
        self._numbers: dict[tuple[int, bool, str], int] = {}

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
            names = self._lineages[step.key] = names | step.names
        return names

    def number(self, node: LexborNode, last: bool, tag: str) -> int:
        """See `Element.number`. Counted on from a neighbour that is known, so that a list is counted once."""
        chain: list[int] = []
        place: LexborNode | None = node
        while place is not None and (place.mem_id, last, tag) not in self._numbers and len(chain) < _MOST_BESIDE:
            if place.tag == tag or (not tag and is_element(place)):
                chain.append(place.mem_id)
            place = place.next if last else place.prev
        count = self._numbers[place.mem_id, last, tag] if place is not None and len(chain) < _MOST_BESIDE else 0
        if place is not None and not count:
            return 0
        for key in reversed(chain):
            count += 1
            self._numbers[key, last, tag] = count
        return count


def is_element(node: LexborNode) -> bool:
    """Neither words nor a comment."""
    return not (node.tag or "-").startswith("-")
