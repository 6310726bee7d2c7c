"""Filters of a search as SQL."""

from govcrawl.kit.clock import iso
from govcrawl.store.protocol import FindingQuery

GROUPS = {"category": "category", "site": "site", "rule": "rule", "severity": "severity", "state": "state"}

# Filter -> condition with one placeholder. A text is looked for as it stands, whatever its script.
_CONDITIONS = {
    "kind": "category = ?",
    "severity": "severity = ?",
    "state": "state = ?",
    "campaign": "campaign = ?",
    "site": "? IN (site, site_name)",
    "rule": "instr(rule, ?) = 1",
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


def limit(query: FindingQuery) -> str:
    return "" if query.limit is None else f" LIMIT {int(query.limit)}"
