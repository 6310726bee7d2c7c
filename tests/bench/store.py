"""Findings a second into a real Elasticsearch, beside a plain bulk index of the same documents.

    python -m tests.services.elasticsearch python -m tests.bench --only store

A finding through compare-and-set costs a read and three documents (sighting, event, finding); the plain index is the last one alone.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from elasticsearch import AsyncElasticsearch
from elasticsearch.helpers import async_bulk

from govcrawl.findings import lifecycle
from govcrawl.findings.document import to_document
from govcrawl.findings.model import Observation, SiteLabel
from govcrawl.store import elastic_indices
from govcrawl.store.elastic import ElasticStore
from govcrawl.store.server import Server
from tests.findings.observed import observation
from tests.services import elasticsearch

_FINDINGS, _SHORT_FINDINGS = 5_000, 1_000
_ROUNDS, _SHORT_ROUNDS = 9, 7
_BATCH = 500  # of both writers: the chunk of the client's own helper
_SITES = 50


def bench(short: bool) -> dict[str, object]:
    """Rates are medians of rounds in turn, after one that only warms both up; the ratio is the median of those of the rounds."""
    findings, rounds = (_SHORT_FINDINGS, _SHORT_ROUNDS) if short else (_FINDINGS, _ROUNDS)
    with elasticsearch.running() as url, tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(url, Path(folder), findings, rounds))


async def _measured(url: str, folder: Path, findings: int, rounds: int) -> dict[str, object]:
    plain, ours, again, changed = [], [], [], 0
    async with _indices(url) as (client, prefix):
        store = await ElasticStore.open(Server(url), folder, prefix)
        for number in range(rounds + 1):
            seen = [_seen(number, one) for one in range(findings)]
            # The other one first in every second round: what a server puts off is paid by who comes next.
            for writer in (0, 1) if number % 2 else (1, 0):
                if writer:
                    ours.append(await _seconds(_record(store, seen)))
                else:
                    plain.append(await _seconds(_index(client, f"{prefix}-plain", seen)))
            before = await _written(client, prefix)
            again.append(await _seconds(_record(store, seen)))
            changed += await _written(client, prefix) - before
        await store.flush()
        stored = (await client.count(index=f"{prefix}-findings"))["count"]
        await store.aclose()
    return {
        "findings": findings,
        "rounds": rounds,
        "plain_per_second": round(findings / statistics.median(plain[1:])),
        "stored_per_second": round(findings / statistics.median(ours[1:])),
        "replayed_per_second": round(findings / statistics.median(again[1:])),
        "ratio_to_plain": round(statistics.median(one / other for one, other in zip(plain[1:], ours[1:], strict=True)), 3),
        "lost_or_doubled": abs(findings * (rounds + 1) - stored),
        "changed_by_replay": changed,
    }


@asynccontextmanager
async def _indices(url: str) -> AsyncIterator[tuple[AsyncElasticsearch, str]]:
    """Our indices under a name of their own, and one more that is mapped like the findings."""
    prefix = f"govcrawl{uuid4().hex[:8]}"
    async with AsyncElasticsearch(url, request_timeout=300, http_compress=True) as client:
        await elastic_indices.set_up(client, prefix)
        like = (await client.indices.get(index=f"{prefix}-findings-000001"))[f"{prefix}-findings-000001"]
        index = like["settings"]["index"]
        settings = {name: index[name] for name in ("analysis", "number_of_shards", "number_of_replicas", "refresh_interval")}
        await client.indices.create(index=f"{prefix}-plain", mappings=like["mappings"], settings=settings)
        try:
            yield client, prefix
        finally:
            await client.indices.delete(index=f"{prefix}-*")
            await client.indices.delete_index_template(name=f"{prefix}-*")
            await client.cluster.delete_component_template(name=f"{prefix}@settings")


async def _seconds(work: Awaitable[None]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


async def _record(store: ElasticStore, seen: Sequence[Observation]) -> None:
    for start in range(0, len(seen), _BATCH):
        await store.record(seen[start : start + _BATCH])


async def _index(client: AsyncElasticsearch, index: str, seen: Sequence[Observation]) -> None:
    records = (lifecycle.opened(one) for one in seen)
    actions = ({"_op_type": "index", "_index": index, "_id": one.id, "_source": to_document(one)} for one in records)
    await async_bulk(client, actions, chunk_size=_BATCH)


async def _written(client: AsyncElasticsearch, prefix: str) -> int:
    """How often any document was written: a version that is the same is a document that nobody touched."""
    stats = await client.indices.stats(index=[f"{prefix}-findings", f"{prefix}-events", f"{prefix}-sightings"], metric="indexing")
    return int(stats["_all"]["primaries"]["indexing"]["index_total"])


def _seen(number: int, one: int) -> Observation:
    site = SiteLabel(f"{one % _SITES:010}", f"第{one % _SITES}市人民政府", f"第{one % 7}省", "市", f"第{one % 11}厅")
    url = f"http://www.{site.id}.test/{number}/{one}.html"
    return observation(url, f"http://bet{number}-{one}.test/", site=site, campaign=f"round-{number}")
