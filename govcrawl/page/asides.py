"""What the source of a page holds beside that which a browser shows: scripts, comments, text areas, templates."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from govcrawl.kit.remember import remembered
from govcrawl.page.openings import COMMENT, IFRAME, SCRIPT, SCRIPT_END, TEMPLATE, TEXTAREA, Openings, Signs

MAX_SCRIPTS = 400
MAX_SLEEPERS = 200
_SHORTEST = len("<a href=//a.cn")  # most comments name a part of the page and are shorter

_SLEEPERS = ((COMMENT, b"<!--", b"-->"), (TEXTAREA, b"<textarea", b"</textarea"), (TEMPLATE, b"<template", b"</template"))
_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE).match
_WHOLE_TAG = re.compile(rb"""<\w+(?:\s+[\w:.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*+\s*/?>""").fullmatch
_NOT_CODE = re.compile(rb"""\btype\s*=\s*["']?(?:text/(?:html|template|x-|ng-|plain)|application/(?:ld\+)?json)""", re.IGNORECASE)
_LONG_TAG = 1000  # bytes


class Script(NamedTuple):
    """One script of the source: its code, and at which bytes its element begins and ends. `live` is False inside a comment."""

    code: str
    start: int
    end: int
    live: bool = True


class Scripts(NamedTuple):
    """All scripts of a source. `by_numbers`: an opening tag may hold characters written as numbers."""

    found: list[Script]
    by_numbers: bool


class _Tag(NamedTuple):
    """What the opening tag of a script says. Where it is none from `<` to `>`, it may end further on, behind a `>` in quotes."""

    is_script: bool
    is_code: bool
    by_numbers: bool


def scripts_in(markup: str) -> list[Script]:
    """Every script of a piece of markup."""
    source = markup.encode("utf-8", "replace")
    return scripts_of(source, Openings(source).asides).found


def scripts_of(source: bytes, signs: Signs) -> Scripts:
    """Every script that is written in the source, in its order, also those that a comment switches off; linear in its length."""
    found: list[Script] = []
    ends = _Ends(source, signs)
    position, read, asleep, first, by_numbers = 0, 0, False, False, False
    for sign, at in signs:
        if sign == COMMENT and at >= position:
            end = source.find(b"-->", at)
            position, asleep, first = (end if end >= 0 else len(source)), True, True
        elif sign == SCRIPT and at >= read and (at >= position or asleep):
            read = start = source.find(b">", at) + 1
            if not start or len(found) >= MAX_SCRIPTS:
                return Scripts(found, True)
            tag = _tag(source[at:start])
            by_numbers |= tag.by_numbers
            if at >= position and tag.is_script:
                stop, position = ends.after(start)
                if stop > start and tag.is_code:
                    found.append(Script(_text(source[start:stop]), at, position))
                asleep = False
            elif first and tag.is_script and start <= position:  # the first script of a comment; the others are not looked at
                stop = min(ends.after(start)[0], position)
                found.append(Script(_text(source[start:stop]), at, stop, live=False))
                first = False
    return Scripts(found, by_numbers)


@remembered(4096, 500)
def _tag(opening: bytes) -> _Tag:
    """The same few opening tags stand on all pages of a site."""
    by_numbers = b"&#" in opening or _WHOLE_TAG(opening) is None
    return _Tag(_SCRIPT(opening) is not None, _NOT_CODE.search(opening) is None, by_numbers)


class _Ends:
    """Where scripts end. Asked for one place after the other, so that each sign is looked at once."""

    def __init__(self, source: bytes, signs: Signs) -> None:
        self._source = source
        self._left = iter([at for sign, at in signs if sign == SCRIPT_END])
        self._at = next(self._left, len(source))

    def after(self, start: int) -> tuple[int, int]:
        """Where the first closing tag behind a place begins and ends."""
        whole = len(self._source)
        while self._at < start:
            self._at = next(self._left, whole)
        return self._at, self._source.find(b">", self._at) + 1 or whole


def frames_by_numbers(source: bytes, signs: Signs) -> bool:
    """Whether the opening tag of an inline frame may hold characters written as numbers."""
    places = (at for sign, at in signs if sign == IFRAME)
    return any(_tag(source[at : source.find(b">", at, at + _LONG_TAG) + 1 or at + _LONG_TAG]).by_numbers for at in places)


def sleeping(source: bytes, signs: Signs) -> Iterator[tuple[str, str]]:
    """Markup that a browser does not show: comments, text areas, templates; only where an address stands in it. Linear."""
    for kind, opening, closing in _SLEEPERS:
        position, left = 0, MAX_SLEEPERS
        for at in [at for sign, at in signs if sign == kind]:
            if at < position:
                continue
            if not left:
                break
            left -= 1
            end = source.find(closing, at)
            position = end = len(source) if end < 0 else end
            inside = at + len(opening)
            # A conditional comment is shown by the browsers it is meant for.
            if (
                end - inside > _SHORTEST
                and source.find(b"<a ", inside, end) >= 0
                and source.find(b"//", inside, end) >= 0
                and not source.startswith(b"[if", inside)
            ):
                yield kind, _text(source[inside:end])


def _text(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")
