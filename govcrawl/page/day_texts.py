"""Which texts of a page may hold a day."""

import re
from collections.abc import Iterator, Sequence

# Each begins with a plain character: a search finds one ten times faster than one of several. What stands before it is looked at after it.
_SIGNS = tuple(
    map(
        re.compile,
        (
            r"-(?<=\d-) ?\d\d?+(?!\d)(?:-\d*)?",
            r"/(?<=\d/) ?\d\d?+(?!\d)(?:/\d*)?",
            r"\.(?<=\d\.) ?\d\d?+(?!\d)(?:\.\d*)?",
            r"月(?:(?<=\d月) ?\d|.{1,3}日)",
            r"2(?:(?<!\d2)0\d{6}(?!\d)|0\d\d年 ?\d\d?月)",
        ),
    )
)
_LONGEST = 400  # characters of a text that may tell a day of its own
_PORTION = 200_000
_REACH = 10  # no sign is longer


def day_texts(lines: str, words: Sequence[str]) -> Iterator[int]:
    """Indexes of those among `words` that may hold a day, by a few searches over all of them at once: `lines` has one each."""
    at, counted, last = 0, 0, -1
    for start in sorted(_starts(lines)):
        at += lines.count("\n", counted, start)
        counted = start
        if at != last and len(words[at]) < _LONGEST:
            yield at
        last = at


def _starts(text: str) -> set[int]:
    """Where the signs are. By portions: a search through megabytes of figures would hold the interpreter."""
    return {
        match.start()
        for first in range(0, len(text), _PORTION)
        for sign in _SIGNS
        for match in sign.finditer(text, first, first + _PORTION + _REACH)
    }
