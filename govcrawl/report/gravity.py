"""The order in which a report shows findings."""

from collections.abc import Sequence

from govcrawl.findings.model import Record, Severity

_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


def gravest_first(findings: Sequence[Record]) -> list[Record]:
    """Those of a site stay together within their severity."""
    return sorted(findings, key=lambda record: (_GRAVITY[record.finding.severity], record.site.id))
