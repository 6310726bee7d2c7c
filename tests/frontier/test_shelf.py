"""What is asked for beside a leased page: its moment, and the style sheets that all workers share."""

import random

import pytest

from govcrawl.frontier import shelf
from govcrawl.frontier.model import Outcome, Reason, Result, StoredSheet
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import monotonic
from tests.frontier.keyspace import P
from tests.frontier.records import LEASE, change
from tests.frontier.worker import article, at_once, campaign, done, robots, site

URL = "http://www.site1.gov.cn/style.css"


@pytest.fixture
async def strict(valkey_url, redis):
    opened = RedisFrontier.from_url(valkey_url)
    yield opened
    await opened.aclose()


async def home_of(frontier, redis, delay=0.0, name="c1"):
    await frontier.start(campaign(name, delay=delay), [site(1)])
    (asked,) = (await frontier.claim("w", 1)).leases
    if asked.page_class == 0:
        await frontier.finish("w", [robots(asked)])
        await at_once(redis)
        (asked,) = (await frontier.claim("w", 1)).leases
    return asked


async def test_requests_beside_a_page_keep_the_delay_among_themselves(strict, redis):
    home = await home_of(strict, redis, delay=20.0)
    waits = [await strict.reserve(home, home.host, longest_seconds=100.0) for _ in range(3)]
    assert [round(wait / 20) for wait in waits] == [1, 2, 3]


async def test_the_next_page_of_the_host_waits_for_what_was_asked_beside_the_last(strict, redis):
    home = await home_of(strict, redis, delay=20.0)
    await strict.reserve(home, home.host, longest_seconds=100.0)
    await strict.finish("w", [Result(home, Outcome.DONE, status=200, children=(article(home, 1),), started=monotonic())])
    claim = await strict.claim("w", 1)
    assert claim.leases == ()
    assert 35 < claim.wait_seconds <= 40


async def test_the_delay_counts_from_the_start_of_the_last_request(strict, redis):
    home = await home_of(strict, redis, delay=20.0)
    await change(redis, f"{P}leases", home.host, LEASE, given=0)
    wait = await strict.reserve(home, home.host, longest_seconds=100.0, age_seconds=5.0, took_seconds=1.0)
    assert 14 < wait <= 15


async def test_a_host_without_pages_has_the_delay_of_the_site(strict, redis):
    home = await home_of(strict, redis, delay=20.0)
    waits = [await strict.reserve(home, "css.test", longest_seconds=100.0) for _ in range(2)]
    assert (waits[0], round(waits[1])) == (0.0, 20)


async def test_nothing_is_reserved_for_too_long_a_wait_or_a_lease_that_ran_out(strict, redis):
    home = await home_of(strict, redis, delay=20.0)
    before = await redis.hget(f"{P}hosts", home.host)
    assert await strict.reserve(home, home.host, longest_seconds=1.0) is None
    assert await redis.hget(f"{P}hosts", home.host) == before
    await strict.finish("w", [done(home)])
    assert await strict.reserve(home, home.host, longest_seconds=100.0) is None


async def test_a_page_that_was_had_may_ask_for_a_pause(strict, redis):
    home = await home_of(strict, redis)
    asked = Result(home, Outcome.DONE, status=200, children=(article(home, 1),), retry_after_seconds=50.0)
    await strict.finish("w", [asked])
    assert 49 < (await strict.claim("w", 1)).wait_seconds <= 50


async def test_a_sheet_is_one_workers_to_fetch_and_then_everybodys(frontier, redis):
    home = await home_of(frontier, redis)
    assert await frontier.sheets(home, [URL]) == [None]
    assert await frontier.hold_sheet(home, URL) is None
    assert (await frontier.hold_sheet(home, URL)).pending
    await frontier.put_sheet(home, URL, StoredSheet("a{color:red}/* 说明 */"))
    assert await frontier.sheets(home, [URL, URL + "?2"]) == [StoredSheet("a{color:red}/* 说明 */"), None]
    assert (await frontier.hold_sheet(home, URL)).pending


async def test_a_failed_sheet_is_remembered_with_its_reason(frontier, redis):
    home = await home_of(frontier, redis)
    await frontier.hold_sheet(home, URL)
    await frontier.put_sheet(home, URL, StoredSheet(reason=Reason.TIMEOUT))
    assert await frontier.sheets(home, [URL]) == [StoredSheet(reason=Reason.TIMEOUT)]
    assert 0 < await redis.pttl(f"{P}{shelf.name_of('c1', URL)}") <= 1800 * 1000


async def test_a_worker_that_died_holds_no_sheet(frontier, redis):
    home = await home_of(frontier, redis)
    await frontier.hold_sheet(home, URL)
    await redis.zadd(f"{P}leased", {home.host: 0})
    await frontier.claim("w2", 0)
    await at_once(redis)
    (again,) = (await frontier.claim("w2", 1)).leases
    assert await frontier.hold_sheet(again, URL) is None


async def test_a_site_has_a_number_of_sheets(frontier, redis):
    home = await home_of(frontier, redis)
    held = [await frontier.hold_sheet(home, f"{URL}?{number}") for number in range(shelf.MOST_SHEETS + 1)]
    assert held == [None] * shelf.MOST_SHEETS + [StoredSheet(reason=Reason.BUDGET)]


async def test_the_texts_of_all_sites_stay_within_their_memory(frontier, redis, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_BYTES", 20_000)
    home = await home_of(frontier, redis)
    urls = [f"{URL}?{number}" for number in range(10)]
    for url in urls:
        await frontier.put_sheet(home, url, StoredSheet(random.Random(url).randbytes(3_000).hex()))
    known = await frontier.sheets(home, urls)
    kept = [one for one in known if one]
    assert 3 <= len(kept) <= 6
    assert known[-1] is not None
    assert int(await redis.get(f"{P}cssbytes")) <= 20_000
    assert len(await redis.keys(f"{P}css:*")) == len(kept)
    # What was pushed out is fetched again, by one.
    assert await frontier.hold_sheet(home, urls[0]) is None
