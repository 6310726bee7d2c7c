"""Findings as rows: what one transaction does with them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator

from govcrawl.findings import lifecycle
from govcrawl.findings.document import Document, encodable, from_document, to_document
from govcrawl.findings.lifecycle import Event
from govcrawl.findings.model import Record
from govcrawl.store.documents import event_document

_PUT = "INSERT OR REPLACE INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def see(db: sqlite3.Connection, seen: Iterable[Record]) -> None:
    """Takes observations in, each at most once a page and campaign."""
    for fresh in seen:
        before = _get(db, fresh.id)
        after = lifecycle.decide(before, fresh, new_page=_sighting(db, fresh))
        if after != before:
            put(db, after)
            put_event(db, lifecycle.event(before, after, fresh.last_campaign, fresh.last_seen))


def find(db: sqlite3.Connection, prefix: str) -> Record | None:
    """The finding of this id, or the only one whose id begins so."""
    # "g" follows the last hex digit.
    rows = db.execute("SELECT document FROM findings WHERE id >= ? AND id < ? LIMIT 2", (prefix, f"{prefix}g")).fetchall()
    return from_document(json.loads(rows[0][0])) if prefix and len(rows) == 1 else None


def put(db: sqlite3.Connection, record: Record) -> None:
    document = to_document(record)
    site, life = document["site"], document["finding"]
    columns = (site["id"], site["name"], life["category"], record.finding.rule.id, life["severity"], life["state"])
    times = (record.last_campaign, document["@timestamp"])
    db.execute(_PUT, (record.id, *columns, *times, _words(document), json.dumps(document, ensure_ascii=False)))


def put_event(db: sqlite3.Connection, event: Event | None) -> None:
    if event:
        document = event_document(event)
        row = (event.id, event.finding, document["@timestamp"], json.dumps(document, ensure_ascii=False))
        db.execute("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?)", row)


def unseen(db: sqlite3.Connection, site: str, campaign: str) -> Iterator[Record]:
    """Findings of the site that are not resolved and that no page of the campaign showed."""
    sql = """
        SELECT document FROM findings WHERE site = ? AND state IN ('open', 'confirmed', 'reopened')
        AND NOT EXISTS (SELECT 1 FROM sightings WHERE finding = findings.id AND campaign = ?)
    """
    for (text,) in db.execute(sql, (site, campaign)).fetchall():
        yield from_document(json.loads(text))


def recount(db: sqlite3.Connection, site: str, campaign: str) -> None:
    """Sets `occurrences` of the site's findings to what the sightings of the campaign tell."""
    sql = """
        SELECT document, (SELECT count(*) FROM sightings WHERE finding = findings.id AND campaign = findings.campaign)
        FROM findings WHERE site = ? AND campaign = ?
    """
    for text, pages in db.execute(sql, (site, campaign)).fetchall():
        before = from_document(json.loads(text))
        after = lifecycle.recount(before, pages)
        if after != before:
            put(db, after)


def _get(db: sqlite3.Connection, finding_id: str) -> Record | None:
    row = db.execute("SELECT document FROM findings WHERE id = ?", (finding_id,)).fetchone()
    return from_document(json.loads(row[0])) if row else None


def _sighting(db: sqlite3.Connection, seen: Record) -> bool:
    row = (seen.id, seen.last_campaign, encodable(seen.finding.url))
    return db.execute("INSERT OR IGNORE INTO sightings VALUES (?, ?, ?)", row).rowcount == 1


def _words(document: Document) -> str:
    """What a search by text looks at, in lower case."""
    evidence = document["finding"]["evidence"]
    parts = (
        document["finding"]["title"],
        evidence["snippet"],
        evidence.get("reason", ""),
        evidence.get("target", ""),
        document["rule"]["name"],
        document["site"]["name"],
        document["url"]["full"],
    )
    return "\n".join(parts).lower()
