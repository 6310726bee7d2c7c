"""Filters of a search as SQL."""

from govcrawl.findings.model import Severity
from govcrawl.kit.clock import iso
from govcrawl.store.protocol import FindingQuery

_ORGANIZER, _REGION = (f"json_extract(document, '$.site.{name}')" for name in ("organizer", "region"))
_GRAVITY = " ".join(f"WHEN '{severity}' THEN {rank}" for rank, severity in enumerate(Severity))
_ORDERS = {
    "newest": "",
    "oldest": "last_seen, id",
    "gravest": f"CASE severity {_GRAVITY} END",
    "site": "site",
    "pages": "json_extract(document, '$.finding.occurrences') DESC",
}

GROUPS = {
    "category": "category",
    "site": "site",
    "rule": "rule",
    "severity": "severity",
    "state": "state",
    "organizer": _ORGANIZER,
    "region": _REGION,
}

# Filter -> condition with one placeholder. A text is looked for as it stands, whatever its script.
_CONDITIONS = {
    "kind": "category = ?",
    "severity": "severity = ?",
    "state": "state = ?",
    "campaign": "? IN (campaign, substr(campaign, 1, instr(campaign, '@') - 1))",
    "site": "? IN (site, site_name)",
    "rule": "instr(rule, ?) = 1",
    "organizer": f"instr({_ORGANIZER}, ?) = 1",
    "region": f"instr({_REGION}, ?) = 1",
}


def where(query: FindingQuery) -> tuple[str, list[str]]:
    """A WHERE clause, "" when nothing is filtered, and the values of its placeholders."""
    asked = [(condition, getattr(query, name)) for name, condition in _CONDITIONS.items() if getattr(query, name)]
    if query.text:
        asked.append(("instr(words, ?) > 0", query.text.lower()))
    if query.since:
        asked.append(("last_seen >= ?", iso(query.since)))
    clause = " AND ".join(condition for condition, _ in asked)
    return (f" WHERE {clause}" if clause else ""), [value for _, value in asked]


def order(query: FindingQuery) -> str:
    """An ORDER BY clause; what is equal comes newest first."""
    return " ORDER BY " + ", ".join(filter(None, (_ORDERS[query.order], "last_seen DESC, id")))


def limit(query: FindingQuery) -> str:
    return "" if query.limit is None else f" LIMIT {int(query.limit)}"
