"""The texts and links of the body of a page, in document order."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from govcrawl.kit.lazy import lazy
from govcrawl.page.day_texts import day_texts

_MAKER = LexborHTMLParser("")


def tag_ids(*names: str) -> frozenset[int]:
    """The numbers by which lexbor knows these elements: they are compared without a text being made of each."""
    return frozenset(_MAKER.create_node(name).tag_id for name in names)


ANCHOR = _MAKER.create_node("a").tag_id
_TEXT = 2  # lexbor's LXB_TAG__TEXT
_UNREAD = tag_ids("script", "style", "noscript", "template")


class Outline:
    """`texts` are the text nodes with words, outside scripts and styles; `words` has the words of each with white space squeezed, `under` the
    tag of the element that it stands in. `anchors` are those with an address and those without; `before` has the number of texts before each.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        # Every node of every page passes here: locals, and each is asked as little as can be.
        texts: list[LexborNode] = []
        words: list[str] = []
        under: list[int] = []
        anchors: list[LexborNode] = []
        before: list[int] = []
        for node in tree.body.traverse(include_text=True, skip_empty=True) if tree.body is not None else ():
            kind = node.tag_id
            if kind == _TEXT:
                parent = node.parent.tag_id  # type: ignore[union-attr] # a body has been entered
                if parent not in _UNREAD and (squeezed := " ".join(node.text_content.split())):  # type: ignore[union-attr]
                    texts.append(node)
                    words.append(squeezed)
                    under.append(parent)
            elif kind == ANCHOR:
                anchors.append(node)
                before.append(len(texts))
        self.texts, self.words, self.under, self.anchors, self.before = texts, words, under, anchors, before

    @lazy
    def text(self) -> str:
        return " ".join(self.words)

    @lazy
    def lines(self) -> str:
        """`text` with a line end between its texts: a place in one is the same place in the other."""
        return "\n".join(self.words)

    def at(self, place: int) -> int:
        """The index of the text that a place lies in, in time that grows with the place."""
        return self.lines.count("\n", 0, place)

    def line(self, place: int, most: int) -> str:
        """The text that a place lies in; "" where it is longer than `most`, so that a long one is not read for each of its places."""
        lines = self.lines
        begin = lines.rfind("\n", max(0, place - most - 1), place) + 1
        end = lines.find("\n", place, begin + most + 1)
        found = lines[begin:] if end < 0 and len(lines) <= begin + most else lines[begin : max(end, begin)]
        return found if begin or place <= most else ""

    @lazy
    def days_at(self) -> tuple[int, ...]:
        """Indexes of the texts that may hold a day."""
        return tuple(day_texts(self.lines, self.words))
