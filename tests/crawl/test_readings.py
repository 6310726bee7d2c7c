"""A file under many addresses is read once by all workers, and Redis holds nothing of it that can be read without the file."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self

import pytest
from redis import Redis

from govcrawl.crawl.readings import Readings, _Seal
from govcrawl.frontier.embedded import EmbeddedValkey
from govcrawl.frontier.keys import prefix
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.page.attachments import ExtractorPool, Limits
from tests.page import attachment_makers as make

SECRET = "11010519491231002X"
BODY = make.docx(f"身份证号 {SECRET}")


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedValkey.open(Path(tmp_path_factory.mktemp("valkey"))) as server:
        yield server.url


class Worker:
    """A frontier of its own and a reader of its own, as two machines have them."""

    def __init__(self, url: str, partitions: int = 1, limits: Limits | None = None) -> None:
        self.frontier = RedisFrontier.from_url(url, partitions=partitions)
        self.pool = ExtractorPool(limits=limits)
        self.readings = Readings(self.frontier, self.pool)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.pool.close()
        await self.frontier.aclose()


@pytest.fixture
async def workers(valkey):
    with Redis.from_url(valkey) as client:
        client.flushall()
    async with AsyncExitStack() as held:
        yield [await held.enter_async_context(Worker(valkey)) for _ in range(2)]


async def test_two_workers_read_a_file_of_twelve_addresses_once(workers):
    addresses = [f"http://{site}.gov.cn/{number}.docx" for site in "ab" for number in range(6)]
    found = await asyncio.gather(*(workers[n % 2].readings.of(BODY, address) for n, address in enumerate(addresses)))
    assert sum(worker.pool.reads for worker in workers) == 1
    assert [one.parts[0].path for one in found] == [f"{n}.docx/word/document.xml" for _ in "ab" for n in range(6)]
    assert all(SECRET in one.text for one in found)


async def test_redis_holds_nothing_that_can_be_read_without_the_file(workers, valkey):
    await workers[0].readings.of(BODY, "http://a.gov.cn/名单.docx")
    with Redis.from_url(valkey) as client:
        (key,) = client.keys("*:file:*")
        sealed = client.get(key)
        kept = client.get(f"{prefix(0)}filebytes")
    assert int(kept) == len(sealed) - 1 > 100
    for word in (SECRET, "名单", "word/document.xml", "docx"):
        assert word.encode() not in sealed
        assert word.encode() not in key


async def test_a_sealed_reading_that_was_tampered_with_is_not_believed(workers, valkey):
    await workers[0].readings.of(BODY, "http://a.gov.cn/1.docx")
    with Redis.from_url(valkey) as client:
        (key,) = client.keys("*:file:*")
        sealed = client.get(key)
        client.set(key, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    found = await workers[1].readings.of(BODY, "http://a.gov.cn/2.docx")
    assert SECRET in found.text
    assert workers[1].pool.reads == 1


async def test_a_worker_that_dies_over_a_file_leaves_it_to_the_next(workers):
    other = workers[1].readings
    other._hold_seconds = 1.0
    # The first has asked, and never comes back.
    assert await workers[0].frontier.recall(_Seal.of(BODY).name, "mark", 1.0) is None
    assert SECRET in (await other.of(BODY, "http://a.gov.cn/1.docx")).text


async def test_what_could_not_be_read_is_known_to_all_too(workers):
    body = make.zipped({"a.zip": b"PK\x03\x04broken"})
    found = [await worker.readings.of(body, f"http://a.gov.cn/{n}.zip") for n, worker in enumerate(workers)]
    assert sum(worker.pool.reads for worker in workers) == 1
    assert [one.not_inspected[0].path for one in found] == ["0.zip/a.zip", "1.zip/a.zip"]


async def test_readings_stay_within_their_bytes_and_the_longest_unused_goes(workers, valkey, monkeypatch):
    monkeypatch.setattr("govcrawl.frontier.shelf.MOST_BYTES", 2500)
    frontier = workers[0].frontier
    for number in range(3):
        await frontier.remember(f"{number:032x}", bytes([number]) * 1000, 60)
    known = [await frontier.recall(f"{number:032x}", "m", 1) for number in range(3)]
    assert known == [None, b"\1" * 1000, b"\2" * 1000]


async def test_who_asks_again_because_the_answer_was_lost_has_its_hold_still(workers):
    frontier, name = workers[0].frontier, "0" * 32
    assert [await frontier.recall(name, mark, 60) for mark in ("mine", "mine", "other")] == [None, None, b""]


async def test_files_are_spread_over_the_partitions_and_found_again(valkey):
    names = [f"{number:08x}{number:024x}" for number in range(6)]
    async with Worker(valkey, partitions=3) as one, Worker(valkey, partitions=3) as other:
        for name in names:
            await one.frontier.remember(name, name.encode(), 60)
        assert [await other.frontier.recall(name, "m", 1) for name in names] == [name.encode() for name in names]
    with Redis.from_url(valkey) as client:
        assert {key.split(b":")[1] for key in client.keys("*:file:*")} == {b"{0}", b"{1}", b"{2}"}
