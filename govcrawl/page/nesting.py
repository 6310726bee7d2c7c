"""The tree of markup that nests without end: to make one takes time in the square of its depth, whoever reads it."""

import re

from selectolax.lexbor import LexborHTMLParser

# Browsers flatten what is deeper than 512.
MAX_DEPTH = 5_000
_NEITHER = (
    "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"  # have no end
    "|p|li|td|th|tr|dd|dt|option|optgroup|tbody|thead|tfoot|colgroup|rp|rt|html|head|body"  # end with the next one
)
_TAG = re.compile(rf"<(/?)(?!(?:{_NEITHER})\b)[a-z]", re.IGNORECASE)


def parse(markup: str) -> LexborHTMLParser:
    """The tree of the markup, up to where it nests too deep."""
    return LexborHTMLParser(markup[: deep_at(markup)])


def deep_at(markup: str) -> int | None:
    """Where more elements are open, as its text has it, than any page needs; None where that is nowhere."""
    if markup.count("<") <= MAX_DEPTH:
        return None
    depth = 0
    for tag in _TAG.finditer(markup):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return tag.start()
    return None
