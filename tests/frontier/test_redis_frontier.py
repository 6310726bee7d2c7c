"""The verbs of the frontier on a real Valkey."""

import asyncio
from datetime import UTC, datetime

from govcrawl.frontier.model import (
    Campaign,
    CampaignState,
    Child,
    Outcome,
    PageClass,
    Reason,
    Result,
    SiteState,
)
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.sites.model import Site

STARTED = datetime(2026, 1, 1, tzinfo=UTC)


def campaign(name="c1", **more):
    return Campaign(name, STARTED, **{"delay_seconds": 0.0, **more})


def sites(count):
    return [Site(f"s{n}.gov.test", f"http://s{n}.gov.test/") for n in range(count)]


async def drain(frontier, answer, worker="w", rounds=10_000):
    """Claims and finishes until nothing runs; `answer(lease)` gives the result. Returns the leases in order."""
    leases = []
    for _ in range(rounds):
        claim = await frontier.claim(worker, 50)
        for closing in claim.closing:
            await frontier.conclude(worker, closing)
        await frontier.finish(worker, [answer(lease) for lease in claim.leases])
        leases += claim.leases
        if not claim.running:
            return leases
        if not claim.leases and not claim.closing:
            await asyncio.sleep(min(claim.wait_seconds or 0.01, 0.05))
    raise AssertionError("the campaign does not end")


def done(lease, *urls, page_class=PageClass.OTHER):
    robots = "" if lease.page_class is PageClass.ROBOTS else None
    return Result(lease, Outcome.DONE, status=200, robots=robots, children=tuple(Child(url, page_class) for url in urls))


async def states(frontier, name="c1"):
    return {site.id: (site.state, site.reason) async for site in frontier.ledger(name)}


async def test_robots_txt_is_the_first_fetch_of_a_host(frontier):
    await frontier.start(campaign(), sites(1))
    leases = await drain(frontier, done)
    assert [(lease.url, lease.page_class) for lease in leases] == [
        ("http://s0.gov.test/robots.txt", PageClass.ROBOTS),
        ("http://s0.gov.test/", PageClass.HOME),
    ]


async def test_every_child_is_fetched_once_however_often_it_is_found(frontier):
    pages = [f"http://s0.gov.test/p{n}.html" for n in range(700)]
    await frontier.start(campaign(), sites(1))
    leases = await drain(frontier, lambda lease: done(lease, *pages))
    assert sorted(lease.url for lease in leases if lease.page_class is PageClass.OTHER) == sorted(pages)


async def test_the_seen_set_stays_made_of_integers_under_ten_bytes_a_url(frontier, redis):
    pages = [f"http://s0.gov.test/art/2024/{n}/column_{n % 7}/page.html" for n in range(30_000)]
    await frontier.start(campaign(), sites(1))
    for at in range(0, 30_000, 500):
        claim = await frontier.claim("w", 1)
        while not claim.leases:
            claim = await frontier.claim("w", 1)
        await frontier.finish("w", [done(claim.leases[0], *pages[at : at + 500])])
    buckets = redis.keys("*:seen:*")
    assert {redis.object("encoding", bucket) for bucket in buckets} == {b"intset"}
    seen = sum(redis.scard(bucket) for bucket in buckets)
    assert seen >= 29_000
    assert sum(redis.memory_usage(bucket, samples=0) for bucket in buckets) / seen <= 10


async def test_home_comes_before_columns_and_columns_before_articles(frontier):
    await frontier.start(campaign(), sites(1))

    def answer(lease):
        if lease.page_class is not PageClass.HOME:
            return done(lease)
        kinds = [("a", PageClass.ARTICLE), ("o", PageClass.OTHER), ("c", PageClass.COLUMN)]
        return Result(
            lease, Outcome.DONE, children=tuple(Child(f"http://s0.gov.test/{name}", page_class) for name, page_class in kinds)
        )

    leases = await drain(frontier, answer)
    assert [lease.url[-1] for lease in leases[2:]] == ["c", "a", "o"]


async def test_two_claims_never_hold_the_same_host(frontier):
    await frontier.start(campaign(), sites(3))
    first, second = await frontier.claim("a", 10), await frontier.claim("b", 10)
    assert len(first.leases) == 3
    assert second.leases == ()


async def test_a_host_rests_for_its_delay(frontier):
    await frontier.start(campaign(delay_seconds=60.0), sites(1))
    claim = await frontier.claim("w", 10)
    await frontier.finish("w", [done(claim.leases[0])])
    later = await frontier.claim("w", 10)
    assert later.leases == ()
    assert 55 < later.wait_seconds <= 60


async def test_a_lease_that_ran_out_is_handed_out_again_and_its_old_result_counts_for_nothing(valkey, redis):
    frontier = RedisFrontier.from_url(valkey.url, lease_seconds=0.03)
    await frontier.start(campaign(), sites(1))
    await frontier.finish("dead", [done((await frontier.claim("dead", 1)).leases[0])])
    lost = (await frontier.claim("dead", 1)).leases[0]
    await asyncio.sleep(0.06)
    again = (await frontier.claim("alive", 1)).leases[0]
    assert (again.url, again.attempt) == (lost.url, 2)
    assert await frontier.finish("dead", [done(lost, "http://s0.gov.test/x")]) == 0
    assert await frontier.finish("alive", [done(again)]) == 1
    await frontier.aclose()


async def test_a_heartbeat_keeps_a_lease(valkey, redis):
    frontier = RedisFrontier.from_url(valkey.url, lease_seconds=0.08)
    await frontier.start(campaign(), sites(1))
    lease = (await frontier.claim("w", 1)).leases[0]
    for _ in range(4):
        await asyncio.sleep(0.04)
        assert await frontier.renew("w", [lease.token]) == 1
    assert await frontier.finish("w", [done(lease)]) == 1
    await frontier.aclose()


async def test_a_released_page_comes_back_with_the_same_attempt(frontier):
    await frontier.start(campaign(max_pages=1), sites(1))
    await frontier.finish("w", [done((await frontier.claim("w", 1)).leases[0])])
    lease = (await frontier.claim("w", 1)).leases[0]
    await frontier.release("w", [lease])
    again = (await frontier.claim("w", 1)).leases[0]
    assert (again.url, again.attempt) == (lease.url, 1)


async def test_a_page_that_fails_again_and_again_ends_as_a_dead_letter(frontier):
    await frontier.start(campaign(), sites(1))

    def answer(lease):
        if lease.url.endswith("/bad"):
            return Result(lease, Outcome.RETRY, Reason.HTTP_5XX, 500)
        return done(lease, "http://s0.gov.test/bad")

    leases = await drain(frontier, answer)
    assert [lease.attempt for lease in leases if lease.url.endswith("/bad")] == [1, 2, 3]
    letters = [letter async for letter in frontier.dead_letters("c1")]
    assert [(letter.site, letter.reason, letter.attempts) for letter in letters] == [("s0.gov.test", Reason.HTTP_5XX, 3)]
    assert await states(frontier) == {"s0.gov.test": (SiteState.PARTIAL, Reason.HTTP_5XX)}


async def test_a_dead_link_is_a_failed_page_of_a_complete_site(frontier):
    await frontier.start(campaign(), sites(1))

    def answer(lease):
        if lease.url.endswith("/gone"):
            return Result(lease, Outcome.DEAD, Reason.HTTP_4XX, 404)
        return done(lease, "http://s0.gov.test/gone")

    await drain(frontier, answer)
    (site,) = [site async for site in frontier.ledger("c1")]
    assert (site.state, site.reason, site.pages, site.failed_pages) == (SiteState.COMPLETE, None, 1, 1)


async def test_a_site_whose_home_page_is_not_had_failed_with_its_reason(frontier):
    await frontier.start(campaign(), sites(1))

    def answer(lease):
        return Result(lease, Outcome.RETRY, Reason.REFUSED)

    await drain(frontier, answer)
    assert await states(frontier) == {"s0.gov.test": (SiteState.FAILED, Reason.REFUSED)}


async def test_a_budget_leaves_a_site_partial_only_where_something_was_left_over(frontier):
    await frontier.start(campaign(max_pages=3), sites(2))

    def answer(lease):
        count = 2 if lease.site == "s0.gov.test" else 9
        return done(lease, *[f"http://{lease.host}/{n}" for n in range(count)])

    leases = await drain(frontier, answer)
    assert sum(lease.page_class is not PageClass.ROBOTS for lease in leases) == 6
    assert await states(frontier) == {
        "s0.gov.test": (SiteState.COMPLETE, None),
        "s1.gov.test": (SiteState.PARTIAL, Reason.BUDGET),
    }


async def test_the_states_of_a_finished_campaign_add_up_to_its_list(frontier):
    await frontier.start(campaign(max_pages=2), sites(9))

    def answer(lease):
        if lease.site == "s3.gov.test":
            return Result(lease, Outcome.DEAD, Reason.DNS)
        return done(lease, *[f"http://{lease.host}/{n}" for n in range(int(lease.site[1]))])

    await drain(frontier, answer)
    status = await frontier.campaign("c1")
    assert status.state is CampaignState.FINISHED
    assert status.sites == {
        SiteState.WAITING: 0,
        SiteState.RUNNING: 0,
        SiteState.COMPLETE: 2,
        SiteState.PARTIAL: 6,
        SiteState.FAILED: 1,
    }
    assert (status.queued, status.leased) == (0, 0)


async def test_a_paused_campaign_rests_and_a_resumed_one_goes_on(frontier):
    await frontier.start(campaign(), sites(2))
    await frontier.pause("c1")
    assert (await frontier.claim("w", 10)).leases == ()
    await frontier.resume("c1")
    assert len((await frontier.claim("w", 10)).leases) == 2


async def test_a_stopped_campaign_ends_with_every_site_in_one_state(frontier):
    await frontier.start(campaign(delay_seconds=60.0), sites(4))
    claim = await frontier.claim("w", 2)
    await frontier.finish("w", [done(lease) for lease in claim.leases])
    await frontier.stop("c1")
    await drain(frontier, done)
    assert set((await states(frontier)).values()) == {(SiteState.PARTIAL, Reason.STOPPED)}
    assert (await frontier.campaign("c1")).state is CampaignState.STOPPED


async def test_starting_a_campaign_again_adds_nothing_twice(frontier):
    assert await frontier.start(campaign(), sites(3)) == 3
    assert await frontier.start(campaign(), sites(5)) == 2
    leases = await drain(frontier, done)
    assert len(leases) == 10


async def test_two_sites_on_one_host_take_turns_within_its_delay(frontier):
    two = [Site("a", "http://one.gov.test/a/"), Site("b", "http://one.gov.test/b/")]
    await frontier.start(campaign(), two)
    leases = await drain(frontier, done)
    assert [lease.site for lease in leases if lease.page_class is PageClass.HOME] == ["a", "b"]
    assert set((await states(frontier)).values()) == {(SiteState.COMPLETE, None)}


async def test_a_record_that_is_none_is_set_aside_and_the_others_go_on(frontier, redis):
    await frontier.start(campaign(), sites(1))
    await frontier.finish("w", [done((await frontier.claim("w", 1)).leases[0])])
    redis.lpush("govcrawl1:{0}:q:s0.gov.test:1.1", b"\x80\x04cos\nsystem\n", b"{}", "7|9|0|1|0/x")
    leases = await drain(frontier, done)
    assert [lease.url for lease in leases] == ["http://s0.gov.test/"]
    assert redis.llen("govcrawl1:{0}:poison") == 3


async def test_a_throttled_host_rests_as_long_as_it_asked(frontier):
    await frontier.start(campaign(), sites(1))
    await frontier.finish("w", [done((await frontier.claim("w", 1)).leases[0])])
    lease = (await frontier.claim("w", 1)).leases[0]
    await frontier.finish("w", [Result(lease, Outcome.RETRY, Reason.THROTTLED, 429, retry_after_seconds=30.0)])
    claim = await frontier.claim("w", 1)
    assert claim.leases == ()
    assert 25 < claim.wait_seconds <= 30


async def test_a_server_that_forgot_the_scripts_is_taught_again(frontier, redis):
    await frontier.start(campaign(), sites(1))
    redis.script_flush()
    assert len((await frontier.claim("w", 1)).leases) == 1
