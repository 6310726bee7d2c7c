"""One line of the quality table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of one technique of one family; `n` is the number of pages looked at."""

    family: str
    technique: str
    n: int
    tp: int
    fp: int
    fn: int
    note: str = ""
