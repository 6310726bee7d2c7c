"""The reading side of the Elasticsearch store."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping
from contextlib import aclosing
from datetime import datetime
from typing import Any

from elasticsearch import AsyncElasticsearch
from elasticsearch.dsl import A
from elasticsearch.dsl.query import Query

from govcrawl.findings.document import from_document
from govcrawl.findings.lifecycle import Event
from govcrawl.findings.model import NotInspected, Record
from govcrawl.store import documents, elastic_answers, elastic_query
from govcrawl.store.elastic_client import reachable
from govcrawl.store.protocol import ColumnRecord, FindingQuery, SiteReport
from govcrawl.store.questions import Question, Row

_ID_LENGTH = 32
_MANY = 10_000
_AT_ONCE = 500  # findings whose pages are asked for


class ElasticReading:
    """Listings see what was written before the last refresh; counts, columns and a finding asked for by its whole id are up to date."""

    def __init__(self, client: AsyncElasticsearch, url: str, prefix: str) -> None:
        self._client = client
        self._url = url
        self._prefix = prefix

    async def findings(self, query: FindingQuery) -> AsyncGenerator[Record, None]:
        left = _MANY**2 if query.limit is None else query.limit
        for part in elastic_query.in_turn(query):
            if left < 1:
                return
            found = self._sources("findings", elastic_query.matching(part), *elastic_query.ORDERS[part.order], size=left)
            async with aclosing(found) as sources:
                async for source in sources:
                    yield from_document(source)
                    left -= 1
                    if not left:
                        return

    async def finding(self, finding_id: str) -> Record | None:
        async with reachable(self._url):
            if len(finding_id) == _ID_LENGTH:
                found = await self._client.options(ignore_status=404).get(index=self._index("findings"), id=finding_id)
                return from_document(found["_source"]) if found.get("found") else None
            search = elastic_query.search(self._client, self._index("findings"), elastic_query.prefix("finding.id", finding_id))
            answer = await search.extra(size=2).execute()
            hits = answer.to_dict()["hits"]["hits"]
            return from_document(hits[0]["_source"]) if finding_id and len(hits) == 1 else None

    async def settled(self, name: str) -> None:
        """Makes what was written to an index visible, so that the crawl can judge a site by what it just wrote.

        A reader's key may not do that, and need not: it sees the same a few seconds later.
        """
        async with reachable(self._url):
            await self._client.options(ignore_status=403).indices.refresh(index=self._index(name))

    async def count_findings(self, query: FindingQuery, by: str = "category") -> Mapping[str, int]:
        search = elastic_query.search(self._client, self._index("findings"), elastic_query.matching(query)).extra(size=0)
        search.aggs.bucket(
            "groups", A("terms", field=elastic_query.GROUPS[by], size=_MANY, order=[{"_count": "desc"}, {"_key": "asc"}])
        )
        await self.settled("findings")
        async with reachable(self._url):
            answer = await search.execute()
        return {group["key"]: group["doc_count"] for group in answer.to_dict()["aggregations"]["groups"]["buckets"]}

    async def history(self, finding_id: str) -> AsyncIterator[Event]:
        """What happened to a finding, oldest first."""
        async for source in self._sources("events", elastic_query.term("finding.id", finding_id), "@timestamp"):
            yield documents.read_event(source)

    async def columns(self, site: str) -> AsyncIterator[ColumnRecord]:
        await self.settled("columns")
        async for source in self._sources("columns", elastic_query.term("site.id", site), "column.url"):
            yield documents.read_column(source)

    async def column_history(self, site: str, since: datetime) -> AsyncIterator[ColumnRecord]:
        await self.settled("column-history")
        async for source in self._sources("column-history", elastic_query.seen_since(site, since), "@timestamp", "column.url"):
            yield documents.read_column(source)

    async def sightings(self, site: str, campaign: str) -> AsyncIterator[tuple[str, str]]:
        await self.settled("sightings")
        async for source in self._sources("sightings", elastic_query.of_site(site, campaign), "finding.id", "url.full"):
            yield source["finding"]["id"], source["url"]["full"]

    async def shown(self, site: str, campaign: str, rules: Collection[str]) -> AsyncGenerator[tuple[Record, str], None]:
        await self.settled("findings")
        portion: dict[str, Record] = {}
        async for source in self._sources("findings", elastic_query.by_rules(site, rules), "finding.id"):
            portion[source["finding"]["id"]] = from_document(source)
            if len(portion) == _AT_ONCE:
                async for pair in self._pages_of(portion, campaign):
                    yield pair
                portion = {}
        async for pair in self._pages_of(portion, campaign):
            yield pair

    async def _pages_of(self, portion: Mapping[str, Record], campaign: str) -> AsyncIterator[tuple[Record, str]]:
        if portion:
            await self.settled("sightings")
            seen = elastic_query.sightings(list(portion), campaign)
            async for source in self._sources("sightings", seen, "finding.id", "url.full"):
                yield portion[source["finding"]["id"]], source["url"]["full"]

    async def sites(self, campaign: str = "") -> AsyncIterator[SiteReport]:
        index = "site-history" if campaign else "sites"
        async for source in self._sources(index, elastic_query.equal(campaign__id=campaign), "site.id"):
            yield documents.read_site_report(source)

    async def site_history(self, site: str, since: datetime) -> AsyncIterator[SiteReport]:
        async for source in self._sources("site-history", elastic_query.seen_since(site, since), "@timestamp", "campaign.id"):
            yield documents.read_site_report(source)

    async def not_inspected(self, campaign: str, site: str = "") -> AsyncIterator[NotInspected]:
        gaps = elastic_query.equal(campaign__id=campaign, site__id=site)
        async for source in self._sources("not-inspected", gaps, "site.id", "url.full", "inspection.what"):
            yield documents.read_not_inspected(source)

    async def answer(self, question: Question) -> list[Row]:
        async with reachable(self._url):
            return await elastic_answers.answer(self._client, self._index(question.index), question)

    async def _sources(self, index: str, query: Query, *order: str, size: int = 1000) -> AsyncGenerator[Mapping[str, Any], None]:
        search = elastic_query.search(self._client, self._index(index), query).sort(*order).extra(size=min(size, 1000))
        async with reachable(self._url):
            async for hit in search.iterate():
                yield hit.to_dict()

    def _index(self, name: str) -> str:
        return f"{self._prefix}-{name}"
