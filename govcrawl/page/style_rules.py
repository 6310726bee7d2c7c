"""The rules of a style sheet by what their selectors ask of an element."""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from govcrawl.kit.remember import remembered
from govcrawl.page.hiding import Declarations, declarations

_LAST = re.compile(r"([#.]?)((?:[\w-]|[^\x00-\x7f])+)")
# Names only, as most selectors are: what stands above the element, its tag and the first of its names.
_NAMES = re.compile(r"(?:([\w .#>-]*)[ >])?([a-z][a-z0-9]*)?([#.][\w-]+)?(?:\.[\w-]+)*", re.ASCII).fullmatch
_NOT_SIMPLE = re.compile(r"[\[(:+~\\]|[^\x00-\x7f]").search
_ABOVE = re.compile(r"[#.][\w-]+")
_PSEUDO_ELEMENT = re.compile(r"::|:(?:before|after|first-line|first-letter|selection)\b")
# What a part asks beyond names: attributes and pseudo-classes.
_ASKED = re.compile(r"\[[^\[\]]*\]|::?[\w-]+(?:\((?:[^()]|\([^()]*\))*\))?")
_ATTRIBUTE = re.compile(r"[^(]*?\[\s*([\w:-]+)").match
# What is no place between two parts, however it is written, and what is one.
_BETWEEN = re.compile(r"\[[^\[\]]*\]|\((?:[^()]|\([^()]*\))*\)|(?P<between>\s*[>+~]\s*|\s+)")
_PLACES = re.compile(r"[\s>+~]+")
_BETWEEN_COMMAS = re.compile(r"(?:\[[^\[\]]*\]|\((?:[^()]|\([^()]*\))*\)|[^,])+")
_SPECIFIC = re.compile(r"(#[\w-]+)|(\.[\w-]+|\[[^\]]*\]|:[\w-]+)|((?:^|[\s>+~])[a-z][\w-]*)", re.IGNORECASE)


class StyleRule(Struct, frozen=True, eq=False, gc=False):
    """One selector with its declarations. Most rules of a sheet reach none of the elements that are asked for, so their bodies are read when one does."""

    selector: str
    body: str
    order: int

    @property
    def declared(self) -> Declarations:
        return declarations(self.body)

    @property
    def specificity(self) -> int:
        return _specificity(self.selector)


Written = tuple[int, str, str]  # its number in the sheet, selectors and body
# Rules by what their last part asks of an element (`#id`, `.class` or a tag), then by an id or class that they want of some ancestor ("" for
# none): an element only meets rules that could reach it, however many there are.
# The last part of a selector that names nothing: such rules want an id or class above, or `[name`, an attribute of the element.
UNNAMED = "*"
Ending = Mapping[str, Sequence[StyleRule]]
Index = Mapping[str, Ending]


def index_of(rules: Iterable[Written]) -> Index:
    found: dict[str, dict[str, list[StyleRule]]] = {}
    for order, prelude, body in rules:
        for part in _selectors(prelude):
            selector = part.strip()
            key, above = _asked(selector)
            if key:
                found.setdefault(key, {}).setdefault(above, []).append(StyleRule(selector, body, order))
    return found


def _selectors(prelude: str) -> list[str]:
    # An import or charset line before the rule belongs to nobody.
    written = prelude.rpartition(";")[2]
    return _BETWEEN_COMMAS.findall(written) if "(" in written or "[" in written else written.split(",")


def _asked(selector: str) -> tuple[str, str]:
    """What the last part asks of an element, nothing where it is none; and an id or class that is wanted of an ancestor, "" where none is
    or the selector is not that simple. Where the last part names nothing it is `*`, and wants an ancestor or an attribute of its own.
    """
    if names := _NAMES(selector):
        above, tag, name = names.groups()
        return name or tag or "", _most_telling(above) if above else ""
    if _PSEUDO_ELEMENT.search(selector):
        return "", ""
    around, last = _last_part(selector)
    simple = not _NOT_SIMPLE(around)
    key, above = _key(last), _most_telling(around.replace(">", " ")) if simple else ""
    if key:
        return key, above
    attribute = _ATTRIBUTE(last)
    wanted = f"[{attribute[1].lower()}" if attribute else above
    return (UNNAMED, wanted) if wanted else ("", "")


def _last_part(selector: str) -> tuple[str, str]:
    """A selector cut before its last part."""
    if "[" not in selector and "(" not in selector:
        last = _PLACES.split(selector)[-1]
        return selector[: len(selector) - len(last)], last
    end = 0
    for found in _BETWEEN.finditer(selector):
        if found["between"]:
            end = found.end()
    return selector[:end], selector[end:]


def _most_telling(above: str) -> str:
    """The first id, else the last class."""
    names: list[str] = _ABOVE.findall(above)
    last = names[-1] if names else ""
    return next((name for name in names if name[0] == "#"), last) if "#" in above else last


def _key(last: str) -> str:
    plain = _ASKED.sub("", last)
    parts = _LAST.findall(plain)
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
