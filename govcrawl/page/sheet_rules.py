"""Where the rules of a style sheet stand that apply on a desktop screen."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

# A whole body is one token where it is plain, as most are.
_TOKEN = re.compile(r"""\{[^{}"']*\}|[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
# Plain rules in a row, as nearly all of a sheet are: passed over at once. Possessive, so that a row that breaks off costs no second look.
_ROW = re.compile(r"""(?:[^{}"'@]*+\{[^{}"']*+\})++""")
_NO_STRUCTURE = bytes(set(range(256)) - set(b"{}\"'@"))
_SCREEN = re.compile(r"\b(?:print|speech|aural|braille|embossed|tty)\b", re.IGNORECASE)
_MAX_WIDTH = re.compile(r"max-(?:device-)?width\s*:\s*(\d+)", re.IGNORECASE)
_MIN_WIDTH = re.compile(r"min-(?:device-)?width\s*:\s*(\d+)", re.IGNORECASE)
_WINDOW_PX = 1366


def rules_of(text: str, places: Sequence[int] | None = None) -> Iterator[tuple[int, int, int]]:  # noqa: C901 - its states do not split
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
                yield from _in_row(text, first, last, start, places)
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


def _is_plain(text: str) -> bool:
    """Nothing but plain rules in a row, as most sheets are that stand in a page."""
    braces = text.encode("ascii", "replace").translate(None, _NO_STRUCTURE)
    return braces == b"{}" * (len(braces) // 2)


def _in_row(text: str, first: int, last: int, start: int, places: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """The rules of a row that have a place in their body; `start` is where the first of them begins."""
    at = bisect_left(places, first)
    while at < len(places) and (place := places[at]) < last:
        before = text.rfind("}", first, place)
        opened = text.rfind("{", max(before, first), place)
        if opened >= 0:
            end = text.find("}", place)
            yield (before + 1 if before >= 0 else start), opened, end
        else:
            end = text.find("{", place)
        at = bisect_left(places, end + 1, at)


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
