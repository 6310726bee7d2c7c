"""The JSON document of a finding: one shape for the JSON line, the SQLite row and the Elasticsearch source."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from govcrawl.findings.mask import Masked
from govcrawl.findings.model import (
    Category,
    Confidence,
    Evidence,
    Finding,
    Record,
    Review,
    Rule,
    Severity,
    SiteLabel,
    State,
)
from govcrawl.kit.clock import iso
from govcrawl.kit.urls import bare_host, host_of, registrable

Document = dict[str, Any]

_DOMAIN = "target_domain"  # made of the target, so it is not read back
_EVIDENCE_FIELDS = ("snippet", "locator", "target", "reason")


def to_document(record: Record) -> Document:
    """Times in UTC with milliseconds. The subject stays out: its hash is in the id."""
    document = {
        "@timestamp": iso(record.last_seen),
        "finding": _life(record) | _judgement(record.finding),
        "rule": _rule(record.finding.rule),
        "site": site_document(record.site),
        "url": address_document(record.finding.url),
        "campaign": {"id": record.last_campaign},
    }
    cleaned: Document = encodable(document)
    return cleaned


def from_document(document: Mapping[str, Any]) -> Record:
    life = document["finding"]
    return Record(
        id=life["id"],
        finding=_finding(document),
        site=site_label(document["site"]),
        state=State(life["state"]),
        first_seen=moment(life["first_seen"]),
        last_seen=moment(life["last_seen"]),
        last_campaign=document["campaign"]["id"],
        occurrences=life["occurrences"],
        samples=tuple(life["samples"]),
        review=_review(life.get("review")),
        resolved_at=moment(life["resolved_at"]) if life.get("resolved_at") else None,
    )


def site_document(site: SiteLabel) -> Document:
    return {"id": site.id, "name": site.name, "region": site.region, "level": site.level, "organizer": site.organizer}


def site_label(document: Mapping[str, Any]) -> SiteLabel:
    return SiteLabel(**{name: document.get(name, "") for name in ("id", "name", "region", "level", "organizer")})


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _life(record: Record) -> Document:
    life: Document = {
        "id": record.id,
        "state": str(record.state),
        "first_seen": iso(record.first_seen),
        "last_seen": iso(record.last_seen),
        "occurrences": record.occurrences,
        "samples": list(record.samples),
    }
    if record.resolved_at:
        life["resolved_at"] = iso(record.resolved_at)
    if record.review:
        said = record.review
        life["review"] = {"state": str(said.state), "by": said.by, "reason": said.reason, "at": iso(said.at)}
    return life


def _judgement(finding: Finding) -> Document:
    return {
        "category": str(finding.category),
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "title": finding.title,
        "indicator": list(finding.indicators),
        "evidence": _evidence(finding.evidence),
    }


def _evidence(evidence: Evidence) -> Document:
    """The fixed fields win over an extra of the same name. The domain of the target is what joins the sites of one injection."""
    fixed = {name: getattr(evidence, name) for name in _EVIDENCE_FIELDS}
    fixed[_DOMAIN] = registrable(bare_host(host_of(evidence.target or ""))) or None
    return dict(evidence.extra) | {name: value for name, value in fixed.items() if value is not None}


def _rule(rule: Rule) -> Document:
    return {"id": rule.id, "version": rule.version, "name": rule.name}


def encodable(value: Any) -> Any:
    """The same JSON value where half surrogates, which no UTF-8 text can hold, are question marks."""
    try:
        # In nearly every document there are none, and this tells it many times faster than a walk.
        msgspec.json.encode(value)
    except UnicodeEncodeError:
        return _without_surrogates(value)
    return value


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _without_surrogates(item) for name, item in value.items()}
    return [_without_surrogates(item) for item in value] if isinstance(value, list | tuple) else value


def address_document(url: str) -> Document:
    return {"full": url, "domain": bare_host(host_of(url)), "path": _path(url)}


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # an IPv6 literal that is none
        return ""


def _finding(document: Mapping[str, Any]) -> Finding:
    judged, rule = document["finding"], document["rule"]
    return Finding(
        rule=Rule(rule["id"], rule["version"], rule["name"]),
        category=Category(judged["category"]),
        severity=Severity(judged["severity"]),
        confidence=Confidence(judged["confidence"]),
        title=judged["title"],
        url=document["url"]["full"],
        subject="",
        evidence=_read_evidence(judged["evidence"]),
        indicators=tuple(judged["indicator"]),
    )


def _read_evidence(document: Mapping[str, Any]) -> Evidence:
    return Evidence(
        snippet=Masked(document["snippet"]),
        locator=document.get("locator", ""),
        target=document.get("target"),
        reason=document.get("reason"),
        extra={name: value for name, value in document.items() if name not in {*_EVIDENCE_FIELDS, _DOMAIN}},
    )


def _review(document: Mapping[str, Any] | None) -> Review | None:
    if document is None:
        return None
    return Review(State(document["state"]), document["by"], document["reason"], moment(document["at"]))
