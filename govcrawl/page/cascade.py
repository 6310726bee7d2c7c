"""Style sheets reduced to the rules that can hide something."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from govcrawl.kit.remember import remembered
from govcrawl.page.hiding import Declarations, declarations
from govcrawl.page.hiding_signs import hides, says, signs_of
from govcrawl.page.sheet_rules import rules_of

MAX_SHEET_CHARS = 2_000_000
MAX_RULES = 20_000

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RELEVANT = re.compile(
    r"(?<![-\w])(?:display|visibility|content-visibility|position|left|top|right|bottom|margin|text-indent|(?:max-)?width|(?:max-)?height"
    r"|overflow|font-size|line-height|opacity|filter|clip|transform|z-index|color|background)\b",
    re.IGNORECASE,
)
_STATE = re.compile(r":(?:hover|focus|active|target|checked|focus-within|focus-visible)\b|[.](?:active|on|open|opened|show|shown|current|hover|over|select\w*|in|cur|curr|now|visible)(?![-\w])")  # fmt: skip
_LAST = re.compile(r"([#.]?)((?:[\w-]|[^\x00-\x7f])+)")
# Names only, as most selectors are: what stands above the element, its tag and its last name.
_NAMES = re.compile(r"(?:([\w .#>-]*)[ >])?([a-z][a-z0-9]*)?([#.][\w-]+)?", re.ASCII).fullmatch
_NOT_SIMPLE = re.compile(r"[\[(:+~\\]|[^\x00-\x7f]").search
_ABOVE = re.compile(r"[#.][\w-]+")
_PSEUDO_ELEMENT = re.compile(r"::|:(?:before|after|first-line|first-letter|selection)\b")
_PSEUDO = re.compile(r"::?[\w-]+(?:\([^)]*\))?")
_SPECIFIC = re.compile(r"(#[\w-]+)|(\.[\w-]+|\[[^\]]*\]|:[\w-]+)|((?:^|[\s>+~])[a-z][\w-]*)", re.IGNORECASE)


class StyleRule(NamedTuple):
    """One selector with its declarations. `key` is what its last part asks of an element: `#id`, `.class` or a tag.

    Most rules of a sheet reach none of the elements that are asked for, so their bodies are read when one does.
    """

    selector: str
    key: str
    body: str
    order: int

    @property
    def declared(self) -> Declarations:
        return declarations(self.body)

    @property
    def specificity(self) -> int:
        return _specificity(self.selector)


# Rules by the key of their last part, then by an id or class that they want of some ancestor ("" for none): an element only meets rules
# that could reach it, however many there are.
Index = Mapping[str, Mapping[str, Sequence[StyleRule]]]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A parsed sheet: the rules that hide and the raw text of the others. Two are the same where they are one object."""

    hiding: Index = field(default_factory=dict)
    text: str = ""

    @property
    def revealing(self) -> Index:
        """Rules that only work in a state (`:hover`, `.open`), by key."""
        return _states(self.text)

    @property
    def others(self) -> Index:
        """Every rule that names a property that could undo the hiding, by key."""
        return _relevant(self.text)


@lru_cache(maxsize=256)
def sheet_of(text: str) -> Sheet:
    """A sheet by its text; the cache works across pages because sites share templates."""
    text = text[:MAX_SHEET_CHARS]
    if "/*" in text:
        text = _COMMENT.sub("", text)
    return Sheet(_index(_hiding(text)), text)


@lru_cache(maxsize=64)
def _states(text: str) -> Index:
    return _index(_of_states(text)) if _STATE.search(text) else {}


@lru_cache(maxsize=64)
def _relevant(text: str) -> Index:
    found = ((text[start:opened], text[opened + 1 : end]) for start, opened, end in islice(rules_of(text), MAX_RULES))
    return _index((prelude, body) for prelude, body in found if not _STATE.search(prelude))


def _hiding(text: str) -> Iterator[tuple[str, str]]:
    """Selector list and body of every rule that may hide something in any state; at most as many as there may be."""
    signs = signs_of(text)
    left = MAX_RULES
    for start, opened, end in rules_of(text, signs) if signs else ():
        at = bisect_left(signs, opened)
        if at == len(signs):
            return
        if signs[at] >= end or not hides(text, signs[at], opened, end):
            continue
        if not _STATE.search(text, start, opened):
            yield text[start:opened], text[opened + 1 : end]
        left -= 1
        if not left:
            return


def _of_states(text: str) -> Iterator[tuple[str, str]]:
    """Selector list and body of every rule that works in a state and could show something again."""
    found = (
        (text[start:opened], text[opened + 1 : end])
        for start, opened, end in rules_of(text)
        if _STATE.search(text, start, opened) and says(_RELEVANT, text, opened + 1, end)
    )
    return ((prelude, body) for prelude, body in islice(found, MAX_RULES) if declarations(body))


def _index(rules: Iterable[tuple[str, str]]) -> Index:
    found: dict[str, dict[str, list[StyleRule]]] = {}
    for order, (prelude, body) in enumerate(rules):
        # An import or charset line before the rule belongs to nobody.
        for part in prelude.rpartition(";")[2].split(","):
            selector = part.strip()
            key, above = _asked(selector)
            if key:
                found.setdefault(key, {}).setdefault(above, []).append(StyleRule(selector, key, body, order))
    return found


def _asked(selector: str) -> tuple[str, str]:
    """What the last part asks of an element, nothing where it is none; and an id or class that is wanted of an ancestor, "" where none is
    or the selector is not that simple.
    """
    if names := _NAMES(selector):
        above, tag, last = names.groups()
        return last or tag or "", _most_telling(above) if above else ""
    if _PSEUDO_ELEMENT.search(selector):
        return "", ""
    simple = not _NOT_SIMPLE(selector)
    return _key(selector), _most_telling(selector.replace(">", " ").rstrip().rpartition(" ")[0]) if simple else ""


def _most_telling(above: str) -> str:
    names = _ABOVE.findall(above)
    return next((name for name in names if name[0] == "#"), names[-1] if names else "")


def _key(selector: str) -> str:
    last = _PSEUDO.sub("", re.split(r"[\s>+~]+", selector)[-1].partition("[")[0])
    parts = _LAST.findall(last)
    for mark in ("#", "."):
        for kind, name in parts:
            if kind == mark:
                return f"{mark}{name}"
    return str(parts[0][1]).lower() if parts else ""


@remembered(16384, 500)
def _specificity(selector: str) -> int:
    score = 0
    for identifier, group, _tag in _SPECIFIC.findall(selector):
        score += 10_000 if identifier else 100 if group else 1
    return score
