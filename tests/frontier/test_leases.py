"""What is handed out, kept, lost and handed out again."""

import asyncio

import pytest

from govcrawl.frontier.model import Child, Outcome, PageClass, Reason, Result, SiteState
from govcrawl.frontier.protocol import FrontierUnreachable
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.keyspace import P
from tests.frontier.records import SITE, change
from tests.frontier.worker import addresses, article, campaign, done, drain, ledger, pages, plain, robots, site

Q = f"{P}q:1.1:1:h1.test"


@pytest.fixture
async def hasty(valkey_url, redis):
    """A frontier with short leases."""
    opened = RedisFrontier.from_url(valkey_url, lease_seconds=0.3)
    yield opened
    await opened.aclose()


async def test_two_claims_never_hold_the_same_host(frontier):
    await frontier.start(campaign(), [site(n) for n in range(3)])
    first, second = await frontier.claim("a", 10), await frontier.claim("b", 10)
    assert len(first.leases) == 3
    assert second.leases == ()
    assert second.wait_seconds > 0


async def test_a_lease_that_ran_out_is_handed_out_again_and_its_old_result_counts_for_nothing(hasty):
    await hasty.start(campaign(), [site(1)])
    (lost,) = await pages(hasty)
    await asyncio.sleep(0.4)
    (again,) = await pages(hasty)
    assert (again.url, again.attempt) == (lost.url, 2)
    assert await hasty.finish("dead", [done(lost, article(lost, 1))]) == 0
    assert await hasty.finish("alive", [done(again)]) == 1


async def test_a_page_that_kills_its_workers_ends_as_a_dead_letter(hasty):
    await hasty.start(campaign(), [site(1)])
    for _ in range(3):
        assert len(await pages(hasty)) == 1
        await asyncio.sleep(0.4)
    await drain(hasty)
    (letter,) = [letter async for letter in hasty.dead_letters("c")]
    assert (letter.url, letter.site, letter.reason, letter.attempts) == ("http://h1.test/", "s1", Reason.LEASE_EXPIRED, 3)


async def test_a_worker_that_dies_over_robots_txt_does_not_block_the_host(hasty):
    await hasty.start(campaign(), [site(1)])
    assert len((await hasty.claim("dead", 1)).leases) == 1
    await asyncio.sleep(0.4)
    assert addresses(await drain(hasty)) == ["http://h1.test/"]


async def test_a_heartbeat_keeps_a_lease(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    (lease,) = await pages(frontier)
    soon = (await redis.zscore(f"{P}leased", lease.host)) - 50_000
    await redis.zadd(f"{P}leased", {lease.host: soon})
    assert await frontier.renew("w", [lease.token, "h1.test|1-none-0"]) == 1
    assert await redis.zscore(f"{P}leased", lease.host) >= soon + 50_000


async def test_a_closing_whose_worker_died_is_handed_to_another(hasty):
    await hasty.start(campaign(), [site(1)])
    (lease,) = await pages(hasty)
    await hasty.finish("w", [done(lease)])
    (lost,) = (await hasty.claim("dead", 0)).closing
    await asyncio.sleep(0.4)
    (again,) = (await hasty.claim("alive", 0)).closing
    assert not await hasty.conclude("dead", lost)
    assert await hasty.conclude("alive", again)


@pytest.mark.parametrize(
    "hostile",
    [
        b"\x80\x04cos\nsystem\n",
        b"",
        b"{}",
        b'1["s/x",0,"","","",{"_class":"os.system"}]',
        b'1["https://elsewhere.test/",0]',
        b'1["file:///etc/passwd",0]',
        b'1["s/x",-1]',
        b"1" + b"[" * 5000,
    ],
)
async def test_a_record_that_is_none_is_a_dead_letter_and_the_others_go_on(frontier, redis, hostile):
    await frontier.start(campaign(), [site(1), site(2)])
    await redis.lpush(Q, hostile)
    await change(redis, f"{P}sites", "1.1", SITE, open=2)
    assert sorted(addresses(await drain(frontier))) == ["http://h1.test/", "http://h2.test/"]
    (letter,) = [letter async for letter in frontier.dead_letters("c")]
    assert letter.reason is Reason.BAD_RECORD
    assert {line.state for line in (await ledger(frontier)).values()} == {SiteState.COMPLETE}


async def test_a_dead_letter_keeps_the_label_in_place_of_the_address(frontier, redis):
    await frontier.start(campaign(), [site(1), site(2)])
    for lease in (await frontier.claim("w", 9)).leases:
        await frontier.finish("w", [Result(lease, Outcome.DONE, status=200, robots="")])
    for lease in (await frontier.claim("w", 9)).leases:
        label = "http://h1.test/?token=***" if lease.host == "h1.test" else ""
        await frontier.finish("w", [Result(lease, Outcome.DEAD, Reason.HTTP_4XX, 404, label=label)])
    letters = {letter.url async for letter in frontier.dead_letters("c")}
    assert letters == {"http://h1.test/?token=***", "http://h2.test/"}


async def test_a_host_that_is_none_is_not_handed_out(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    await redis.zadd(f"{P}due", {b"\xff\xfe nonsense": 0})
    assert addresses(await drain(frontier)) == ["http://h1.test/"]


async def test_a_server_that_forgot_the_scripts_is_taught_again(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    await redis.script_flush()
    assert addresses(await drain(frontier)) == ["http://h1.test/"]


async def test_the_seen_set_of_a_large_site_stays_exact_and_made_of_integers(frontier, redis):
    """Also over all splits of its buckets: no address is new twice, none is taken for known."""
    found = [f"http://h1.test/col/{n % 7}/art_{n}.html" for n in range(6000)]

    def answer(lease):
        if lease.page_class is PageClass.HOME:
            return done(lease, *(Child(url) for url in found[:3000]), *(Child(url) for url in found[1000:]))
        return plain(lease)

    await frontier.start(campaign(), [site(1)])
    (home,) = await pages(frontier)
    await frontier.finish("w", [answer(home)])
    queued = (await frontier.campaign("c")).queued
    (lease,) = await pages(frontier)
    await frontier.finish("w", [done(lease, *(Child(url) for url in found))])
    buckets = await redis.keys("*:seen:*")
    assert queued == 6000
    assert (await frontier.campaign("c")).queued == 5999
    assert {await redis.object("encoding", bucket) for bucket in buckets} == {b"intset"}
    assert sum([await redis.scard(bucket) for bucket in buckets]) == 6001
    assert max([await redis.scard(bucket) for bucket in buckets]) <= 512


async def test_unfinished_campaigns_of_an_earlier_version_are_told_of_and_finished_ones_are_not_in_the_way(frontier, redis):
    await redis.hset("gc1:{0}:camps", "old", "1")
    await redis.sadd("gc1:{0}:open", "1")
    for asked in (frontier.start(campaign(), [site(1)]), frontier.status()):
        with pytest.raises(FrontierUnreachable, match=r"gc1:\*.*delete these keys"):
            await asked
    await redis.srem("gc1:{0}:open", "1")
    assert await frontier.start(campaign(), [site(1)]) == 1


async def test_what_robots_txt_asks_for_is_kept_with_its_text(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    claim = await frontier.claim("w", 1)
    await frontier.finish("w", [robots(claim.leases[0], "User-agent: *\nCrawl-delay: 9", crawl_delay=9.0)])
    later = await frontier.claim("w", 1)
    assert later.leases == ()
    assert 8.0 < later.wait_seconds <= 9.0
