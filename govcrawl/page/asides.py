"""What the source of a page holds beside that which a browser shows: scripts, comments, text areas, templates."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from govcrawl.kit.remember import remembered

MAX_SCRIPTS = 400
MAX_SLEEPERS = 200
_SHORTEST = len("<a href=//a.cn")  # most comments name a part of the page and are shorter

_COMMENT = "<!--"
_SLEEPERS = (("comment", _COMMENT, "-->"), ("textarea", "<textarea", "</textarea"), ("template", "<template", "</template"))
# The opening tag of a script as a whole where it can be, so that it need not be looked for again: up to the next `<`, not further, which
# keeps the search linear.
_SIGN = re.compile(r"<(?:!--|t(?:extarea|emplate)|[sS][cC][rR][iI][pP][tT]\b(?:[^<>]*>)?)")
_OPENING = re.compile(r"<[sS][cC][rR][iI][pP][tT]\b[^>]*>")
_WHOLE_TAG = re.compile(r"""<\w+(?:\s+[\w:.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*+\s*/?>""").fullmatch
_CLOSED = "</script>"
_CLOSE = re.compile(r"</[sS][cC][rR][iI][pP][tT]\s*>")
_NOT_CODE = re.compile(r"""\btype\s*=\s*["']?(?:text/(?:html|template|x-|ng-|plain)|application/(?:ld\+)?json)""", re.IGNORECASE)

Signs = Sequence[tuple[str, int]]


class Script(NamedTuple):
    """One script of the source: its code and where its element begins and ends. `live` is False inside a comment."""

    code: str
    start: int
    end: int
    live: bool = True


def signs_of(html: str) -> Signs:
    """What opens an aside, and where: the one search over the source for all that look for them."""
    return [(match[0], match.start()) for match in _SIGN.finditer(html)]


@remembered(4096, 500)
def may_be_numbered(sign: str) -> bool:
    """Whether the opening tag of a script may hold `&#`: it does as far as the search came, or may end further on, behind a `>` in quotes."""
    return sign[1] in "sS" and ("&#" in sign or _WHOLE_TAG(sign) is None)


def scripts_of(html: str, signs: Signs | None = None) -> list[Script]:
    """Every script that is written in the page, in source order, also those that a comment switches off; linear in the length of the page."""
    found: list[Script] = []
    position, asleep = 0, False
    for sign, at in signs_of(html) if signs is None else signs:
        if at < position:
            if asleep and sign[1] in "sS":  # the first script of a comment; the others are not looked at
                found += _asleep(html, at, position)
                asleep = False
        elif sign == _COMMENT:
            position, asleep = _end_of_comment(html, at), True
        elif sign[1] != "t":
            position, asleep = _element(html, at, sign, found), False
        if position < 0 or len(found) >= MAX_SCRIPTS:
            break
    return found


def _end_of_comment(html: str, at: int) -> int:
    end = html.find("-->", at + len(_COMMENT))
    return end if end >= 0 else len(html)


def _element(html: str, at: int, sign: str, found: list[Script]) -> int:
    """Adds the script that begins here, unless it is data or stands in another file; gives where its element ends, -1 where none does any more."""
    opening = sign if sign[-1] == ">" else _opening(html, at)
    start = at + len(opening)
    if not opening:
        return -1
    if html.startswith(_CLOSED, start):
        return start + len(_CLOSED)
    close = _CLOSE.search(html, start)
    stop, end = close.span() if close else (len(html), len(html))
    if stop > start and _is_code(opening):
        found.append(Script(html[start:stop], at, end))
    return end


def _opening(html: str, at: int) -> str:
    """The opening tag of a script with a `<` in it; "" where it never ends."""
    match = _OPENING.match(html, at)
    return match[0] if match else ""


@remembered(4096, 500)
def _is_code(opening: str) -> bool:
    """The same few opening tags stand on all pages of a site."""
    return _NOT_CODE.search(opening) is None


def _asleep(html: str, start: int, stop: int) -> list[Script]:
    """The script that begins here, inside a comment."""
    opening = _OPENING.match(html, start, stop)
    if opening is None:
        return []
    close = _CLOSE.search(html, opening.end(), stop)
    end = close.start() if close else stop
    return [Script(html[opening.end() : end], start, end, live=False)]


def sleeping(html: str, signs: Signs) -> Iterator[tuple[str, str]]:
    """Markup that a browser does not show: comments, text areas, templates; only where an address stands in it. Linear."""
    for kind, opening, closing in _SLEEPERS:
        position, left = 0, MAX_SLEEPERS
        for at in [at for sign, at in signs if sign == opening]:
            if at < position:
                continue
            if not left:
                break
            left -= 1
            end = html.find(closing, at)
            position = end = len(html) if end < 0 else end
            inside = at + len(opening)
            # A conditional comment is shown by the browsers it is meant for.
            if (
                end - inside > _SHORTEST
                and html.find("<a ", inside, end) >= 0
                and html.find("//", inside, end) >= 0
                and not html.startswith("[if", inside)
            ):
                yield kind, html[inside:end]
