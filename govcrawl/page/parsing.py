"""The tree of markup, up to where it costs more than any page needs.

lexbor takes time in the square of the depth, of the entries of a select and of the attributes of an element: a few hundred kilobytes
can keep it for minutes. The markup is looked over first, in time that grows with its length only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

# Steps of some nanoseconds each. Of 570 labelled pages none takes more than 0.5 million.
MAX_STEPS = 100_000_000
_STEPS_OF_ENTRY = 3  # each walks over those before it
_FEW_TAGS = 5_000  # make no more steps than that, however they are arranged: n tags 2 n² at most
_ENDLESS = "area base br col embed hr img input link meta param source track wbr"
_END_WITH_THE_NEXT = "p li td th tr dd dt tbody thead tfoot colgroup html head body"
_FLAT, _ENTRY, _NESTS = 1, 2, 3
_KINDS = dict.fromkeys([*_ENDLESS.split(), *_END_WITH_THE_NEXT.split()], _FLAT) | {"option": _ENTRY, "optgroup": _ENTRY}
_TAG = re.compile(r"<(/?[a-z][^\s/>]*)", re.IGNORECASE)
_MAX_ATTRIBUTES = 10_000
# A tag of so many attributes has no end near by, unless in quotes.
_LONG_TAG = re.compile(r"<[a-z][^>]{10000}", re.IGNORECASE)
_WINDOW = 5_000  # at most half as long
_WHOLE_TAG = re.compile(r"""<[a-z](?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+){6,}+""", re.IGNORECASE)
_LONG_PAGE = 200_000  # characters; in a shorter one all attributes together cost no second
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>]*+)""")
_BETWEEN = re.compile(r"[\s/]+")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is read of a page or a text. Of 570 labelled pages the longest has 0.9 MB, and none more than 21,000 tags; browsers
    flatten what is nested deeper than 512.
    """

    text_bytes: int = 3_000_000
    tags: int = 60_000
    nesting: int = 5_000


BOUNDS = Bounds()


def beginning(body: bytes, most: int) -> bytes:
    """The body up to so many bytes, ending before a tag where there is one: no character is cut in two there."""
    if len(body) <= most:
        return body
    at = body.rfind(b"<", 0, most)
    return body[: at if at > 0 else most]


def parse(markup: str, bounds: Bounds = BOUNDS) -> LexborHTMLParser:
    """The tree of the markup, up to where it costs too much."""
    return LexborHTMLParser(markup[: cut(markup, bounds)[0]])


def cut(markup: str, bounds: Bounds = BOUNDS) -> tuple[int | None, str]:
    """Where the tree ends early, and why; None and "" where it holds the whole markup."""
    few = min(_FEW_TAGS, bounds.tags, bounds.nesting)
    at, why = _cut_by_tags(markup, bounds) if markup.count("<") > few else (None, "")
    crowded = _crowded(markup, len(markup) if at is None else at)
    return (at, why) if crowded is None else (crowded, f"an element of more than {_MAX_ATTRIBUTES:,} attributes")


def _crowded(markup: str, end: int) -> int | None:
    """Where the first element of too many attributes begins."""
    if end <= 2 * _MAX_ATTRIBUTES:
        return None  # an attribute takes two characters
    tags = (tag for start, stop in _endless(markup, end) for tag in _LONG_TAG.finditer(markup, start, stop))
    places = [tag.start() for tag in tags if _is_crowded(markup[tag.start() : _end_of(markup, tag)])]
    if len(markup) > _LONG_PAGE:
        long = (tag for tag in _WHOLE_TAG.finditer(markup, 0, end) if len(tag[0]) > _MAX_ATTRIBUTES)
        places += [tag.start() for tag in long if _is_crowded(tag[0])]
    return min(places, default=None)


def _endless(markup: str, end: int) -> Iterator[tuple[int, int]]:
    """Stretches in which no tag ends. A long one covers one of the windows: looking for an end in each takes no time on most pages."""
    last = 0
    for at in range(0, end - _WINDOW + 1, _WINDOW):
        if at >= last and markup.find(">", at, at + _WINDOW) < 0:
            start, stop = markup.rfind(">", last, at) + 1, markup.find(">", at, end)
            last = stop if stop >= 0 else end
            yield start, last


class _Kinds(dict[str, tuple[int, str]]):
    """Kind and name of a tag as it is written, worked out once for each way to write it."""

    def __missing__(self, tag: str) -> tuple[int, str]:
        name = tag.removeprefix("/")
        # An end in capitals ends what began in small letters, which is counted under its own name: too deep rather than too shallow.
        self[tag] = kind = _KINDS.get(name.lower(), _NESTS), name
        return kind


def _cut_by_tags(markup: str, bounds: Bounds) -> tuple[int | None, str]:
    opened: dict[str, int] = {}
    kinds = _Kinds()
    depth = entries = steps = 0
    # All at once: a step of the loop costs less than the making of a match.
    for number, tag in enumerate(_TAG.findall(markup)):
        # An element looks for its place among those that are open, an end for its beginning.
        steps += depth
        kind, name = kinds[tag]
        if kind == _NESTS:
            slash = tag[0] == "/"
            if not slash or opened.get(name):
                step = -1 if slash else 1
                opened[name] = opened.get(name, 0) + step
                depth += step
            if entries and name.lower() == "select":
                entries = 0
        elif kind == _ENTRY:
            entries += tag[0] != "/"
            steps += _STEPS_OF_ENTRY * entries
        if depth > bounds.nesting:
            return _at(markup, number), f"nested more than {bounds.nesting:,} elements deep"
        if steps > MAX_STEPS or number >= bounds.tags:
            return _at(markup, number), f"more than {bounds.tags:,} tags, or as costly as those"
    return None, ""


def _at(markup: str, number: int) -> int:
    return next(islice(_TAG.finditer(markup), number, None)).start()


def _end_of(markup: str, tag: re.Match[str]) -> int:
    end = markup.find(">", tag.end())
    return end if end >= 0 else len(markup)


def _is_crowded(tag: str) -> bool:
    return len(_BETWEEN.split(_VALUE.sub(" ", tag).strip(), _MAX_ATTRIBUTES + 1)) > _MAX_ATTRIBUTES + 1
