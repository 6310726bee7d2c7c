"""Which texts of a page may hold a day."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

_MAY_DATE = re.compile(r"[\d月](?:(?<=\d)[-/.月]\s?\d|(?<=月).{1,3}日|(?<=2)(?<!\d2)0\d{6}(?!\d)|(?<=2)0\d\d年\s?\d\d?月)")
# The same by its first plain character, which a search finds ten times faster than one of several.
_LED = tuple(map(re.compile, (r"-(?<=\d-)\s?\d", r"/(?<=\d/)\s?\d", r"\.(?<=\d\.)\s?\d", r"月(?<=\d月)\s?\d")))
_WHOLE = tuple(map(re.compile, (r"月.{1,3}日", r"2(?:(?<!\d2)0\d{6}(?!\d)|0\d\d年\s?\d\d?月)")))
_LONGEST = 400  # characters of a text that may tell a day of its own
_PORTION = 200_000


def day_texts(text: str, starts: Sequence[int], words: Sequence[str]) -> Iterator[int]:
    """Indexes of those among `words`, which are joined to `text`: a few searches over the whole instead of one each."""
    last, done = -1, 0
    for start, end in sorted({span for first in range(0, len(text), _PORTION) for span in _spans(text, first)}):
        if start < done:
            continue
        done = end
        at = bisect_right(starts, start) - 1
        # What was found may reach over the end of its text; that may hold another.
        if at != last and len(words[at]) < _LONGEST and (end < starts[at + 1] or _MAY_DATE.search(words[at])):
            yield at
        last = at


def _spans(text: str, first: int) -> Iterator[tuple[int, int]]:
    """Where a day may be in one portion. They overlap by more than a day is long; a search through megabytes of figures would hold the
    interpreter.
    """
    last = first + _PORTION + _LONGEST
    for led in _LED:
        yield from ((match.start() - 1, match.end()) for match in led.finditer(text, first, last))
    for whole in _WHOLE:
        yield from (match.span() for match in whole.finditer(text, first, last))
