"""Style sheets reduced to the rules that can hide something."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from govcrawl.kit.remember import remembered
from govcrawl.page.hiding import Declarations, declarations

MAX_SHEET_CHARS = 2_000_000
MAX_RULES = 20_000
_PORTION, _OVERLAP = 100_000, 200

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
# A whole body is one token where it is plain, as most are.
_TOKEN = re.compile(r"""\{[^{}"']*\}|[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
# Plain rules in a row, as nearly all of a sheet are: passed over at once. Possessive, so that a row that breaks off costs no second look.
_ROW = re.compile(r"""(?:[^{}"'@]*+\{[^{}"']*+\})++""")
# One look decides whether a rule is worth parsing: hiding values, not mere properties (detection: 1.4).
_HIDES = re.compile(
    r"""
      display\s*:\s*none | visib\w+\s*:\s*(?:hidden|collapse)
    | -\d{3,}(?:\.\d+)?\s*(?:px|pt|em|rem|vw|[;}!\s]|$) | (?:left|top)\s*:\s*\d{4,} | expression\s*\(
    | (?<![-\w])(?:max-)?(?:width|height)\s*:\s*[0-2](?:\.\d+)?(?:px|pt|[;}!\s]|$)
    | font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|[;}!\s]|$) | line-height\s*:\s*[01](?:px|[;}!\s]|$)
    | opacity\s*[:=(]\s*(?:0?\.0|0(?![.\d])) | color\s*:\s*(?:transparent|rgba|hsla) | clip | scale[xy]?\(\s*[0.] | z-index\s*:\s*-
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The same in lower case and more, by what a search leaps to: each of these begins with a plain character. A colon with space before it
# may belong to any property.
_MAY_HIDE = (
    re.compile(
        r":(?:\s*(?:none|collapse|transparent|rgba|hsla|\d{4})|(?<!overflow:)(?<!overflow-[xy]:)\s*hidden|(?<=x:)\s*-|(?<=\s:)"
        r"|(?<=[hte]:)\s*[0-2](?:\.\d+)?(?:px|pt|[;}!\s]|$)|(?<=y:)\s*0?(?:\.0|0(?![.\d])))"
    ),
    *map(re.compile, (r"-\d{3}", r"opacity\s*[=(]", "clip", "scale", "expression")),
)
_RELEVANT = re.compile(
    r"(?<![-\w])(?:display|visibility|content-visibility|position|left|top|right|bottom|margin|text-indent|(?:max-)?width|(?:max-)?height"
    r"|overflow|font-size|line-height|opacity|filter|clip|transform|z-index|color|background)\b",
    re.IGNORECASE,
)
_STATE = re.compile(r":(?:hover|focus|active|target|checked|focus-within|focus-visible)\b|[.](?:active|on|open|opened|show|shown|current|hover|over|select\w*|in|cur|curr|now|visible)(?![-\w])")  # fmt: skip
_SCREEN = re.compile(r"\b(?:print|speech|aural|braille|embossed|tty)\b", re.IGNORECASE)
_MAX_WIDTH = re.compile(r"max-(?:device-)?width\s*:\s*(\d+)", re.IGNORECASE)
_MIN_WIDTH = re.compile(r"min-(?:device-)?width\s*:\s*(\d+)", re.IGNORECASE)
_LAST = re.compile(r"([#.]?)((?:[\w-]|[^\x00-\x7f])+)")
_ONE_NAME = re.compile(r"[a-zA-Z0-9]*([#.][\w-]+)|[a-zA-Z0-9]+").fullmatch
_NOT_SIMPLE = re.compile(r"[\[(:+~\\]|[^\x00-\x7f]").search
_ABOVE = re.compile(r"[#.][\w-]+")
_PSEUDO_ELEMENT = re.compile(r"::|:(?:before|after|first-line|first-letter|selection)\b")
_PSEUDO = re.compile(r"::?[\w-]+(?:\([^)]*\))?")
_SPECIFIC = re.compile(r"(#[\w-]+)|(\.[\w-]+|\[[^\]]*\]|:[\w-]+)|((?:^|[\s>+~])[a-z][\w-]*)", re.IGNORECASE)
_WINDOW_PX = 1366


@dataclass(frozen=True, slots=True)
class StyleRule:
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
    found = ((text[start:opened], text[opened + 1 : end]) for start, opened, end in islice(_rules(text), MAX_RULES))
    return _index((prelude, body) for prelude, body in found if not _STATE.search(prelude))


def _hiding(text: str) -> Iterator[tuple[str, str]]:
    """Selector list and body of every rule that may hide something in any state; at most as many as there may be."""
    places = _hiding_places(text)
    left = MAX_RULES
    for start, opened, end in _rules(text, places) if places else ():
        at = bisect_left(places, opened)
        if at == len(places):
            return
        if places[at] >= end or not _says(_HIDES, text, opened + 1, end):
            continue
        if not _STATE.search(text, start, opened) and declarations(body := text[opened + 1 : end]):
            yield text[start:opened], body
        left -= 1
        if not left:
            return


def _hiding_places(text: str) -> Sequence[int]:
    """Where something that hides could stand, in order: most sheets are long and hide little."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters become two in lower case
        return range(len(text))
    return sorted(match.start() for pattern in _MAY_HIDE for match in pattern.finditer(lower))


def _of_states(text: str) -> Iterator[tuple[str, str]]:
    """Selector list and body of every rule that works in a state and could show something again."""
    found = (
        (text[start:opened], text[opened + 1 : end])
        for start, opened, end in _rules(text)
        if _STATE.search(text, start, opened) and _says(_RELEVANT, text, opened + 1, end)
    )
    return ((prelude, body) for prelude, body in islice(found, MAX_RULES) if declarations(body))


def _rules(text: str, places: Sequence[int] | None = None) -> Iterator[tuple[int, int, int]]:  # noqa: C901 - its states do not split
    """Where each rule that applies on a desktop screen begins, opens and ends: one pass over the braces. Where `places` are given, plain
    rules without any of them may be left out.
    """
    blocks: list[bool] = []  # for each open at-block: does it apply
    start, opened, last = 0, -1, 0
    while True:
        row = _ROW.match(text, last) if places is not None else None
        token = row or _TOKEN.search(text, last)
        if token is None:
            break
        first, last = token.span()
        brace = text[first] if row is None else "{"
        if brace == "{":
            if opened >= 0:  # the brace before this one opened an at-block
                blocks.append(_applies(text[start:opened]))
                start = opened + 1
            opened = first
        if row is not None and places is not None:
            if all(blocks):
                yield from _in_row(text, row, start, places)
            opened, start = -1, last
        elif brace == "}" or (brace == "{" and last - first > 1):
            if opened >= 0:
                if all(blocks):
                    yield start, opened, last - 1
            elif blocks:
                blocks.pop()
            opened, start = -1, last
    if opened >= 0 and all(blocks):
        yield start, opened, len(text)


def _in_row(text: str, row: re.Match[str], start: int, places: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """The rules of a row that have a place in their body; `start` is where the first of them begins."""
    at = bisect_left(places, row.start())
    while at < len(places) and (place := places[at]) < row.end():
        before = text.rfind("}", row.start(), place)
        opened = text.rfind("{", max(before, row.start()), place)
        if opened >= 0:
            end = text.find("}", place)
            yield (before + 1 if before >= 0 else start), opened, end
        else:
            end = text.find("{", place)
        at = bisect_left(places, end + 1, at)


def _says(wanted: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """In portions that overlap: one search through a body of megabytes would keep the interpreter for most of a second."""
    if end - start <= _PORTION:
        return wanted.search(text, start, end) is not None
    return any(wanted.search(text, at, min(at + _PORTION + _OVERLAP, end)) for at in range(start, end, _PORTION))


def _applies(prelude: str) -> bool:
    """Whether an at-rule's block holds in a desktop window of 1366 px."""
    if "@media" not in prelude.lower():
        return "@supports" in prelude.lower() or "@layer" in prelude.lower() or "@" not in prelude
    return media_applies(prelude)


def media_applies(query: str) -> bool:
    if _SCREEN.search(query) and "screen" not in query.lower() and "all" not in query.lower():
        return False
    widest = _MAX_WIDTH.search(query)
    narrowest = _MIN_WIDTH.search(query)
    return not (widest and int(widest[1][:6]) < _WINDOW_PX) and not (narrowest and int(narrowest[1][:6]) > _WINDOW_PX)


def _index(rules: Iterable[tuple[str, str]]) -> Index:
    found: dict[str, dict[str, list[StyleRule]]] = {}
    for order, (prelude, body) in enumerate(rules):
        # An import or charset line before the rule belongs to nobody.
        for part in prelude.rpartition(";")[2].split(","):
            selector = part.strip()
            if selector and not _PSEUDO_ELEMENT.search(selector) and (key := _key(selector)):
                found.setdefault(key, {}).setdefault(_wanted_above(selector), []).append(StyleRule(selector, key, body, order))
    return found


def _wanted_above(selector: str) -> str:
    """An id or class that a selector wants of an ancestor; "" where it wants none or is not that simple."""
    if _NOT_SIMPLE(selector):
        return ""
    names = _ABOVE.findall(selector.replace(">", " ").rstrip().rpartition(" ")[0])
    return next((name for name in names if name[0] == "#"), names[-1] if names else "")


def _key(selector: str) -> str:
    written = selector.rpartition(" ")[2]
    if plain := _ONE_NAME(written):
        return plain[1] or written.lower()
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
