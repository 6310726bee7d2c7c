"""What Elasticsearch answers for single items of a bulk request, and what becomes of them."""

from collections import Counter
from contextlib import asynccontextmanager

from govcrawl.store import dead_letters
from govcrawl.store.elastic import ElasticStore
from govcrawl.store.server import Server
from tests.findings.observed import observation
from tests.services.between import between
from tests.store.test_contract import page

SEEN = [observation(page(number), f"http://bet{number}.test/") for number in range(6)]
BUSY, REFUSED = SEEN[1].id, SEEN[4].id


@asynccontextmanager
async def opened(url, data_dir, prefix):
    store = await ElasticStore.open(Server(url), data_dir, prefix)
    try:
        yield store
    finally:
        await store.aclose()


async def stored(store):
    return {one.id for one in SEEN if await store.finding(one.id)}


class Answers:
    """Answers `status` for findings of one id, at most so many times."""

    def __init__(self, prefix, finding, status, times):
        self.index, self.finding, self.status, self.times = f"{prefix}-findings", finding, status, times

    def __call__(self, index, item):
        if (index, item) != (self.index, self.finding) or self.times <= 0:
            return 0
        self.times -= 1
        return self.status


async def test_an_item_that_meets_an_overload_is_tried_again_and_stored_once(elasticsearch_url, prefix, tmp_path):
    async with (
        between(elasticsearch_url, Answers(prefix, BUSY, 429, times=2)) as server,
        opened(server.url, tmp_path, prefix) as store,
    ):
        await store.record(SEEN)
        assert not list((tmp_path / "spool").glob("*"))
        assert await stored(store) == {one.id for one in SEEN}
        counts = Counter(item for index, item in server.asked if index == f"{prefix}-findings")
        # The others are not sent again with it.
        assert counts.pop(BUSY) == 3
        assert set(counts.values()) == {1}


async def test_an_item_that_stays_overloaded_waits_in_the_spool_and_is_written_later(elasticsearch_url, prefix, tmp_path):
    answers = Answers(prefix, BUSY, 429, times=10_000)
    async with between(elasticsearch_url, answers) as server, opened(server.url, tmp_path, prefix) as store:
        await store.record(SEEN)
        assert list((tmp_path / "spool").glob("*.jsonl"))
        assert await stored(store) == {one.id for one in SEEN} - {BUSY}
        answers.times = 0
        await store.flush()
        assert await stored(store) == {one.id for one in SEEN}
        assert [(event.action) async for event in store.history(BUSY)] == ["opened"]
        assert not list((tmp_path / "spool").glob("*"))


async def test_an_item_that_is_refused_for_good_is_put_aside_at_once_and_never_tried_again(elasticsearch_url, prefix, tmp_path):
    async with (
        between(elasticsearch_url, Answers(prefix, REFUSED, 400, times=10_000)) as server,
        opened(server.url, tmp_path, prefix) as store,
    ):
        await store.record(SEEN)
        await store.flush()
        assert await stored(store) == {one.id for one in SEEN} - {REFUSED}
        (letter,) = dead_letters.dead_letters(tmp_path)
        assert (letter.kind, letter.document["finding"]["id"]) == ("seen", REFUSED)
        assert letter.reason == "document_parsing_exception: as the test says"
        assert server.asked.count((f"{prefix}-findings", REFUSED)) == 1
        assert not list((tmp_path / "spool").glob("*.jsonl"))
