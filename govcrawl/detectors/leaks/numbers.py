"""Long numbers by their form: what can be an ID or a card number at all, before any check is reckoned."""

import re2

from govcrawl.detectors.leaks.checks import card_number, id_number, old_id_number

_BORN = r"[01]\d[0-3]\d"  # month and day
_ID = rf"[1-8]\d{{5}}(?:1[89]|2[01])\d\d{_BORN}\d{{3}}[\dXx]"
_OLD_ID = rf"[1-8]\d{{7}}{_BORN}\d{{3}}"
_GROUPED_ID = rf"[1-8]\d{{5}}[ -](?:1[89]|2[01])\d\d{_BORN}[ -]\d{{3}}[\dXx]"
# The ranges of `checks.card_number`, of 16 digits in one run or in groups of four.
_RANGE = r"(?:62|9558|9559|6013|6033|6858|6901|9400|9111|4\d|5[1-5]|35)"
_CARD = rf"{_RANGE}\d{{12,17}}|{_RANGE}\d{{0,2}} \d{{4}} \d{{4}} \d{{4}}(?: \d{{1,3}})?"
# One automaton runs over a page at about a gigabyte a second; a number of the wrong form never reaches Python.
_ID_FORM = re2.compile(rf"(?:\b|_)({_ID}|{_OLD_ID}|{_GROUPED_ID})(?:\b|_)")
_CARD_FORM = re2.compile(rf"\b({_CARD})\b")
_ANY_FORM = re2.compile(rf"(?:\b|_)(?:{_ID}|{_OLD_ID}|{_GROUPED_ID}|{_CARD})(?:\b|_)|[０-９]{{6}}")
_EIGHTEEN = re2.compile(r"(?:\b|_)(?:\d{17}[\dXx]|\d{6}[ -]\d{8}[ -]\d{3}[\dXx])(?:\b|_)")
_FULL_WIDTH = re2.compile(r"[０-９]{6}")
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ－", "0123456789Xx-")

Span = tuple[int, int]


def maybe(data: bytes) -> bool:
    """Something in the text has the form of such a number, or is written in full-width digits."""
    return bool(_ANY_FORM.search(data))


def narrow(text: str) -> str:
    """Full-width digits as plain ones."""
    return text.translate(_NARROW)


def narrowed(data: bytes) -> bytes:
    """The text as it is read: `narrow` where there is something to change; offsets are those of the result."""
    return narrow(data.decode("utf-8", "replace")).encode() if _FULL_WIDTH.search(data) else data


def id_numbers(data: bytes) -> list[tuple[Span, str]]:
    """Place and sign sequence of each number that passes the check of the new or the old form, without spaces."""
    found = [(match.span(1), _bare(match.group(1))) for match in _ID_FORM.finditer(data)]
    return [(span, number) for span, number in found if id_number(number) or old_id_number(number)]


def card_numbers(data: bytes) -> list[tuple[Span, str]]:
    """Place and digits of each number that a card in China could have."""
    found = [(match.span(1), _bare(match.group(1))) for match in _CARD_FORM.finditer(data)]
    return [(span, number) for span, number in found if card_number(number)]


def runs_of_eighteen(data: bytes) -> int:
    """How many runs of 18 signs there are, whatever they are."""
    return sum(1 for _ in _EIGHTEEN.finditer(data))


def _bare(number: bytes) -> str:
    return number.decode().replace(" ", "").replace("-", "")
