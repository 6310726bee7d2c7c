"""Whether an element is out of sight, by all rules that reach it or one of its ancestors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from msgspec import Struct, structs
from selectolax.lexbor import LexborNode

from govcrawl.kit.lazy import lazy
from govcrawl.page import colours
from govcrawl.page.cascade import Sheet
from govcrawl.page.elements import ROOTS, Element, Elements
from govcrawl.page.hiding import PROPERTIES, Declarations, Hiding, clear_colour, inline, judge, pixels, tiny_font
from govcrawl.page.origins import Origin, as_written
from govcrawl.page.painting import Styles, in_force, laid_over, painted_over, reaching
from govcrawl.page.reach import PLAIN, Look, Names, Reached
from govcrawl.page.style_rules import StyleRule

# Where the walk up ends whatever a page nests; browsers build no deeper trees either.
MAX_DEPTH = 512
_MAX_INNER = 4
_SUBDOCUMENTS = {"noscript": "noscript", "template": "template", "select": "option"}
# An object shows what it embeds, by itself or by one of these directly inside; all else in it is for browsers that can show none.
_EMBEDDED = frozenset(("object", "embed", "iframe", "param"))
# Who hides all of a page hides nothing from anyone: templates do it until a script has put the page in order, and show it then.
_WHOLE_PAGE = frozenset(("html", "body"))
_SPEAKING_ATTRIBUTES = frozenset(("style", "hidden", "bgcolor", "background"))
_MENU_TAGS = ("nav", "dialog")
_SPEAKING = frozenset(("marquee", "font", "object", *_SUBDOCUMENTS))
# Elements without any of these hand down what they are given, unless a rule reaches them.
_HEARD_ATTRIBUTES = _SPEAKING_ATTRIBUTES | {"role"}
_HEARD = _SPEAKING.union(_MENU_TAGS)
_MENU_ROLES = frozenset({"tabpanel", "dialog", "menu", "menubar", "listbox", "tooltip", "navigation", "tablist", "alertdialog"})


@dataclass(frozen=True, slots=True)
class Concealment:
    """Why an element cannot be seen: the technique, its declarations, where they stand and on which element.

    `revealed` says that a rule of the page shows it again in some state (hover, open), as menus do, or that it is the strip of a carousel.
    """

    technique: str
    declared: str
    where: str
    locator: str
    root: int
    revealed: bool = False
    by_script: bool = False
    text: str = ""

    @property
    def rule(self) -> str:
        """The declarations as they are written in the `text` they stand in."""
        return as_written(self.declared, self.text) if self.text else self.declared

    @property
    def why(self) -> str:
        return f"{self.rule} ({self.where} on {self.locator})"


class _State(Struct, frozen=True, eq=False):
    """What an element hands down: how it is hidden, and the inherited values that a child may set again."""

    concealment: Concealment | None = None
    invisible: Concealment | None = None
    tiny: Concealment | None = None
    background: colours.Rgb | None = None
    menu: bool = False
    met: frozenset[str] = frozenset()  # the names on the way down that hiding rules want above their elements
    handed: bool = False  # whether an element below may set again what is handed down
    fallback: Concealment | None = None  # of what an object holds


_SEEN = _State()
_NOTHING: tuple[Declarations, Hiding | None] = ({}, None)
_UNSCRIPTED: tuple[Declarations, str] = ({}, "")
_NOWHERE = Origin()


def _unreached(_names: Names) -> Look:
    return PLAIN


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
        self.sheets = tuple(sheets)
        self._scripted = scripted or {}
        self._source = unwritten
        self._elements = Elements(classed or {})
        self._reached = Reached(tuple(sheet for _source, sheet in self.sheets), classed or {})
        self.styles = Styles([sheet for _source, sheet in self.sheets], self._scripted)
        self._look = self._reached.look if self._reached else _unreached
        self._looks = self._reached.looks if self._reached else {}
        self._everywhere = self._reached.everywhere
        self._heard = _HEARD_ATTRIBUTES | self._reached.attributes
        self._unscripted = not self._scripted
        self._states: dict[int, tuple[_State, int]] = {}  # with the depth

    @lazy
    def _unwritten(self) -> str:
        return self._source.lower()

    def of(self, node: LexborNode, attributes: dict[str, str | None] | None = None) -> Concealment | None:
        """Whoever has the attributes of the node at hand gives them: to read them is a third of the work."""
        state, _depth = self._state(node, attributes)
        return state.concealment or state.invisible or state.tiny

    def place(self, node: LexborNode) -> str:
        """Where in the page an element stands: a short css path."""
        return locator(self._element(node))

    def painted(self, element: Element) -> Concealment | None:
        """Whether all rules together paint the words of a link like what lies behind them; dearer than `of`, so asked where it matters."""
        said = painted_over(element, self.styles)
        return self._told(Hiding("colour", said), "all rules together", "", element, False) if said else None

    def words_of(self, node: LexborNode) -> Element:
        """The innermost element that holds all words of a link."""
        inner = node
        for _ in range(_MAX_INNER):
            child = inner.child
            while child is not None and child.tag == "-text" and not (child.text() or "").strip():
                child = child.next
            if child is None or child.tag not in ("font", "span", "b", "strong", "em", "i"):
                break
            inner = child
        return self._element(inner)

    def _element(self, node: LexborNode) -> Element:
        """The element; of one that lies too deep, that of the last above it that was looked at."""
        for _ in range(self._state(node)[1] - MAX_DEPTH):
            node = node.parent or node
        return self._elements.of(node, node.tag or "", node.attributes)

    def _state(self, node: LexborNode, attributes: dict[str, str | None] | None = None) -> tuple[_State, int]:
        """The chain is walked up to the first known element and then down again, so no depth can overflow the stack."""
        states = self._states
        chain: list[tuple[int, LexborNode]] = []
        place: LexborNode | None = node
        found = None
        while place is not None:
            key = place.mem_id
            if (found := states.get(key)) is not None:
                break
            chain.append((key, place))
            place = place.parent
        if found is None:
            found = _SEEN, 0
            while chain and chain[-1][1].tag in ROOTS:
                chain.pop()
        state, depth = found
        look_at, looks, unscripted = self._look, self._looks, self._unscripted
        everywhere, heard = self._everywhere, self._heard
        for key, step in reversed(chain):
            depth += 1
            if depth <= MAX_DEPTH and state.concealment is None:
                own = step.attributes if attributes is None or step is not node else attributes
                tag = step.tag or ""
                names = (tag, own.get("id"), own.get("class"))
                look = looks.get(names) or look_at(names)
                # Most elements hand down what they are given.
                if (
                    (look is not PLAIN and look.matters(state.met))
                    or not unscripted
                    or state.handed
                    or tag in _HEARD
                    or not heard.isdisjoint(own)
                    or (everywhere and not everywhere.isdisjoint(state.met))
                ):
                    state = self._step(step, tag, own, look, state)
            states[key] = found = state, depth
        return found

    def _step(self, node: LexborNode, tag: str, attributes: dict[str, str | None], look: Look, above: _State) -> _State:
        hit = look.hit(above.met) or self._is_reached(attributes, above.met)
        met = above.met if look.own <= above.met else above.met | look.own
        menu = above.menu or tag in _MENU_TAGS or attributes.get("role") in _MENU_ROLES
        below = above
        if menu is not above.menu or met is not above.met:
            below = structs.replace(above, menu=menu, met=met)
        if (
            hit
            or above.handed
            or tag in _SPEAKING
            or not _SPEAKING_ATTRIBUTES.isdisjoint(attributes)
            or (self._scripted and (attributes.get("id") or "") in self._scripted)
        ):
            return self._judged(self._elements.of(node, tag, attributes), below, hit)
        return below

    def _is_reached(self, attributes: Mapping[str, str | None], met: frozenset[str]) -> bool:
        """Whether a rule that ends in no name could reach an element with these attributes, below these names."""
        return not (self._everywhere.isdisjoint(met) and self._reached.attributes.isdisjoint(attributes))

    def _judged(self, element: Element, below: _State, hit: bool) -> _State:
        """What the element hands down, where nothing said about it would leave it at `below`; `hit`: a hiding rule may reach it."""
        style, origin, hiding = self._style(element, hit, below.handed)
        menu = below.menu
        if element.tag in _WHOLE_PAGE:
            return structs.replace(below, background=self._background(element, style, below.background))
        concealment = self._by_markup(element, element.attributes)
        if concealment is None and element.tag not in _EMBEDDED:
            concealment = below.fallback
        if concealment is None and hiding and hiding.technique != "visibility":
            concealment = self._found(hiding, origin, element, menu)
        invisible = self._inherited(below.invisible, style, "visibility", origin, element, menu)
        tiny = self._inherited(below.tiny, style, "font-size", origin, element, menu)
        fallback = self._told(Hiding("object", "<object>"), "element", "", element, False) if element.tag == "object" else None
        return _State(
            concealment or self._by_colour(element, style, origin, below.background),
            invisible,
            tiny,
            self._background(element, style, below.background),
            menu,
            below.met,
            bool(invisible or tiny or fallback),
            fallback,
        )

    def _style(self, element: Element, hit: bool, undoing: bool) -> tuple[Declarations, Origin, Hiding | None]:
        """The declarations in force on an element, where they stand, and how they hide it."""
        written = element.attributes.get("style")
        own, hiding = inline(written) if written else _NOTHING
        scripted, script = (self._scripted.get(element.id) if self._scripted and element.id else None) or _UNSCRIPTED
        ruled = self._ruled(element, hit, undoing)
        if not ruled and not script:
            return own, Origin("", written) if written else _NOWHERE, hiding
        style, rules = ruled or ({}, ())
        laid_over(style, own)
        style.update(scripted)
        return style, Origin(script, written or "", rules), judge(style)

    def _ruled(self, element: Element, hit: bool, undoing: bool) -> tuple[dict[str, str], Sequence[tuple[str, StyleRule]]] | None:
        """What the sheets say, and which of their rules hide something, the one that wins last. Asked in full only where there is such a
        rule, or where one may undo what is inherited.
        """
        hits = [
            (rule.specificity, at, rule.order, source, rule)
            for at, (source, sheet) in enumerate(self.sheets if hit else ())
            for rule in reaching(sheet.hiding.get, element)
            if rule.declared
        ]
        if not hits and not undoing:
            return None
        style = in_force(element, [sheet for _source, sheet in self.sheets])
        if not hits:
            return (style, ()) if style else None
        hits.sort(key=itemgetter(0, 1, 2))
        return style, [(source, rule) for _specificity, _at, _order, source, rule in hits]

    def revealed(self, element: Element) -> bool:
        """Whether some state rule of the sheets speaks of this element: then it is a menu, a tab or a folded text."""
        found = [states for _source, sheet in self.sheets if (states := sheet.revealing)]
        return any(element.tag in states or not states.isdisjoint(element.names) for states in found)

    def _found(self, hiding: Hiding, origin: Origin, element: Element, menu: bool) -> Concealment:
        return self._told(hiding, *origin.of(hiding.rule), element, menu)

    def _told(self, hiding: Hiding, where: str, text: str, element: Element, menu: bool) -> Concealment:
        revealed = menu or hiding.strip or self.revealed(element)
        by_script = self.is_by_script(where, element)
        return Concealment(hiding.technique, hiding.rule, where, locator(element), element.key, revealed, by_script, text)

    def is_by_script(self, where: str, element: Element) -> bool:
        """Whether a script sets the declarations or wrote the element: then its opening tag stands nowhere outside scripts."""
        if where.endswith("a script"):
            return True
        sign = element.attributes.get("style") or f"<{element.tag}"
        # Written in the page as a rule, so that the case of its letters need not be looked over.
        if where not in ("inline style", "attribute") or not self._source or sign in self._source:
            return False
        return sign.lower() not in self._unwritten

    def _by_markup(self, element: Element, attributes: Mapping[str, str | None]) -> Concealment | None:
        tag = element.tag
        if "hidden" in attributes:
            return self._told(Hiding("display-none", "hidden"), "attribute", "", element, False)
        if tag == "marquee" and (rule := _still_marquee(attributes)):
            return self._told(Hiding("marquee", rule), "attribute", "", element, False)
        if tag in _SUBDOCUMENTS:
            return self._told(Hiding(_SUBDOCUMENTS[tag], f"<{tag}>"), "element", "", element, False)
        return None

    def _inherited(  # noqa: PLR0917 - one call, which passes what it has at hand in the order of the walk
        self, above: Concealment | None, style: Declarations, name: str, origin: Origin, element: Element, menu: bool
    ) -> Concealment | None:
        size = element.attributes.get("size") if name == "font-size" and element.tag == "font" else None
        if name not in style:
            return None if size else above
        hiding = tiny_font(style) if name == "font-size" else judge({name: style[name]})
        return self._found(hiding, origin, element, menu) if hiding else None

    def _by_colour(self, element: Element, style: Declarations, origin: Origin, behind: colours.Rgb | None) -> Concealment | None:
        """Text in the colour of its background, both said outright; never where an image lies behind."""
        if element.tag not in ("a", "font", "span") or not (style or "color" in element.attributes):
            return None
        if hiding := clear_colour(style):
            return self._found(hiding, origin, element, False)
        said = style.get("color") or (element.attributes.get("color") if element.tag == "font" else None)
        colour = colours.parse(said) if said else None
        under = self._background(element, style, behind)
        if colour is None or under is None or not colours.alike(colour, under):
            return None
        return self._found(Hiding("colour", f"color:{said} on the same background"), origin, element, False)

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
