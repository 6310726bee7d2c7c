"""The rules of a style sheet that apply on a desktop screen."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from govcrawl.kit.hits import hits_of
from govcrawl.page.sheet_signs import CLOSE, OPEN, QUOTES, clear_colours, folded, signs

STRING = re.compile(r""" "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' """, re.VERBOSE)
_SCREEN = re.compile(r"\b(?:print|speech|aural|braille|embossed|tty)\b", re.IGNORECASE)
_MAX_WIDTH = re.compile(r"max-(?:device-)?width\s*:\s*(\d+)", re.IGNORECASE)
_MIN_WIDTH = re.compile(r"min-(?:device-)?width\s*:\s*(\d+)", re.IGNORECASE)
_WINDOW_PX = 1366


# Where the selectors of a rule begin, and the braces of its body; where something that hides could stand first in the body, -1 where nothing
# could; and whether the selectors may speak of a state. A plain tuple: there are a thousand in a sheet.
Rule = tuple[int, int, int, int, bool]


def rules_of(text: str) -> Iterator[Rule]:  # noqa: C901 - its states do not split
    """In the order of the text: one pass over braces, quotes and signs."""
    automaton, states, closing, longest = signs()
    strings, clear = _Strings(text), clear_colours(text)
    blocks: list[bool] = []  # for each open at-block: does it apply
    closed, stateful = 0, False  # how many of them do not
    begin, opened, sign, state, done = 0, -1, -1, -1, 0
    for hits in hits_of(automaton, folded(text), longest):
        for kind, start, stop in hits:
            if start < done:
                continue
            done = stop
            if kind == OPEN:
                if opened >= 0:  # the brace before this one opened an at-block
                    blocks.append(_applies(text[begin:opened]))
                    closed += not blocks[-1]
                    begin = opened + 1
                opened, sign, stateful = start, -1, state >= begin
            elif kind == CLOSE or states <= kind < closing:
                if opened >= 0 and not closed:
                    if sign < 0:
                        sign = start if kind != CLOSE else opened + 1 if clear and _within(clear, opened, done) else -1
                    yield begin, opened, done - 1, sign, stateful
                elif opened < 0 and blocks:
                    closed -= not blocks.pop()
                begin, opened = done, -1
            elif kind < QUOTES:
                done = strings.end(start)
            elif kind < states:
                state = start
            elif sign < 0:
                sign = start


def _within(places: list[int], start: int, end: int) -> bool:
    """Whether one of these sorted places lies in a part of the text."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


class _Strings:
    """The strings of a text, each line searched once from the same kind of quote however many of them end nothing."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._unclosed: dict[str, int] = {}

    def end(self, start: int) -> int:
        """Where the string ends that a quote begins; behind the quote, where it begins none."""
        quote = self._text[start]
        if start < self._unclosed.get(quote, 0):
            return start + 1
        if string := STRING.match(self._text, start):
            return string.end()
        line = self._text.find("\n", start)
        self._unclosed[quote] = line if line >= 0 else len(self._text)
        return start + 1


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


def without_comments(text: str) -> str:
    """A comment that nobody closes reaches to the end. What stood around one never makes a new one."""
    kept: list[str] = []
    done = 0
    while (start := text.find("/*", done)) >= 0:
        kept.append(text[done:start])
        end = text.find("*/", start + 2)
        done = end + 2 if end >= 0 else len(text)
        if text.startswith("*", done) and text.endswith("/", 0, start):
            kept.append(" ")
    return "".join([*kept, text[done:]]) if kept else text
