"""The declarations that all rules of a page leave in force on an element, and whether they paint its words out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from govcrawl.page import colours
from govcrawl.page.cascade import Sheet
from govcrawl.page.elements import Element
from govcrawl.page.hiding import Declarations, clear_colour, declarations
from govcrawl.page.selectors import compile_selector, matches
from govcrawl.page.style_rules import UNNAMED, Ending, StyleRule

MAX_ANCESTORS = 64
_MOST_UNNAMED = 40  # rules that want the same attribute and no name, asked of each element that has it


def reaching(ending: Callable[[str], Ending | None], element: Element) -> list[StyleRule]:
    """The rules that reach an element, of those that end in one of its names or in none."""
    above = element.parent.lineage if element.parent else frozenset[str]()
    keys = [*((f"#{element.id}",) if element.id else ()), *(f".{name}" for name in element.classes), element.tag]
    met = [wanted for key in keys if (wanted := ending(key))]
    found = [rule for wanted in met for name in ("", *(above & wanted.keys())) for rule in wanted.get(name, ())]
    if unnamed := ending(UNNAMED):
        own = above.union([f"[{name}" for name in element.attributes])
        found += [rule for name in own & unnamed.keys() for rule in unnamed[name][:_MOST_UNNAMED]]
    return [rule for rule in found if (parts := compile_selector(rule.selector)) is not None and matches(parts, element)]


def in_force(element: Element, sheets: Sequence[Sheet]) -> dict[str, str]:
    """What the sheets declare for an element, by importance, specificity and order."""
    rules = [(at, rule) for at, sheet in enumerate(sheets) for rule in reaching(sheet.others, element)]
    return declared_by([rule for _at, rule in ranked(rules)])


def ranked(rules: Iterable[tuple[int, StyleRule]]) -> list[tuple[int, StyleRule]]:
    """Rules with the number of their sheet, the one that wins last."""
    return sorted(rules, key=lambda entry: (entry[1].specificity, entry[0], entry[1].order))


def declared_by(rules: Iterable[StyleRule]) -> dict[str, str]:
    style: dict[str, str] = {}
    for rule in rules:
        laid_over(style, rule.declared)
    return style


def laid_over(style: dict[str, str], further: Declarations) -> None:
    """Adds declarations that win unless those before them are more important."""
    for name, value in further.items():
        if "!important" not in style.get(name, "") or "!important" in value:
            style[name] = value


class Styles:
    """What is in force on each element of a page, inherited values aside. Dearer than a look at what hides, so asked where it matters;
    remembered, because the links of a list lie in the same elements.
    """

    def __init__(self, sheets: Sequence[Sheet], scripted: Mapping[str, tuple[Declarations, str]]) -> None:
        self._sheets = sheets
        self._scripted = scripted
        self._known: dict[int, Declarations] = {}

    def of(self, element: Element) -> Declarations:
        known = self._known.get(element.key)
        if known is None:
            known = self._known[element.key] = self._whole(element)
        return known

    def _whole(self, element: Element) -> Declarations:
        style = in_force(element, self._sheets)
        if written := element.attributes.get("style"):
            laid_over(style, declarations(written))
        if element.id in self._scripted:
            style.update(self._scripted[element.id][0])
        return style


def painted_over(element: Element, styles: Styles) -> str | None:
    """The declarations that give a link's words the colour of what lies behind; None where either is not said outright."""
    colour = ""
    for place in upwards(element):
        style = styles.of(place)
        inside_link = not colour
        if inside_link and (said := style.get("color") or (place.attributes.get("color") if place.tag == "font" else None)):
            if clear_colour({"color": said}):
                return f"color:{said}"
            colour = said
        if not colour and place.tag == "a":
            return None  # a link does not take its colour from around it
        if (behind := _behind(place, style)) is not None:
            under, over = colours.parse(behind), colours.parse(colour) if colour else None
            return f"color:{colour} on {behind}" if under and over and colours.alike(under, over) else None
    return None


def upwards(element: Element) -> Iterator[Element]:
    place: Element | None = element
    for _ in range(MAX_ANCESTORS):
        if place is None:
            return
        yield place
        place = place.parent


def _behind(element: Element, style: Declarations) -> str | None:
    """The background that an element sets; "" for a picture, which no colour can be compared with."""
    if "background" in element.attributes or "url(" in style.get("background", "") + style.get("background-image", ""):
        return ""
    said = style.get("background-color") or style.get("background") or element.attributes.get("bgcolor")
    return None if said is None or said.startswith(("transparent", "none", "inherit")) else said
