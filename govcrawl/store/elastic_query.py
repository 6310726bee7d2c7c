"""Filters of a search as typed Elasticsearch queries."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch
from elasticsearch.dsl import AsyncSearch
from elasticsearch.dsl.query import Bool, Exists, MultiMatch, Prefix, Query, Range, Term, Terms

from govcrawl.findings.model import Severity
from govcrawl.kit.clock import iso
from govcrawl.store.protocol import FindingQuery

GROUPS = {
    "category": "finding.category",
    "site": "site.id",
    "rule": "rule.id",
    "severity": "finding.severity",
    "state": "finding.state",
    "organizer": "site.organizer.keyword",
    "region": "site.region",
}
ORDERS = {
    "newest": ("-@timestamp", "finding.id"),
    "oldest": ("@timestamp", "finding.id"),
    "gravest": ("-@timestamp", "finding.id"),  # within each severity, see `in_turn`
    "site": ("site.id", "-@timestamp", "finding.id"),
    "pages": ("-finding.occurrences", "-@timestamp", "finding.id"),
}
UNRESOLVED = ("open", "confirmed", "reopened")

_FIELDS = {
    "kind": "finding.category",
    "severity": "finding.severity",
    "state": "finding.state",
}
_STARTS = {"rule": "rule.id", "organizer": "site.organizer.keyword", "region": "site.region"}
_TEXT_FIELDS = [
    "finding.title",
    "finding.evidence.snippet",
    "finding.evidence.reason",
    "finding.evidence.target.text",
    "rule.name",
    "site.name",
    "url.full.text",
]


def matching(query: FindingQuery) -> Query:
    """Everything is a filter: nothing is scored. A text is matched as a phrase, in pairs of characters where it is Chinese."""
    filters: list[Query] = [term(field, getattr(query, name)) for name, field in _FIELDS.items() if getattr(query, name)]
    if query.site:
        filters.append(Bool(should=[term("site.id", query.site), term("site.name.keyword", query.site)]))
    if query.campaign:
        filters.append(Bool(should=[term("campaign.id", query.campaign), prefix("campaign.id", f"{query.campaign}@")]))
    filters += [prefix(field, getattr(query, name)) for name, field in _STARTS.items() if getattr(query, name)]
    if query.since:
        filters.append(Range("@timestamp", {"gte": iso(query.since)}))
    if query.text:
        filters.append(MultiMatch(query=query.text, fields=_TEXT_FIELDS, type="phrase"))
    return Bool(filter=filters)


def in_turn(query: FindingQuery) -> list[FindingQuery]:
    """The searches that one after the other give the order asked for: severities are words, which no index sorts by gravity."""
    if query.order != "gravest" or query.severity:
        return [query]
    return [replace(query, severity=str(severity)) for severity in Severity]


def term(field: str, value: str) -> Query:
    return Term(field, {"value": value})


def prefix(field: str, value: str) -> Query:
    return Prefix(field, {"value": value})


def search(client: AsyncElasticsearch, index: str, query: Query) -> AsyncSearch[Any]:
    return AsyncSearch(using=client, index=index).query(query).extra(size=1000)


def unseen(site: str, campaign: str) -> Query:
    """Findings of a site that are not resolved and that were last seen in another campaign."""
    wanted: list[Query] = [term("site.id", site), Terms("finding.state", list(UNRESOLVED))]
    return Bool(filter=wanted, must_not=[term("campaign.id", campaign)])


def of_site(site: str, campaign: str) -> Query:
    return Bool(filter=[term("site.id", site), term("campaign.id", campaign)])


def by_rules(site: str, rules: Collection[str]) -> Query:
    """Findings of a site that are neither resolved nor ignored."""
    return Bool(filter=[term("site.id", site), Terms("finding.state", list(UNRESOLVED)), Terms("rule.id", sorted(rules))])


def sightings(findings: Sequence[str], campaign: str) -> Query:
    return Bool(filter=[Terms("finding.id", list(findings)), term("campaign.id", campaign)])


def seen_since(site: str, since: datetime) -> Query:
    return Bool(filter=[term("site.id", site), Range("@timestamp", {"gte": iso(since)})])


def equal(**fields: str) -> Query:
    """Documents whose fields, `__` for a dot, have these values; an empty value leaves a field open."""
    filters: list[Query] = [term(name.replace("__", "."), value) for name, value in fields.items() if value]
    return Bool(filter=filters or [Exists(field="@timestamp")])
