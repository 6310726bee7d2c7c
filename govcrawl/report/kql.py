"""The part of Kibana's query language that our dashboards use, read into the tests of a question.

`FIELD : VALUE`, `FIELD : (VALUE or VALUE)`, `FIELD : *`, `not` before any of them, `and` between them.
"""

import re
from collections.abc import Iterator

from govcrawl.store.questions import Match

_CLAUSE = re.compile(
    r"""
    \s* (?P<negated> not \s+ )?
    (?P<field> [@\w.-]+ ) \s* : \s*
    (?: \( (?P<many> [^()]+ ) \) | (?P<one> "[^"]*" | [^\s()]+ ) )
    \s* (?P<more> and \s+ )?
    """,
    re.VERBOSE | re.IGNORECASE,
)


class NotUnderstood(ValueError):  # noqa: N818 - reads as what it says
    """An expression uses more of the language than this part."""


def parse(expression: str) -> tuple[Match, ...]:
    """The tests that must all hold; none for an empty expression. Raises NotUnderstood."""
    return tuple(_clauses(expression)) if expression.strip() else ()


def _clauses(expression: str) -> Iterator[Match]:
    at, more = 0, True
    while more:
        found = _CLAUSE.match(expression, at)
        if not found:
            raise NotUnderstood(f"{expression!r}: not understood from {expression[at:]!r} on")
        yield Match(found["field"], _values(found["many"] or found["one"]), bool(found["negated"]))
        at, more = found.end(), bool(found["more"])
    if at != len(expression):
        raise NotUnderstood(f"{expression!r}: not understood from {expression[at:]!r} on")


def _values(text: str) -> tuple[str, ...]:
    values = tuple(value.strip().strip('"') for value in re.split(r"\s+or\s+", text.strip(), flags=re.IGNORECASE))
    return () if values == ("*",) else values
