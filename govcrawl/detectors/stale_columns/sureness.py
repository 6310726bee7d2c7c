"""How sure a finding on a column can be."""

from govcrawl.findings.model import Confidence
from govcrawl.page.behaviour import BEHAVIOUR
from govcrawl.page.trust import FAIR, SURE, trust_of
from govcrawl.sites.model import Column

_LADDER = list(Confidence)  # from high to low


def confidence_in(column: Column, most: Confidence) -> Confidence:
    """As sure as the place where its newest day was read, `most` at best; a step less where something had to be worked out, as a day that
    was changed or a class that nothing names.
    """
    trust = trust_of(column.newest_from) if column.newest_from else SURE
    read = 0 if trust >= SURE else 1 if trust >= FAIR else 2
    worked_out = bool(column.reason) or column.class_from == BEHAVIOUR
    return _LADDER[max(read, int(worked_out), _LADDER.index(most))]
