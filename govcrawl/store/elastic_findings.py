"""Findings as documents: changed by compare-and-set, so that any number of writers lose nothing and double nothing."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from elasticsearch import AsyncElasticsearch
from elasticsearch.dsl.query import Query

from govcrawl.findings import lifecycle
from govcrawl.findings.document import Document, from_document, to_document
from govcrawl.findings.lifecycle import Event
from govcrawl.findings.model import Record
from govcrawl.store import documents, elastic_query
from govcrawl.store.elastic_client import Outage, Outcome, attempt, bulk

# Record before -> record after and what to tell of it; None leaves the document alone.
Change = Callable[[Record | None], tuple[Record, Sequence[Event]] | None]
Bury = Callable[[Document, str], None]
Action = Mapping[str, Any]
# Documents of findings as the server answered them.
Found = Sequence[Mapping[str, Any]]

# With so many writers on one document somebody wins every round; what is left after these goes to the spool.
_ROUNDS = 20
_PORTION = 500


class ElasticFindings:
    """The writing side. `bury` takes a document that the server refuses for good."""

    def __init__(self, client: AsyncElasticsearch, prefix: str, bury: Bury) -> None:
        self._client = client
        self._prefix = prefix
        self._bury = bury

    async def see(self, seen: Sequence[Record]) -> None:
        """Takes observations in, each at most once a page and campaign."""
        # Both to their end, whatever becomes of the other: the client may be closed after this.
        counted, found = await asyncio.gather(
            self._count_pages(seen), self._read({fresh.id for fresh in seen}), return_exceptions=True
        )
        if isinstance(counted, BaseException):
            raise counted
        if isinstance(found, BaseException):
            raise found
        pages: dict[str, list[tuple[Record, bool]]] = defaultdict(list)
        for fresh in seen:
            key = documents.sighting_key(fresh)
            pages[fresh.id].append((fresh, key in counted))
            counted.discard(key)
        await self.change({finding: partial(_seen, shown) for finding, shown in pages.items()}, found)

    async def resolve(self, site: str, campaign: str, at: datetime) -> int:
        """Resolves what no page of the campaign showed; returns how many findings that were."""
        await self.refresh("findings", "sightings")
        search = elastic_query.search(self._client, self._index("findings"), elastic_query.unseen(site, campaign))
        candidates = [hit.meta.id async for hit in search.source(False).iterate()]
        resolved = 0
        for portion in _portions(candidates):
            shown = await self._pages(elastic_query.sightings(portion, campaign))
            change = partial(_resolved, campaign, at)
            resolved += await self.change({finding: change for finding in portion if finding not in shown})
        return resolved

    async def recount(self, site: str, campaign: str) -> None:
        """Sets `occurrences` to what the sightings tell: a writer that died between the two writes leaves them apart."""
        await self.refresh("sightings")
        pages = await self._pages(elastic_query.of_site(site, campaign))
        for portion in _portions(list(pages)):
            await self.change({finding: partial(_recounted, campaign, pages[finding]) for finding in portion})

    async def change(self, changes: Mapping[str, Change], found: Found = ()) -> int:
        """Reads, decides and writes until no other writer was in between; returns how many documents changed.

        `found` is what was read of them just now, where it was.
        """
        changed = 0
        for number in range(_ROUNDS):
            outcomes = await self._written(found or await self._read(changes), changes)
            lost = {outcome.action["id"] for outcome in outcomes if outcome.status == 409}
            changed += len([outcome for outcome in outcomes if outcome.status < 300])
            changes = {finding: change for finding, change in changes.items() if finding in lost}
            if not changes:
                return changed
            found = ()
            await asyncio.sleep(random.uniform(0, 0.02 * (number + 1)))
        raise Outage(f"{len(changes)} findings are changed by others all the time")

    async def _written(self, found: Found, changes: Mapping[str, Change]) -> list[Outcome]:
        """Events are there before the findings that they tell of: after a crash in between they are told again with the same id, not
        left out. One request for both would not do, since a server works on its indices side by side.
        """
        decided = [self._actions(one, changes[one["_id"]]) for one in found]
        self._refuse(await bulk(self._client, [event for events, _ in decided for event in events]))
        outcomes = await bulk(self._client, [finding for _, findings in decided for finding in findings])
        self._refuse(outcomes)
        return outcomes

    async def refresh(self, *names: str) -> None:
        await attempt(self._client.indices.refresh(index=",".join(map(self._index, names))))

    async def _count_pages(self, seen: Iterable[Record]) -> set[str]:
        """Creates a sighting for each page; returns the keys of those that nobody created before."""
        actions = {}
        for fresh in seen:
            key = documents.sighting_key(fresh)
            do = {"create": {"_index": self._index("sightings"), "_id": key}}
            actions[key] = {"do": do, "document": documents.sighting_document(fresh), "id": key}
        outcomes = await bulk(self._client, list(actions.values()))
        self._refuse(outcomes)
        return {outcome.action["id"] for outcome in outcomes if outcome.status == 201}

    async def _read(self, findings: Iterable[str]) -> Found:
        found: list[Mapping[str, Any]] = []
        for portion in _portions(list(findings)):
            answer = await attempt(self._client.mget(index=self._index("findings"), ids=list(portion)))
            for one in answer["docs"]:
                if "error" in one:
                    raise Outage(str(one["error"].get("reason", "")))
                found.append(one)
        return found

    def _actions(self, found: Mapping[str, Any], change: Change) -> tuple[list[Action], list[Action]]:
        """What to write of a finding: its events, and the finding; nothing where it stays as it is."""
        decided = change(from_document(found["_source"]) if found["found"] else None)
        if decided is None:
            return [], []
        record, told = decided
        events: list[Action] = [
            {"do": {"create": {"_index": self._index("events"), "_id": event.id}}, "document": documents.event_document(event)}
            for event in told
        ]
        target: dict[str, Any] = {"_index": self._index("findings"), "_id": record.id, "require_alias": True}
        version = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]} if found["found"] else {}
        do = {"index" if version else "create": target | version}
        return events, [{"do": do, "document": to_document(record), "id": record.id}]

    async def _pages(self, query: Query) -> dict[str, int]:
        """Finding -> pages among the sightings that match."""
        pages: dict[str, int] = {}
        after: dict[str, Any] = {}
        while True:
            grouped: dict[str, Any] = {"size": 1000, "sources": [{"finding": {"terms": {"field": "finding.id"}}}]}
            aggs = {"pages": {"composite": grouped | after}}
            answer = await attempt(self._client.search(index=self._index("sightings"), size=0, query=query.to_dict(), aggs=aggs))
            groups = answer["aggregations"]["pages"]
            pages |= {group["key"]["finding"]: group["doc_count"] for group in groups["buckets"]}
            if "after_key" not in groups:
                return pages
            after = {"after": groups["after_key"]}

    def _refuse(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.status >= 400 and outcome.status != 409:
                self._bury(outcome.action["document"], outcome.reason)

    def _index(self, name: str) -> str:
        return f"{self._prefix}-{name}"


def _seen(pages: Sequence[tuple[Record, bool]], before: Record | None) -> tuple[Record, Sequence[Event]] | None:
    record, events = before, []
    for fresh, new_page in pages:
        after = lifecycle.decide(record, fresh, new_page=new_page)
        told = lifecycle.event(record, after, fresh.last_campaign, fresh.last_seen)
        events += [told] if told else []
        record = after
    return None if record is None or record == before else (record, events)


def _resolved(campaign: str, at: datetime, before: Record | None) -> tuple[Record, Sequence[Event]] | None:
    if before is None or before.last_campaign == campaign:
        return None
    after = lifecycle.resolve(before, at)
    told = lifecycle.event(before, after, campaign, at)
    return None if after == before else (after, [told] if told else [])


def _recounted(campaign: str, pages: int, before: Record | None) -> tuple[Record, Sequence[Event]] | None:
    if before is None or before.last_campaign != campaign:
        return None
    after = lifecycle.recount(before, pages)
    return None if after == before else (after, [])


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + _PORTION] for start in range(0, len(items), _PORTION))
