"""Whether an element is out of sight, by all rules that reach it or one of its ancestors."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from govcrawl.kit.remember import remembered
from govcrawl.page import colours
from govcrawl.page.cascade import Sheet
from govcrawl.page.hiding import PROPERTIES, Declarations, Hiding, clear_colour, declarations, judge, pixels, tiny_font
from govcrawl.page.painting import in_force, painted_over, reaching
from govcrawl.page.selectors import Element

# Where the walk up ends whatever a page nests; browsers build no deeper trees either.
MAX_DEPTH = 512
_MAX_INNER = 4
_SUBDOCUMENTS = {"noscript": "noscript", "template": "template", "select": "option", "object": "object"}
_NO_CLASSES: frozenset[str] = frozenset()
_SPEAKING_ATTRIBUTES = frozenset(("style", "hidden", "bgcolor", "background"))
_MENU_TAGS = ("nav", "dialog")
_SPEAKING = ("marquee", "font", *_SUBDOCUMENTS)
_MENU_ROLES = frozenset({"tabpanel", "dialog", "menu", "menubar", "listbox", "tooltip", "navigation", "tablist", "alertdialog"})


@dataclass(frozen=True, slots=True)
class Concealment:
    """Why an element cannot be seen: the technique, its declarations, where they stand and on which element.

    `revealed` says that a rule of the page shows it again in some state (hover, open), as menus do.
    """

    technique: str
    rule: str
    where: str
    locator: str
    root: int
    revealed: bool = False
    by_script: bool = False

    @property
    def why(self) -> str:
        return f"{self.rule} ({self.where} on {self.locator})"


class _State(NamedTuple):
    """What an element hands down: how it is hidden, and the inherited values that a child may set again."""

    concealment: Concealment | None = None
    invisible: Concealment | None = None
    tiny: Concealment | None = None
    background: colours.Rgb | None = None
    element: Element | None = None
    depth: int = 0
    menu: bool = False

    @property
    def hidden(self) -> Concealment | None:
        return self.concealment or self.invisible or self.tiny


@remembered(8192, 500)
def _class_names(names: str) -> frozenset[str]:
    return frozenset(names.split())


@remembered(8192, 500)
def _selector_names(identifier: str, classes: frozenset[str]) -> frozenset[str]:
    return frozenset((f"#{identifier}", *(f".{name}" for name in classes)))


class Concealments:
    """The answers for one tree, remembered by element. `scripted` are declarations that scripts set by element id;
    `classed` the class names that they give; `unwritten` is the source without its scripts where scripts write into the page.
    """

    def __init__(
        self,
        sheets: Iterable[tuple[str, Sheet]] = (),
        scripted: Mapping[str, tuple[Declarations, str]] | None = None,
        unwritten: str = "",
        classed: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self._sheets = tuple(sheets)
        self._scripted = scripted or {}
        self._unwritten = unwritten
        self._classed = classed or {}
        self._states: dict[int, _State] = {}
        self._keys = frozenset(key for _source, sheet in self._sheets for key in sheet.hiding)
        self._class_keys = frozenset(key[1:] for key in self._keys if key.startswith("."))

    def of(self, node: LexborNode) -> Concealment | None:
        return self._state(node).hidden

    def painted(self, node: LexborNode) -> Concealment | None:
        """Whether all rules together paint the words of a link like what lies behind them; dearer than `of`, so asked where it matters."""
        inner: LexborNode | None = node
        for _ in range(_MAX_INNER):
            child = inner.child if inner is not None else None
            while child is not None and child.tag == "-text" and not (child.text() or "").strip():
                child = child.next
            if child is None or child.tag not in ("font", "span", "b", "strong", "em", "i"):
                break
            inner = child
        element = self._state(inner).element if inner is not None else None
        if element is None or (said := painted_over(element, [sheet for _source, sheet in self._sheets])) is None:
            return None
        return self._found(Hiding("colour", said), "all rules together", element, False)

    def _state(self, node: LexborNode) -> _State:
        """The chain is walked up to the first known element and then down again, so no depth can overflow the stack."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        state = _State()
        while place is not None and place.tag not in ("-document", "-undef"):
            known = self._states.get(place.mem_id)
            if known is not None:
                state = known
                break
            chain.append(place)
            place = place.parent
        for step in reversed(chain):
            if state.depth < MAX_DEPTH:
                state = self._step(step, state)
            self._states[step.mem_id] = state
        return state

    def _step(self, node: LexborNode, above: _State) -> _State:
        attributes = node.attributes
        tag = node.tag or ""
        names = attributes.get("class")
        identifier = attributes.get("id") or ""
        classes = _class_names(names) if names else _NO_CLASSES
        if identifier in self._classed:
            classes |= self._classed[identifier]
        lineage = above.element.lineage if above.element else _NO_CLASSES
        if self._sheets and (identifier or classes):
            lineage |= _selector_names(identifier, classes)
        element = Element(tag, identifier, classes, attributes, above.element, node.mem_id, lineage)
        menu = above.menu or tag in _MENU_TAGS or attributes.get("role") in _MENU_ROLES
        if above.concealment is not None or not (self._may_hide(element) or tag in _SPEAKING or above.tiny or above.invisible):
            return _State(above.concealment, above.invisible, above.tiny, above.background, element, above.depth + 1, menu)
        return self._judged(element, above, menu)

    def _may_hide(self, element: Element) -> bool:
        """A quick look: whether anything at all is said about this element."""
        attributes = element.attributes
        if attributes and not _SPEAKING_ATTRIBUTES.isdisjoint(attributes):
            return True
        if element.id and (element.id in self._scripted or f"#{element.id}" in self._keys):
            return True
        return bool(self._keys) and (element.tag in self._keys or not self._class_keys.isdisjoint(element.classes))

    def _judged(self, element: Element, above: _State, menu: bool) -> _State:
        style, where = self._style(element, bool(above.tiny or above.invisible))
        concealment = self._by_markup(element, element.attributes)
        if concealment is None and style and (hiding := judge(style)) and hiding.technique != "visibility":
            concealment = self._found(hiding, where, element, menu)
        return _State(
            concealment or self._by_colour(element, style, where, above.background),
            self._inherited(above.invisible, style, "visibility", where, element, menu),
            self._inherited(above.tiny, style, "font-size", where, element, menu),
            self._background(element, style, above.background),
            element,
            above.depth + 1,
            menu,
        )

    def _style(self, element: Element, undoing: bool) -> tuple[Declarations, str]:
        """The declarations in force on an element, and where the one that may hide it stands."""
        inline = declarations(element.attributes.get("style") or "") if "style" in element.attributes else {}
        scripted = self._scripted.get(element.id) if self._scripted and element.id else None
        ruled = self._ruled(element, undoing)
        if not ruled:
            if scripted:
                return {**inline, **scripted[0]}, scripted[1]
            return inline, "inline style"
        style = dict(ruled[0])
        style.update(
            {name: value for name, value in inline.items() if "!important" not in style.get(name, "") or "!important" in value}
        )
        where = "inline style" if inline and judge(inline) else ruled[1]
        if scripted:
            style.update(scripted[0])
            where = scripted[1]
        return style, where

    def _ruled(self, element: Element, undoing: bool) -> tuple[Declarations, str] | None:
        """What the sheets say, asked in full only where one of their rules hides something, or may undo what is inherited."""
        hits = [(rule, source) for source, sheet in self._sheets for rule in reaching(sheet.hiding, element)]
        if not hits and not undoing:
            return None
        style = in_force(element, [sheet for _source, sheet in self._sheets])
        if not hits:
            return (style, "a rule") if style else None
        rule, source = hits[-1]
        return style, f'rule "{rule.selector}" in {source}'

    def _revealed(self, element: Element) -> bool:
        """Whether some state rule of the sheets speaks of this element: then it is a menu, a tab or a folded text."""
        keys = {f".{name}" for name in element.classes} | {f"#{element.id}", element.tag}
        return any(key in states for _source, sheet in self._sheets if (states := sheet.revealing) for key in keys)

    def _found(self, hiding: Hiding, where: str, element: Element, menu: bool) -> Concealment:
        revealed = menu or self._revealed(element)
        return Concealment(
            hiding.technique, hiding.rule, where, locator(element), element.key, revealed, self._by_script(where, element)
        )

    def _by_script(self, where: str, element: Element) -> bool:
        """Whether a script sets the declarations or wrote the element: then its opening tag stands nowhere outside scripts."""
        if where.endswith("a script"):
            return True
        sign = element.attributes.get("style") or f"<{element.tag}"
        return bool(self._unwritten) and where in ("inline style", "attribute") and sign.lower() not in self._unwritten.lower()

    def _by_markup(self, element: Element, attributes: Mapping[str, str | None]) -> Concealment | None:
        tag = element.tag
        if "hidden" in attributes:
            return self._found(Hiding("display-none", "hidden"), "attribute", element, False)
        if tag == "marquee" and (rule := _still_marquee(attributes)):
            return self._found(Hiding("marquee", rule), "attribute", element, False)
        if tag in _SUBDOCUMENTS:
            return self._found(Hiding(_SUBDOCUMENTS[tag], f"<{tag}>"), "element", element, False)
        return None

    def _inherited(  # noqa: PLR0917 - one call, which passes what it has at hand in the order of the walk
        self, above: Concealment | None, style: Declarations, name: str, where: str, element: Element, menu: bool
    ) -> Concealment | None:
        size = element.attributes.get("size") if name == "font-size" and element.tag == "font" else None
        if name not in style:
            return None if size else above
        hiding = tiny_font(style) if name == "font-size" else judge({name: style[name]})
        return self._found(hiding, where, element, menu) if hiding else None

    def _by_colour(self, element: Element, style: Declarations, where: str, behind: colours.Rgb | None) -> Concealment | None:
        """Text in the colour of its background, both said outright; never where an image lies behind."""
        if element.tag not in ("a", "font", "span") or not (style or "color" in element.attributes):
            return None
        if hiding := clear_colour(style):
            return self._found(hiding, where, element, False)
        said = style.get("color") or (element.attributes.get("color") if element.tag == "font" else None)
        colour = colours.parse(said) if said else None
        under = self._background(element, style, behind)
        if colour is None or under is None or not colours.alike(colour, under):
            return None
        return self._found(Hiding("colour", f"color:{said} on the same background"), where, element, False)

    @staticmethod
    def _background(element: Element, style: Declarations, above: colours.Rgb | None) -> colours.Rgb | None:
        if "background" in element.attributes:
            return None
        for name in ("background-color", "background"):
            if name in style:
                return None if "url(" in style.get("background", "") else colours.parse(style[name])
        if bgcolor := element.attributes.get("bgcolor"):
            return colours.parse(bgcolor)
        return above


def _still_marquee(attributes: Mapping[str, str | None]) -> str:
    """A marquee too small or too fast to be read, or one that never brings its text in."""
    for name in ("height", "width"):
        if (
            name in attributes
            and (size := pixels(attributes[name] or "")) is not None
            and size <= 5
            and "%" not in (attributes[name] or "")
        ):
            return f"marquee {name}={attributes[name]}"
    for name, limit in (("scrollamount", 500), ("scrolldelay", 5000)):
        if (speed := pixels(attributes.get(name) or "")) is not None and speed >= limit:
            return f"marquee {name}={attributes[name]}"
    return ""


def locator(element: Element) -> str:
    """A short css path: up to three steps, cut at the first id."""
    steps: list[str] = []
    place: Element | None = element
    while place is not None and len(steps) < 3:
        if place.id:
            steps.append(f"{place.tag}#{place.id}")
            break
        steps.append(place.tag + "".join(f".{name}" for name in sorted(place.classes)[:2]))
        place = place.parent
    return " > ".join(reversed(steps))


__all__ = ["PROPERTIES", "Concealment", "Concealments", "locator"]
