"""What became of one indicator on one site."""

from dataclasses import dataclass
from enum import StrEnum

from govcrawl.audit.indicators import Indicator


class Outcome(StrEnum):
    FELL = "fell"  # the site fails by it
    HELD = "held"
    UNDECIDED = "undecided"  # a machine may decide it, and something is missing
    REVIEW = "review"  # something waits for a person's yes or no
    NOT_JUDGED = "not judged"  # nobody measured it; a crawl cannot


@dataclass(frozen=True, slots=True)
class Instance:
    """One thing that was counted, or that could not be."""

    name: str
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """`value` is what was counted for sure, None where nothing could be; `most` what it may be at the worst.

    `counted` are the things behind `value`, `open` those that could not be judged, `missing` what it takes to decide.
    """

    indicator: Indicator
    outcome: Outcome
    reason: str
    value: float | None = None
    most: float | None = None
    counted: tuple[Instance, ...] = ()
    open: tuple[Instance, ...] = ()
    missing: str = ""
