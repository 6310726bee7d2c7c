"""The texts and links of the body of a page, in document order."""

from collections.abc import Sequence

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
    def starts(self) -> Sequence[int]:
        """Where in `text` each of the texts begins."""
        return starts(self.words)

    @lazy
    def days_at(self) -> tuple[int, ...]:
        """Indexes of the texts that may hold a day."""
        return tuple(day_texts(self.words))


def starts(words: Sequence[str]) -> Sequence[int]:
    """Where each begins once they are joined by single spaces, and where a further one would."""
    at = 0
    return [0, *[at := at + len(one) + 1 for one in words]]
