"""Selectors of style sheets, matched from the element upwards."""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from govcrawl.kit.remember import remembered
from govcrawl.page.elements import Element

_PART = re.compile(
    r"""
      (?P<space>\s*[>+~]\s*|\s+)
    | \#(?P<id>(?:[\w-]|[^\x00-\x7f])+) | \.(?P<cls>(?:[\w-]|[^\x00-\x7f])+)
    | \[\s*(?P<attr>[\w:-]+)\s*(?:(?P<op>[~|^$*]?=)\s*["']?(?P<value>[^"'\]]*)["']?\s*)?\]
    | (?P<tag>[a-zA-Z][\w-]*|\*)
    | :(?P<pseudo>[\w-]+)(?:\((?P<inside>(?:[^()]|\([^()]*\))*)\))?
    """,
    re.VERBOSE,
)
_NTH = re.compile(
    r"(?:(?P<odd>odd)|(?P<even>even)|(?P<step>[+-]?\d*)n\s*(?P<from>[+-]\s*\d+)?|(?P<only>[+-]?\d+))", re.IGNORECASE
)
_NUMBERED = {
    "nth-child": (False, False), "nth-last-child": (True, False), "nth-of-type": (False, True), "nth-last-of-type": (True, True),
}  # fmt: skip
_FIRST = {
    "first-child": ((False, False),), "last-child": ((True, False),), "only-child": ((False, False), (True, False)),
    "first-of-type": ((False, True),), "last-of-type": ((True, True),), "only-of-type": ((False, True), (True, True)),
}  # fmt: skip
_LINKS = frozenset(("a", "area"))
# Of a selector with several parts that fit in several ways.
_MOST_STEPS, _MOST_BESIDE = 500, 200


class Compound(NamedTuple):
    """One part of a selector; `joined` is what lies between it and the part to its right: a space, `>`, `+` or `~`."""

    tag: str
    id: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str, str], ...]
    tests: tuple["Test", ...] = ()
    joined: str = " "


class Test(NamedTuple):
    """A pseudo-class. `step` and `start` are of its `an+b`, counted from the `last` one or among `alike` ones; `inner` is what is asked, or
    must not be.
    """

    kind: str
    step: int = 0
    start: int = 0
    last: bool = False
    alike: bool = False
    inner: tuple[Compound, ...] = ()


@remembered(16384, 500)
def compile_selector(selector: str) -> tuple[Compound, ...] | None:
    """The parts from right to left; None for what is not understood."""
    parts: list[Compound] = []
    facts = _Facts()
    position, joined = 0, " "
    selector = selector.strip()
    while position < len(selector):
        match = _PART.match(selector, position)
        if match is None:
            return None
        position = match.end()
        if match["space"]:
            parts.append(facts.compound())
            joined = match["space"].strip() or " "
            parts[-1] = parts[-1]._replace(joined=joined)
            facts = _Facts()
        elif not facts.add(match):
            return None
    parts.append(facts.compound())
    return tuple(reversed(parts))


class _Facts:
    """What one compound asks for, as it is read."""

    def __init__(self) -> None:
        self.tag = ""
        self.id = ""
        self.classes: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.tests: list[Test] = []

    def add(self, match: re.Match[str]) -> bool:
        """Whether it is understood."""
        if match["id"]:
            self.id = match["id"]
        elif match["cls"]:
            self.classes.add(match["cls"])
        elif match["attr"]:
            self.attributes.append((match["attr"].lower(), match["op"] or "", match["value"] or ""))
        elif match["pseudo"]:
            found = _tests(match["pseudo"].lower(), match["inside"])
            self.tests += found or ()
            return found is not None
        elif match["tag"] != "*":
            self.tag = match["tag"].lower()
        return True

    def compound(self) -> Compound:
        return Compound(self.tag, self.id, frozenset(self.classes), tuple(self.attributes), tuple(self.tests))


def _tests(name: str, inside: str | None) -> list[Test] | None:
    """What a pseudo-class asks of an element; None where that is not understood, such as a state."""
    if name in _FIRST and inside is None:
        return [Test("number", 0, 1, last, alike) for last, alike in _FIRST[name]]
    if name in _NUMBERED and inside and (found := _NTH.fullmatch(inside.strip())):
        return [Test("number", *_progression(found), *_NUMBERED[name])]
    if name in ("not", "is", "where", "matches", "-webkit-any") and inside:
        inner = [compile_selector(one) for one in inside.split(",")]
        simple = [one[0] for one in inner if one is not None and len(one) == 1]
        return [Test("not" if name == "not" else "is", inner=tuple(simple))] if len(simple) == len(inner) else None
    plain = {"link": "link", "any-link": "link", "visited": "never", "root": "root"}.get(name)
    return [Test(plain)] if plain and inside is None else None


def _progression(found: re.Match[str]) -> tuple[int, int]:
    """Step and start of `2n+1`, `odd`, `-n+3` or `4`."""
    if found["odd"] or found["even"]:
        return 2, 1 if found["odd"] else 0
    if found["only"]:
        return 0, _number(found["only"])
    step = found["step"]
    return (int(f"{step}1") if step in ("", "+", "-") else _number(step)), _number(found["from"] or "0")


def _number(said: str) -> int:
    return int(said.replace(" ", "")[:9])


def matches(parts: tuple[Compound, ...], element: Element) -> bool:
    return fits(parts[0], element) and (len(parts) == 1 or _from(parts, 1, element, iter(range(_MOST_STEPS))))


def _from(parts: tuple[Compound, ...], at: int, element: Element, steps: Iterator[int]) -> bool:
    """Whether the parts from one on fit what lies around an element that fits the part before."""
    if at == len(parts):
        return True
    part = parts[at]
    return any(
        fits(part, place) and _from(parts, at + 1, place, steps)
        for place, _step in zip(_places(part.joined, element), steps, strict=False)
    )


def _places(joined: str, element: Element) -> Iterator[Element]:
    """The elements that stand so to another one, the nearest first."""
    if joined in ("+", "~"):
        yield from islice(element.preceding, 1 if joined == "+" else _MOST_BESIDE)
        return
    place = element.parent
    while place is not None:
        yield place
        place = place.parent if joined != ">" else None


def fits(part: Compound, element: Element) -> bool:
    return (
        (not part.tag or part.tag == element.tag)
        and (not part.id or part.id == element.id)
        and part.classes <= element.classes
        and all(_attribute(test, element) for test in part.attributes)
        and all(_holds(test, element) for test in part.tests)
    )


def _holds(test: Test, element: Element) -> bool:
    if test.kind == "number":
        number = element.number(test.last, test.alike)
        return _is_among(number, test.step, test.start) if number else False
    if test.kind in ("not", "is"):
        return any(fits(one, element) for one in test.inner) is (test.kind == "is")
    if test.kind == "link":
        return element.tag in _LINKS and "href" in element.attributes
    return test.kind == "root" and element.tag == "html"


def _is_among(number: int, step: int, start: int) -> bool:
    """Whether a number is `step` * n + `start` for an n from 0 on."""
    beyond = number - start
    return beyond == 0 if step == 0 else beyond % step == 0 and beyond // step >= 0


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda have, want: have == want,
    "~=": lambda have, want: want in have.split(),
    "|=": lambda have, want: have == want or have.startswith(f"{want}-"),
    "^=": lambda have, want: have.startswith(want),
    "$=": lambda have, want: have.endswith(want),
    "*=": lambda have, want: want in have,
}


def _attribute(test: tuple[str, str, str], element: Element) -> bool:
    name, operator, want = test
    if name not in element.attributes:
        return False
    return not operator or _OPERATORS[operator](element.attributes[name] or "", want)
