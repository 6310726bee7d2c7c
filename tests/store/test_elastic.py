import asyncio
import json
from contextlib import asynccontextmanager
from datetime import date
from urllib.parse import urlsplit

import pytest
from elasticsearch import AsyncElasticsearch

from govcrawl.findings import lifecycle
from govcrawl.findings.document import to_document
from govcrawl.findings.model import Category, NotInspected, Review, State
from govcrawl.sites.scripts import ScriptHost, ScriptHosts
from govcrawl.store import dead_letters, documents
from govcrawl.store.elastic import ElasticStore
from govcrawl.store.mappings import TEMPLATE_OF, template
from govcrawl.store.protocol import FindingQuery, SiteReport, StoreUnreachable
from govcrawl.store.server import Server
from govcrawl.store.spool import Spool
from tests.findings.observed import SITE, after, observation
from tests.services.elasticsearch import free_port
from tests.store.test_contract import column, page


class Cable:
    """The line to the server, which can be cut: a TCP forwarder on loopback."""

    def __init__(self, url: str) -> None:
        self._far = urlsplit(url)
        self._port = free_port()
        self._server: asyncio.Server | None = None
        self._streams: set[asyncio.StreamWriter] = set()
        user, at, _ = self._far.netloc.rpartition("@")
        self.url = f"http://{user}{at}127.0.0.1:{self._port}"

    async def plug(self) -> None:
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self._port)

    async def cut(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        for stream in list(self._streams):
            stream.transport.abort()

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._far.hostname, self._far.port)
        self._streams |= {writer, far_writer}
        try:
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer), return_exceptions=True)
        finally:
            self._streams -= {writer, far_writer}
            writer.close()
            far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def cable(url: str):
    line = Cable(url)
    await line.plug()
    try:
        yield line
    finally:
        await line.cut()


async def found(store):
    return {record.id: record async for record in store.findings(FindingQuery())}


async def test_what_is_written_during_an_outage_is_neither_lost_nor_doubled(elasticsearch_url, prefix, tmp_path):
    async with cable(elasticsearch_url) as line:
        store = await ElasticStore.open(Server(line.url), tmp_path, prefix)
        await store.record([observation(page(number)) for number in range(5)])
        await line.cut()
        for number in range(5, 10):
            await store.record([observation(page(number)), observation(subject=f"http://{number}.test/")])
        await store.record_columns([column()])
        await store.record_not_inspected([NotInspected(page("a.rar"), SITE.id, "2026-q1", "attachment", "password", after(1))])
        await store.record_site(SiteReport(SITE, page(""), "2026-q1", "complete", "", 3, 0, after(30)))
        assert await store.resolve_unseen(SITE.id, "2026-q1", after(30)) == 0
        assert list((tmp_path / "spool").glob("*.jsonl"))
        with pytest.raises(StoreUnreachable, match="waits in the data directory"):
            await store.flush()
        await line.plug()
        await store.flush()
        records = await found(store)
        assert len(records) == 6
        assert records[observation().id].occurrences == 10
        assert {record.state for record in records.values()} == {State.OPEN}
        assert [seen.column.name async for seen in store.columns(SITE.id)] == ["通知公告"]
        assert len([gap async for gap in store.not_inspected("2026-q1")]) == 1
        assert [report.state async for report in store.sites("2026-q1")] == ["complete"]
        assert not list((tmp_path / "spool").glob("*.jsonl"))
        await store.aclose()


async def test_the_next_process_writes_what_a_dead_one_spooled(elasticsearch_url, prefix, tmp_path):
    async with cable(elasticsearch_url) as line:
        first = await ElasticStore.open(Server(line.url), tmp_path, prefix)
        await line.cut()
        await first.record([observation()])
        await first.aclose()
    second = await ElasticStore.open(Server(elasticsearch_url), tmp_path, prefix)
    await second.flush()
    assert (await second.finding(observation().id)).occurrences == 1
    await second.aclose()


async def test_three_writers_of_the_same_findings_lose_no_page(elasticsearch_url, prefix, tmp_path):
    stores = [await ElasticStore.open(Server(elasticsearch_url), tmp_path / str(number), prefix) for number in range(3)]
    batches = [
        [observation(page(f"{number}/{batch}"), f"http://{subject}.test/") for subject in range(20)]
        for number in range(3)
        for batch in range(3)
    ]
    await asyncio.gather(*(stores[number % 3].record(batch) for number, batch in enumerate(batches)))
    await stores[0].flush()
    records = await found(stores[0])
    assert {record.occurrences for record in records.values()} == {9}
    assert len(records) == 20
    for store in stores:
        await store.aclose()


async def test_a_count_left_short_by_a_dead_writer_is_put_right_when_the_site_ends(elastic, elasticsearch_url, prefix):
    await elastic.record([observation()])
    lost = lifecycle.opened(observation(page("b")))
    async with AsyncElasticsearch(elasticsearch_url, request_timeout=300) as client:
        await client.index(
            index=f"{prefix}-sightings", id=documents.sighting_key(lost), document=documents.sighting_document(lost)
        )
    await elastic.record([observation(page("b"))])
    await elastic.record_site(SiteReport(SITE, page(""), "2026-q1", "partial", "budget", 3, 0, after(30)))
    assert (await elastic.finding(observation().id)).occurrences == 2


async def test_a_document_that_is_refused_is_put_aside_and_the_others_are_kept(elastic, tmp_path):
    await elastic.record_site(SiteReport(SITE, page(""), "2026-q1", "complete", "", 3, 0, after(30), {"no_such_kind": 1}))
    await elastic.record([observation()])
    letters = [json.loads(line) for line in (tmp_path / "spool" / "dead-letters").read_text().splitlines()]
    assert all("no_such_kind" in letter["reason"] for letter in letters)
    assert letters[0]["document"]["site"]["findings"] == {"no_such_kind": 1}
    assert (await elastic.finding(observation().id)).occurrences == 1


async def test_dead_letters_are_replayed_once_their_cause_is_gone(elastic, elasticsearch_url, prefix, tmp_path):
    good = documents.site_report_document(SiteReport(SITE, page(""), "2026-q1", "complete", "", 3, 0, after(30)))
    bad = good | {"site": good["site"] | {"findings": {"no_such_kind": 1}}}
    spool = Spool(tmp_path / "spool")
    for document in (good, bad, {"event": {"action": "opened"}}):
        spool.bury(document, "mapper_parsing_exception")
    assert [letter.kind for letter in dead_letters.dead_letters(tmp_path)] == ["site", "site", ""]
    for letter in dead_letters.take(tmp_path):
        if letter.kind:
            await elastic.repeat(letter.write)
    dead_letters.taken(tmp_path)
    await elastic.flush()
    assert [report.state async for report in elastic.sites("2026-q1")] == ["complete"]
    left = list(dead_letters.dead_letters(tmp_path))
    assert {json.dumps(letter.document["site"]["findings"]) for letter in left} == {'{"no_such_kind": 1}'}


async def test_a_finding_is_the_same_document_in_both_stores(elastic, sqlite):
    seen = [observation(page(number), f"http://{number % 4}.test/", minutes=number) for number in range(12)]
    said = Review(State.IGNORED, "王", "their own", after(20))
    for store in (elastic, sqlite):
        await store.record(seen[:7])
        await store.record(seen[4:])
        await store.review(seen[0].id, said)
        await store.flush()
        await store.resolve_unseen(SITE.id, "2026-q2", after(90))
        await store.flush()
    assert {key: to_document(record) for key, record in (await found(elastic)).items()} == {
        key: to_document(record) for key, record in (await found(sqlite)).items()
    }


async def test_a_server_that_is_not_there_is_named_with_the_way_out_and_without_the_password(tmp_path):
    url = f"http://writer:opensesame@127.0.0.1:{free_port()}"
    with pytest.raises(StoreUnreachable) as caught:
        await ElasticStore.open(Server(url), tmp_path)
    assert "127.0.0.1" in str(caught.value)
    assert "GOVCRAWL_ELASTICSEARCH_URL" in str(caught.value)
    assert "opensesame" not in str(caught.value)


def _mapped(properties, path=""):
    for name, field in properties.items():
        yield from _mapped(field["properties"], f"{path}{name}.") if "properties" in field else [f"{path}{name}"]


def _told(document, path=""):
    for name, value in document.items():
        one = next(iter(value), None) if isinstance(value, list | tuple) else value
        yield from _told(one, f"{path}{name}.") if isinstance(one, dict) else [f"{path}{name}"]


def _site_report():
    counts = {str(category): 1 for category in Category}
    scripts = ScriptHosts(10, 10, (ScriptHost("js.test.com", 9, 3, after(0), new=True, seen="ok"),))
    return SiteReport(SITE, page(""), "2026-q1", "complete", "", 3, 0, after(30), counts, date(2026, 3, 1), scripts)


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("sightings", documents.sighting_document(lifecycle.opened(observation()))),
        ("columns", documents.column_document(column())),
        ("sites", documents.site_report_document(_site_report())),
        ("not-inspected", documents.not_inspected_document(NotInspected("http://a.test/", "1", "c", "page", "r", after(0)))),
        (
            "events",
            documents.event_document(
                lifecycle.review_event(lifecycle.opened(observation()), Review(State.IGNORED, "王", "why", after(1)))
            ),
        ),
    ],
)
def test_every_field_is_mapped_and_every_mapped_field_is_written(name, document):
    assert set(_mapped(template(name)["template"]["mappings"]["properties"])) == set(_told(document))


def test_every_index_has_a_strict_mapping():
    assert {template(name)["template"]["mappings"]["dynamic"] for name in TEMPLATE_OF.values()} == {"strict"}
