"""What opens in the source of a page, found in one pass over its bytes for all who ask.

To look for one tag takes as long as to look for all of them, be it in the source or in the tree, and most pages lack most tags.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import Literal

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from govcrawl.kit.hits import hits_of
from govcrawl.kit.lazy import lazy

SCRIPT, SCRIPT_END, COMMENT, TEXTAREA, TEMPLATE, IFRAME = "script", "/script", "comment", "textarea", "template", "iframe"
_ASIDES = {
    SCRIPT: ("<script", "<SCRIPT"), SCRIPT_END: ("</script>", "</SCRIPT>"), COMMENT: ("<!--",), TEXTAREA: ("<textarea",), TEMPLATE: ("<template",),
}  # fmt: skip
# As far as it takes to tell them from what is frequent; the letters in any case, as browsers read them.
_TAGS = {
    SCRIPT: "<sc", SCRIPT_END: "</sc", IFRAME: "<if", "frame": "<fr", "embed": "<emb", "object": "<ob", "area": "<are", "option": "<op",
    "style": "<sty", "link": "<lin", "base": "<bas", "meta": "<met", "import": "@im",
}  # fmt: skip
_AS_WRITTEN = {"record": "<record", "cdata": "<![CDATA["}
_ODD = {
    SCRIPT: re.compile(rb"<script\b", re.IGNORECASE).match,
    SCRIPT_END: re.compile(rb"</script\s*>", re.IGNORECASE).match,
    IFRAME: re.compile(rb"<iframe\b", re.IGNORECASE).match,
}
_LONGEST = len("</script>")

Signs = Sequence[tuple[str, int]]
# What may be asked for: of any other name the answer would always be no.
Tag = Literal[
    "script", "iframe", "frame", "embed", "object", "area", "option", "style", "link", "base", "meta", "textarea", "template"
]
Mark = Literal["import", "record", "cdata"]


class Openings:
    """Of one source in UTF-8."""

    def __init__(self, source: bytes) -> None:
        self._source = source

    def may_hold(self, *kinds: Tag | Mark) -> bool:
        """False where the source has none of these."""
        return any(kind in self._found[0] for kind in kinds)

    def most(self, *tags: Tag) -> int:
        """As many elements of these names as there can be: what stands in a script or a comment is counted too."""
        return sum(self._found[0][tag] for tag in tags)

    @property
    def asides(self) -> Signs:
        """What opens a script, a comment, a text area, a template or an inline frame, or ends a script: its kind and the byte at which it
        begins, in order.
        """
        return self._found[1]

    @lazy
    def _found(self) -> tuple[Counter[str], Signs]:
        source, (automaton, kinds, sure, odd) = self._source, _automaton()
        met: Counter[str] = Counter()
        asides: list[tuple[str, int]] = []
        for hits in hits_of(automaton, source, _LONGEST):
            met.update([kinds[hit[0]] for hit in hits])
            asides += [
                (kinds[index], start)
                for index, start, _ in hits
                if index < sure or (index < odd and _ODD[kinds[index]](source, start))
            ]
        return met, asides


@lru_cache(maxsize=1)
def _automaton() -> tuple[BytesAhoCorasick, tuple[str, ...], int, int]:
    """With the kind of each of its patterns: first those that open an aside for sure, then those that may, then the others."""
    sure = [(kind, text.encode()) for kind, texts in _ASIDES.items() for text in texts]
    odd = [(kind, pattern) for kind, text in _TAGS.items() if kind in _ODD for pattern in _in_any_case(text)]
    others = [(kind, pattern) for kind, text in _TAGS.items() if kind not in _ODD for pattern in _in_any_case(text)]
    patterns = [*sure, *odd, *others, *((kind, text.encode()) for kind, text in _AS_WRITTEN.items())]
    automaton = BytesAhoCorasick(
        [pattern for _, pattern in patterns], matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA
    )
    return automaton, tuple(kind for kind, _ in patterns), len(sure), len(sure) + len(odd)


def _in_any_case(text: str) -> Iterable[bytes]:
    return {"".join(letters).encode() for letters in product(*((letter.lower(), letter.upper()) for letter in text))}
