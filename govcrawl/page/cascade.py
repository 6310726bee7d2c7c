"""Style sheets reduced to the rules that can hide something."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from msgspec import Struct

from govcrawl.kit.lazy import lazy
from govcrawl.kit.remember import remembered, remembered_within
from govcrawl.page.hiding import Declarations, declarations
from govcrawl.page.sheet_rules import Rule, rules_of
from govcrawl.page.sheet_signs import hides, in_a_state, may_undo

MAX_SHEET_CHARS = 2_000_000
MAX_RULES = 20_000
# Most sites have some sheets of their own, and a worker has pages of hundreds of sites in turns.
_SHEETS_CHARS = 24 * 1024 * 1024
_OTHERS_CHARS = 6 * 1024 * 1024  # in pieces, each rule of a sheet takes three times its text

_LAST = re.compile(r"([#.]?)((?:[\w-]|[^\x00-\x7f])+)")
# Names only, as most selectors are: what stands above the element, its tag and the first of its names.
_NAMES = re.compile(r"(?:([\w .#>-]*)[ >])?([a-z][a-z0-9]*)?([#.][\w-]+)?(?:\.[\w-]+)*", re.ASCII).fullmatch
_NOT_SIMPLE = re.compile(r"[\[(:+~\\]|[^\x00-\x7f]").search
_ABOVE = re.compile(r"[#.][\w-]+")
_PSEUDO_ELEMENT = re.compile(r"::|:(?:before|after|first-line|first-letter|selection)\b")
_PSEUDO = re.compile(r"::?[\w-]+(?:\([^)]*\))?")
_SPECIFIC = re.compile(r"(#[\w-]+)|(\.[\w-]+|\[[^\]]*\]|:[\w-]+)|((?:^|[\s>+~])[a-z][\w-]*)", re.IGNORECASE)


class StyleRule(Struct, frozen=True, eq=False, gc=False):
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


Written = tuple[str, str]  # selectors and body
# Rules by the key of their last part, then by an id or class that they want of some ancestor ("" for none): an element only meets rules
# that could reach it, however many there are.
Ending = Mapping[str, Sequence[StyleRule]]
Index = Mapping[str, Ending]


_NO_RULES: Ending = {}
_MOST_ASKED = 256


class Sheet:
    """A parsed sheet: the rules that hide, and the text for the others. Two are the same where they are one object."""

    def __init__(self, hiding: Index, text: str = "", stateful: Sequence[Rule] = ()) -> None:
        self.hiding, self.text, self._stateful = hiding, text, stateful
        self._others: dict[str, Ending] = {}

    @lazy
    def revealing(self) -> frozenset[str]:
        """What the last parts of rules ask for that only work in a state (`:hover`, `.open`)."""
        text = self.text
        found = (
            (text[begin:opened], text[opened + 1 : end])
            for begin, opened, end, _sign, _stateful in self._stateful
            if in_a_state(text, begin, opened) and may_undo(text, opened, end)
        )
        return frozenset(_index((selectors, body) for selectors, body in found if declarations(body)))

    def others(self, key: str) -> Ending:
        """Every rule that ends in a key and could undo the hiding. Those that were asked for stay: a template asks for few, always the same."""
        found = self._others.get(key)
        if found is None:
            found = _relevant(self.text).get(key, _NO_RULES)
            if len(self._others) < _MOST_ASKED:
                self._others[key] = found
        return found


@remembered_within(_SHEETS_CHARS)
def sheet_of(text: str) -> Sheet:
    """A sheet by its text, kept across pages: those of a site have the same."""
    text = _without_comments(text[:MAX_SHEET_CHARS])
    hiding: list[Written] = []
    stateful: list[Rule] = []
    for rule in islice(rules_of(text), MAX_RULES):
        begin, opened, end, sign, may_be_stateful = rule
        if may_be_stateful:
            stateful.append(rule)
        if sign >= 0 and hides(text, sign, opened, end) and not (may_be_stateful and in_a_state(text, begin, opened)):
            hiding.append((text[begin:opened], text[opened + 1 : end]))
    return Sheet(_index(hiding), text, stateful)


def _without_comments(text: str) -> str:
    """A comment that nobody closes reaches to the end."""
    kept: list[str] = []
    done = 0
    while (start := text.find("/*", done)) >= 0:
        kept.append(text[done:start])
        end = text.find("*/", start + 2)
        done = end + 2 if end >= 0 else len(text)
    return "".join([*kept, text[done:]]) if kept else text


@remembered_within(_OTHERS_CHARS)
def _relevant(text: str) -> Index:
    return _index(
        (text[begin:opened], text[opened + 1 : end])
        for begin, opened, end, _sign, stateful in islice(rules_of(text, every=True), MAX_RULES)
        if not (stateful and in_a_state(text, begin, opened))
    )


def _index(rules: Iterable[Written]) -> Index:
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
        above, tag, name = names.groups()
        return name or tag or "", _most_telling(above) if above else ""
    if _PSEUDO_ELEMENT.search(selector):
        return "", ""
    simple = not _NOT_SIMPLE(selector)
    return _key(selector), _most_telling(selector.replace(">", " ").rstrip().rpartition(" ")[0]) if simple else ""


def _most_telling(above: str) -> str:
    """The first id, else the last class."""
    names: list[str] = _ABOVE.findall(above)
    last = names[-1] if names else ""
    return next((name for name in names if name[0] == "#"), last) if "#" in above else last


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
