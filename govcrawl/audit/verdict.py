"""The verdict of a site: pass, fail with the vetoes that fell, or what is missing to judge it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from govcrawl.audit.dossier import Dossier
from govcrawl.audit.indicators import IndicatorSet
from govcrawl.audit.measures import MEASURES
from govcrawl.audit.ruling import Outcome, Ruling


class Word(StrEnum):
    PASS = "pass"  # noqa: S105 - the verdict, no password
    FAIL = "fail"
    CANNOT_JUDGE = "cannot judge"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rulings` are in the order of the indicator set."""

    dossier: Dossier
    indicators: IndicatorSet
    rulings: tuple[Ruling, ...]

    @property
    def word(self) -> Word:
        """One veto that fell decides, whatever else is open; without one, all that a machine may decide must be decided."""
        outcomes = {ruling.outcome for ruling in self.rulings}
        if Outcome.FELL in outcomes:
            return Word.FAIL
        return Word.CANNOT_JUDGE if outcomes & {Outcome.UNDECIDED, Outcome.REVIEW} else Word.PASS

    @property
    def vetoes(self) -> tuple[str, ...]:
        return tuple(ruling.indicator.id for ruling in self.having(Outcome.FELL))

    def having(self, *outcomes: Outcome) -> Iterable[Ruling]:
        return (ruling for ruling in self.rulings if ruling.outcome in outcomes)


def judge(dossier: Dossier, indicators: IndicatorSet) -> Verdict:
    """Pure: the same dossier and indicators give the same verdict on any day."""
    rulings = tuple(MEASURES[one.measure](dossier, one, indicators.undated) for one in indicators.indicators)
    return Verdict(dossier, indicators, rulings)
