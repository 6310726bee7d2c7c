"""Findings in one SQLite file: the store of one machine."""

import json
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import Any

from govcrawl.findings import lifecycle
from govcrawl.findings.document import Document, from_document
from govcrawl.findings.lifecycle import Event
from govcrawl.findings.model import NotInspected, Observation, Record, Review
from govcrawl.kit.clock import iso
from govcrawl.store import documents, sqlite_answers, sqlite_query
from govcrawl.store.protocol import ColumnRecord, FindingQuery, SiteReport, WorkersSample
from govcrawl.store.questions import Question, Row
from govcrawl.store.sqlite_database import Database
from govcrawl.store.sqlite_findings import find, put, put_event, recount, see, unseen

FILE_NAME = "findings.sqlite"


class SqliteStore:
    """Several processes may hold one open at the same time; each write is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    async def open(cls, data_dir: Path) -> "SqliteStore":
        store = cls(Database(data_dir / FILE_NAME))
        await store.setup()
        return store

    async def setup(self) -> None:
        await self._database.create()

    async def record(self, observations: Sequence[Observation]) -> None:
        await self.confirm([lifecycle.opened(observation) for observation in observations])

    async def confirm(self, records: Sequence[Record]) -> None:
        if records:
            await self._database.write(lambda db: see(db, records))

    async def sightings(self, site: str, campaign: str) -> AsyncIterator[tuple[str, str]]:
        sql = """
            SELECT finding, url FROM findings JOIN sightings ON finding = id
            WHERE site = ? AND sightings.campaign = ? ORDER BY finding, url
        """
        async with aclosing(self._database.rows(sql, [site, campaign])) as rows:
            async for finding, url in rows:
                yield finding, url

    async def shown(self, site: str, campaign: str, rules: Collection[str]) -> AsyncGenerator[tuple[Record, str], None]:
        sql = f"""
            SELECT document, url FROM findings JOIN sightings ON finding = id
            WHERE site = ? AND state IN ('open', 'confirmed', 'reopened') AND rule IN ({", ".join("?" * len(rules))})
            AND sightings.campaign = ? ORDER BY id, url
        """  # noqa: S608 - no value in it
        async with aclosing(self._database.rows(sql, [site, *rules, campaign])) as rows:
            async for document, url in rows:
                yield from_document(json.loads(document)), url

    async def record_columns(self, columns: Sequence[ColumnRecord]) -> None:
        made = [documents.column_document(record) for record in columns]
        await self._replace("columns", [_row(one, "site.id", "column.url", "campaign.id", "@timestamp") for one in made])

    async def record_not_inspected(self, records: Sequence[NotInspected]) -> None:
        made = [documents.not_inspected_document(record) for record in records]
        await self._replace("not_inspected", [_row(one, "campaign.id", "site.id", "url.full", "inspection.what") for one in made])

    async def record_site(self, report: SiteReport) -> None:
        document = documents.site_report_document(report)
        await self._database.write(lambda db: recount(db, report.site.id, report.campaign))
        await self._replace("sites", [_row(document, "site.id", "campaign.id", "@timestamp")])

    async def resolve_unseen(self, site: str, campaign: str, at: datetime) -> int:
        def sweep(db: sqlite3.Connection) -> int:
            resolved = 0
            for before in unseen(db, site, campaign):
                after = lifecycle.resolve(before, at)
                put(db, after)
                put_event(db, lifecycle.event(before, after, campaign, at))
                resolved += after != before
            return resolved

        return await self._database.write(sweep)

    async def findings(self, query: FindingQuery) -> AsyncGenerator[Record, None]:
        clause, values = sqlite_query.where(query)
        order = f"{sqlite_query.order(query)}{sqlite_query.limit(query)}"
        sql = f"SELECT document FROM findings{clause}{order}"  # noqa: S608 - no value in it
        async with aclosing(self._documents(sql, values)) as rows:
            async for row in rows:
                yield from_document(row)

    async def finding(self, finding_id: str) -> Record | None:
        return await self._database.read(lambda db: find(db, finding_id))

    async def count_findings(self, query: FindingQuery, by: str = "category") -> Mapping[str, int]:
        clause, values = sqlite_query.where(query)
        column = sqlite_query.GROUPS[by]
        sql = f"SELECT {column}, count(*) FROM findings{clause} GROUP BY {column} ORDER BY 2 DESC, 1"  # noqa: S608 - no value in it
        return await self._database.read(lambda db: dict(db.execute(sql, values)))

    async def review(self, finding_id: str, review: Review) -> Record | None:
        def reviewed(db: sqlite3.Connection) -> Record | None:
            before = find(db, finding_id)
            if before is None:
                return None
            after = lifecycle.review(before, review)
            put(db, after)
            put_event(db, lifecycle.review_event(after, review))
            return after

        return await self._database.write(reviewed)

    async def history(self, finding_id: str) -> AsyncIterator[Event]:
        """What happened to a finding, oldest first."""
        sql = "SELECT document FROM events WHERE finding = ? ORDER BY at, id"
        async for row in self._documents(sql, [finding_id]):
            yield documents.read_event(row)

    async def columns(self, site: str) -> AsyncIterator[ColumnRecord]:
        # SQLite takes the bare columns of a group from the row that holds its max().
        sql = f"SELECT document, max(seen_at) FROM columns WHERE site = ? AND {sqlite_answers.FIRST_PAGES} GROUP BY url ORDER BY url"  # noqa: S608 - no value in it
        async for row in self._documents(sql, [site]):
            yield documents.read_column(row)

    async def column_history(self, site: str, since: datetime) -> AsyncIterator[ColumnRecord]:
        sql = "SELECT document FROM columns WHERE site = ? AND seen_at >= ? ORDER BY seen_at, url"
        async for row in self._documents(sql, [site, iso(since)]):
            yield documents.read_column(row)

    async def sites(self, campaign: str = "") -> AsyncIterator[SiteReport]:
        every = "SELECT document, max(concluded_at) FROM sites GROUP BY site ORDER BY site"
        one = "SELECT document FROM sites WHERE campaign = ? ORDER BY site"
        async for row in self._documents(one if campaign else every, [campaign] if campaign else []):
            yield documents.read_site_report(row)

    async def site_history(self, site: str, since: datetime) -> AsyncIterator[SiteReport]:
        sql = "SELECT document FROM sites WHERE site = ? AND concluded_at >= ? ORDER BY concluded_at, campaign"
        async for row in self._documents(sql, [site, iso(since)]):
            yield documents.read_site_report(row)

    async def not_inspected(self, campaign: str, site: str = "") -> AsyncIterator[NotInspected]:
        sql = "SELECT document FROM not_inspected WHERE campaign = ? AND ? IN ('', site) ORDER BY site, url, what"
        async for row in self._documents(sql, [campaign, site]):
            yield documents.read_not_inspected(row)

    async def record_workers(self, samples: Sequence[WorkersSample]) -> None:
        made = [document for sample in samples for document in documents.workers_documents(sample)]
        await self._replace("workers", [_row(document, "@timestamp") for document in made])

    async def answer(self, question: Question) -> list[Row]:
        sql, values = sqlite_answers.sql(question)
        read = sqlite_answers.reader(question)
        return [read(row) for row in await self._database.read(lambda db: db.execute(sql, values).fetchall())]

    @property
    def spooled_bytes(self) -> int:
        return 0

    async def flush(self) -> None:
        """Nothing to do: a committed transaction is on the disk and visible."""

    async def aclose(self) -> None:
        await self._database.close()

    async def _replace(self, table: str, rows: Sequence[tuple[str, ...]]) -> None:
        if not rows:
            return
        places = ", ".join("?" * len(rows[0]))
        sql = f"INSERT OR REPLACE INTO {table} VALUES ({places})"  # noqa: S608 - the table is a word of this module

        def replaced(db: sqlite3.Connection) -> None:
            db.executemany(sql, rows)

        await self._database.write(replaced)

    async def _documents(self, sql: str, values: Sequence[object]) -> AsyncGenerator[Mapping[str, Any], None]:
        async with aclosing(self._database.rows(sql, values)) as rows:
            async for row in rows:
                yield json.loads(row[0])


def _row(document: Document, *paths: str) -> tuple[str, ...]:
    """The values at these paths, then the document itself."""
    keys = (reduce(lambda part, name: part[name], path.split("."), document) for path in paths)
    return (*(str(value) for value in keys), json.dumps(document, ensure_ascii=False))
