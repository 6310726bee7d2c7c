"""Findings in Elasticsearch: the store of a cluster."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from elasticsearch import AsyncElasticsearch

from govcrawl.findings import lifecycle
from govcrawl.findings.document import Document, from_document, moment, to_document
from govcrawl.findings.model import NotInspected, Observation, Record, Review
from govcrawl.kit.clock import iso
from govcrawl.store import documents, elastic_indices
from govcrawl.store.batches import Batches
from govcrawl.store.elastic_client import Outage, bulk, connect, reachable, shown
from govcrawl.store.elastic_findings import ElasticFindings
from govcrawl.store.elastic_reading import ElasticReading
from govcrawl.store.mappings import PREFIX, TEMPLATE_OF
from govcrawl.store.protocol import ColumnRecord, SiteReport, StoreUnreachable, WorkersSample
from govcrawl.store.server import Server
from govcrawl.store.spool import FOLDER, Spool, SpoolFull, Write

log = logging.getLogger(__name__)

_FIRST_RETRY_SECONDS = 1.0
_LAST_RETRY_SECONDS = 30.0


class ElasticStore(ElasticReading):
    """While the server is away, writes wait in a spool on this machine, and the ones after them behind them."""

    def __init__(self, client: AsyncElasticsearch, url: str, spool: Spool, prefix: str = PREFIX) -> None:
        super().__init__(client, url, prefix)
        self._spool = spool
        self._writing = ElasticFindings(client, prefix, spool.bury)
        self._batches: Batches[Document] = Batches(lambda seen: self._put("seen", seen))
        self._retrying: asyncio.Task[None] | None = None
        self._replaying = asyncio.Lock()

    @classmethod
    async def open(cls, server: Server, data_dir: Path, prefix: str = PREFIX) -> "ElasticStore":
        """Raises StoreUnreachable. Indices are made where the key allows; what dead processes spooled is taken over."""
        client = connect(server)
        store = cls(client, server.url, Spool(data_dir / FOLDER), prefix)
        try:
            await store.setup()
        except StoreUnreachable:
            await client.close()
            raise
        store.adopt()
        return store

    async def setup(self) -> None:
        async with reachable(self._url):
            if not await elastic_indices.is_set_up(self._client, self._prefix):
                await elastic_indices.set_up(self._client, self._prefix)

    def adopt(self) -> None:
        """Takes over what processes of this machine left when they died."""
        if self._spool.adopt():
            self._retry_later()

    async def record(self, observations: Sequence[Observation]) -> None:
        await self.confirm([lifecycle.opened(observation) for observation in observations])

    async def confirm(self, records: Sequence[Record]) -> None:
        await self._batches.put([to_document(record) for record in records])

    async def record_columns(self, columns: Sequence[ColumnRecord]) -> None:
        for kind, later in (("columns", False), ("column-pages", True)):
            of_kind = [record for record in columns if bool(record.column.part_of) is later]
            await self._put(kind, [documents.column_document(record) for record in of_kind])

    async def record_not_inspected(self, records: Sequence[NotInspected]) -> None:
        await self._put("gaps", [documents.not_inspected_document(record) for record in records])

    async def record_site(self, report: SiteReport) -> None:
        await self._put("site", [documents.site_report_document(report)])

    async def record_workers(self, samples: Sequence[WorkersSample]) -> None:
        """Nothing is spooled: numbers of an hour ago help nobody. Raises StoreUnreachable."""
        made = [document for sample in samples for document in documents.workers_documents(sample)]
        actions = [{"do": {"create": {"_index": self._index("workers")}}, "document": document} for document in made]
        async with self._taking_writes():
            for outcome in await bulk(self._client, actions):
                if outcome.status >= 400:
                    self._spool.bury(outcome.action["document"], outcome.reason)

    async def resolve_unseen(self, site: str, campaign: str, at: datetime) -> int:
        """0 where the sweep waits in the spool."""
        return await self._put("sweep", [{"site": site, "campaign": campaign, "at": iso(at)}])

    async def review(self, finding_id: str, review: Review) -> Record | None:
        before = await self.finding(finding_id)
        if before is None:
            return None
        lifecycle.review(before, review)  # refuses before anything is written
        async with reachable(self._url), self._taking_writes():
            await self._writing.change({before.id: lambda now: _reviewed(now, review)})
        return await self.finding(before.id)

    async def repeat(self, write: Write) -> None:
        """A write of before once more; refused again, it becomes a dead letter again. Raises StoreUnreachable."""
        async with self._taking_writes():
            await self._apply(write)

    @property
    def spooled_bytes(self) -> int:
        return self._spool.size_bytes

    async def flush(self) -> None:
        """Raises StoreUnreachable where the server is away: what waits is kept for the next process."""
        async with self._taking_writes():
            await self._replay()
            await self._writing.refresh(*TEMPLATE_OF)

    async def settled(self, name: str) -> None:
        """Raises StoreUnreachable while something waits in the spool: who asks now would miss it."""
        async with self._taking_writes():
            await self._replay()
        await super().settled(name)

    async def aclose(self) -> None:
        """What still waits stays on the disk for the next process on this data directory."""
        if self._retrying:
            self._retrying.cancel()
            await asyncio.wait([self._retrying])
        with suppress(Outage):
            await self._replay()
        self._spool.close()
        await self._client.close()

    @asynccontextmanager
    async def _taking_writes(self) -> AsyncIterator[None]:
        try:
            yield
        except Outage as outage:
            raise StoreUnreachable(
                f"Elasticsearch at {shown(self._url)} takes no writes ({outage}); what was found waits in the data directory "
                "and is written by the next run with it"
            ) from outage

    async def _put(self, kind: str, made: Sequence[Document]) -> int:
        """Writes now, or on the disk behind what waits there already. Returns how many findings changed, where that is known."""
        if not made:
            return 0
        write = Write(kind, made)
        if not self._spool:
            try:
                return await self._apply(write)
            except Outage as outage:
                log.warning("Elasticsearch takes no writes; they wait in the spool", extra={"reason": str(outage)})
        self._retry_later()
        try:
            self._spool.put(write)
        except SpoolFull as full:
            raise StoreUnreachable(f"Elasticsearch at {shown(self._url)} takes no writes, and {full}; the crawl waits") from full
        return 0

    async def _apply(self, write: Write) -> int:
        if write.kind == "seen":
            await self._writing.see([from_document(document) for document in write.documents])
        elif write.kind == "sweep":
            (asked,) = write.documents
            return await self._writing.resolve(asked["site"], asked["campaign"], moment(asked["at"]))
        else:
            await self._keep(write)
        return 0

    async def _keep(self, write: Write) -> None:
        """Columns, sites and gaps: the later one of two versions stays, in whatever order they come."""
        actions = [action for document in write.documents for action in self._versions(write.kind, document)]
        for outcome in await bulk(self._client, actions):
            if outcome.status >= 400 and outcome.status != 409:
                self._spool.bury(outcome.action["document"], outcome.reason)
        if write.kind == "site":
            for document in write.documents:
                await self._writing.recount(document["site"]["id"], document["campaign"]["id"])

    def _versions(self, kind: str, document: Document) -> Iterable[Document]:
        version = {"version": int(moment(document["@timestamp"]).timestamp() * 1000), "version_type": "external_gte"}
        for index, paths in _KEYS[kind].items():
            key = documents.key(*(document[part][name] for part, name in paths))
            yield {"do": {"index": {"_index": self._index(index), "_id": key} | version}, "document": document}

    def _retry_later(self) -> None:
        if self._retrying is None or self._retrying.done():
            self._retrying = asyncio.create_task(self._retry())

    async def _retry(self) -> None:
        seconds = _FIRST_RETRY_SECONDS
        while self._spool:
            await asyncio.sleep(seconds)
            seconds = min(2 * seconds, _LAST_RETRY_SECONDS)
            with suppress(Outage):
                await self._replay()

    async def _replay(self) -> None:
        async with self._replaying:
            count = 0
            for write in self._spool.waiting():
                await self._apply(write)
                count += 1
            # Nothing awaits between the last line and this: a write of another task cannot slip in between.
            self._spool.clear()
        if count:
            log.warning("what waited in the spool is written", extra={"writes": count})


_SITE, _COLUMN, _CAMPAIGN = ("site", "id"), ("column", "url"), ("campaign", "id")

# Kind of write -> index -> what makes the id of a document there.
_KEYS: dict[str, dict[str, tuple[tuple[str, str], ...]]] = {
    "columns": {"columns": (_SITE, _COLUMN), "column-history": (_SITE, _COLUMN, _CAMPAIGN)},
    "column-pages": {"column-history": (_SITE, _COLUMN, _CAMPAIGN)},
    "site": {"sites": (_SITE,), "site-history": (_SITE, _CAMPAIGN)},
    "gaps": {"not-inspected": (_CAMPAIGN, _SITE, ("url", "full"), ("inspection", "what"))},
}


def _reviewed(now: Record | None, review: Review) -> tuple[Record, Sequence[lifecycle.Event]] | None:
    if now is None:
        return None
    after = lifecycle.review(now, review)
    return after, [lifecycle.review_event(after, review)]
