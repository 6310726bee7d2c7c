"""The JSON documents of everything a store keeps beside the findings: columns, site reports, gaps, events."""

from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

import msgspec

from govcrawl.findings.document import Document, address_document, encodable, moment, site_document, site_label
from govcrawl.findings.lifecycle import Event
from govcrawl.findings.model import NotInspected, Record, State
from govcrawl.kit.clock import iso
from govcrawl.sites.model import Column
from govcrawl.sites.scripts import ScriptHosts
from govcrawl.store.protocol import ColumnRecord, SiteReport, WorkersSample


def key(*parts: str) -> str:
    """One id of several parts: 32 hex digits, because Elasticsearch takes at most 512 bytes and addresses are longer."""
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def sighting_document(seen: Record) -> Document:
    return {
        "@timestamp": iso(seen.last_seen),
        "finding": {"id": seen.id},
        "site": {"id": seen.site.id},
        "url": {"full": encodable(seen.finding.url)},
        "campaign": {"id": seen.last_campaign},
    }


def sighting_key(seen: Record) -> str:
    return key(seen.id, seen.last_campaign, seen.finding.url)


def event_document(event: Event) -> Document:
    said = {"by": event.by, "reason": event.reason} if event.by or event.reason else {}
    document: Document = {
        "@timestamp": iso(event.at),
        "event": {"action": event.action} | said,
        "finding": {"id": event.finding, "category": event.category, "state": str(event.state)},
        "site": {"id": event.site},
        "campaign": {"id": event.campaign},
    }
    return dict(encodable(document))


def read_event(document: Mapping[str, Any]) -> Event:
    told, finding = document["event"], document["finding"]
    return Event(
        finding=finding["id"],
        site=document["site"]["id"],
        category=finding["category"],
        campaign=document["campaign"]["id"],
        action=told["action"],
        at=moment(document["@timestamp"]),
        state=State(finding["state"]),
        by=told.get("by", ""),
        reason=told.get("reason", ""),
    )


def column_document(record: ColumnRecord) -> Document:
    document: Document = {
        "@timestamp": iso(record.seen_at),
        "site": {"id": record.site},
        "campaign": {"id": record.campaign},
        "column": msgspec.to_builtins(record.column),
    }
    return dict(encodable(document))


def read_column(document: Mapping[str, Any]) -> ColumnRecord:
    return ColumnRecord(
        site=document["site"]["id"],
        campaign=document["campaign"]["id"],
        seen_at=moment(document["@timestamp"]),
        column=msgspec.convert(document["column"], Column),
    )


def site_report_document(report: SiteReport) -> Document:
    facts = {
        "url": report.url,
        "state": report.state,
        "reason": report.reason,
        "pages": report.pages,
        "failed_pages": report.failed_pages,
        "findings": dict(report.findings),
        "scripts": msgspec.to_builtins(report.scripts),
    } | ({"today": report.today.isoformat()} if report.today else {})
    document: Document = {
        "@timestamp": iso(report.concluded_at),
        "site": site_document(report.site) | facts,
        "campaign": {"id": report.campaign},
    }
    return dict(encodable(document))


def read_site_report(document: Mapping[str, Any]) -> SiteReport:
    site = document["site"]
    return SiteReport(
        site=site_label(site),
        url=site["url"],
        campaign=document["campaign"]["id"],
        state=site["state"],
        reason=site["reason"],
        pages=site["pages"],
        failed_pages=site["failed_pages"],
        concluded_at=moment(document["@timestamp"]),
        findings=site["findings"],
        today=date.fromisoformat(site["today"]) if site.get("today") else None,
        scripts=msgspec.convert(site.get("scripts", {}), ScriptHosts),
    )


def workers_documents(sample: WorkersSample) -> list[Document]:
    """One document of the frontier, then one a worker, then one a reason of failure."""
    at = {"@timestamp": iso(sample.at)}
    workers = [dict(encodable(at | {"worker": {"id": worker} | dict(told)})) for worker, told in sample.workers.items()]
    failures = [at | {"failure": {"reason": reason, "pages": pages}} for reason, pages in sample.failures.items()]
    return [at | {"frontier": dict(sample.frontier)}, *workers, *failures]


def not_inspected_document(record: NotInspected) -> Document:
    document: Document = {
        "@timestamp": iso(record.seen_at),
        "site": {"id": record.site},
        "campaign": {"id": record.campaign},
        "url": address_document(record.url),
        "inspection": {"what": record.what, "reason": record.reason},
    }
    return dict(encodable(document))


def read_not_inspected(document: Mapping[str, Any]) -> NotInspected:
    return NotInspected(
        url=document["url"]["full"],
        site=document["site"]["id"],
        campaign=document["campaign"]["id"],
        what=document["inspection"]["what"],
        reason=document["inspection"]["reason"],
        seen_at=moment(document["@timestamp"]),
    )
