"""Where the declarations stand that hide an element, in the words in which they are written there: a unit looks for them in its sources."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from govcrawl.kit.remember import remembered
from govcrawl.page.hiding import Declarations, declarations
from govcrawl.page.style_rules import StyleRule

_MAX_SHOWN = 200


class Origin(NamedTuple):
    """Of one element: what a script sets, its style attribute, and the rules that reach it, the one that wins last; each rule with the sheet
    it stands in.
    """

    scripted: str = ""
    written: str = ""
    rules: Sequence[tuple[str, StyleRule]] = ()

    def of(self, declared: str) -> tuple[str, str]:
        """Where the first of these declarations stands, and the text it stands in; "" where that is not known."""
        name, value = _pair(declared)
        texts = list(self._texts())
        saying = [(where, text) for where, text in texts if _says(declarations(text), name, value)]
        if len(saying) > 1:
            saying.sort(key=lambda one: "!important" not in declarations(one[1])[name])
        return saying[0] if saying else (texts[0][0] if texts else "a rule", "")

    def _texts(self) -> Iterator[tuple[str, str]]:
        if self.scripted:
            yield "a script", self.scripted
        if self.written:
            yield "inline style", self.written
        for source, rule in reversed(self.rules):
            yield f'rule "{rule.selector}" in {source}', rule.body


@remembered(4096, 500)
def as_written(declared: str, text: str) -> str:
    """Declarations in their canonical form, each as the text has it: `left:-9999px` may be `INSET-INLINE-START: -9999px` there."""
    return ";".join(dict.fromkeys(_spelled(one, text) for one in declared.split(";")))


def _spelled(one: str, text: str) -> str:
    name, value = _pair(one)
    for raw in reversed(text.split(";")):
        if len(raw) <= _MAX_SHOWN and _says(declarations(raw), name, value):
            return " ".join(raw.split())
    return one


def _pair(declared: str) -> tuple[str, str]:
    name, _, value = declared.partition(";")[0].partition(":")
    return name, value


def _says(found: Declarations, name: str, value: str) -> bool:
    """Judgements leave out what does not matter to them behind a value, and say more behind a colour."""
    said = found.get(name)
    return said is not None and (said.startswith(value) or value.startswith(said))
