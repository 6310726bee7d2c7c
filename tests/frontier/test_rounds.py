"""Standing campaigns: what a round asks for again, and what it leaves as it was."""

import random

import pytest
from msgspec.structs import replace

from govcrawl.frontier.model import CampaignState, Child, Closing, Outcome, PageClass, Reason, Result, SiteState
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.frontier.rounds import caps_of
from govcrawl.kit.clock import utc_now
from tests.frontier.keyspace import P
from tests.frontier.worker import addresses, campaign, conclude, done, drain, ledger, pages, plain, robots, site

DAY = 86_400.0
ETAG, MOMENT = '"5f3a-1c2d"', "Wed, 21 Oct 2026 07:28:00 GMT"
A, B, COLUMN = "http://h1.test/a/1.html", "http://h1.test/a/2.html", "http://h1.test/col/"


def standing(every: float = DAY, **facts):
    return campaign("c", every=every, **facts)


async def next_round(redis, frontier, answer, **limits):
    """Lets the time until the next round be over, and works until nothing is due."""
    for sid in await redis.zrange(f"{P}resting", 0, -1):
        await redis.zadd(f"{P}resting", {sid: 0})
    return await drain(frontier, answer, **limits)


def web(children=(), **answers):
    """A site: its home page leads to `children`, and each page is as `answers` say by its path."""

    def answer(lease):
        if lease.page_class is PageClass.ROBOTS:
            return robots(lease)
        if lease.page_class is PageClass.HOME:
            return done(lease, *children)
        return answers.get(lease.url.rsplit("/", 1)[-1].partition(".")[0] or "col", read)(lease)

    return answer


def read(lease, says="00000000000000aa"):
    return Result(lease, Outcome.DONE, status=200, signature=says, etag=ETAG, last_modified=MOMENT, judged_by="v1")


def unsettled(lease):
    return Result(lease, Outcome.DONE, status=200)


def unchanged(lease):
    return Result(lease, Outcome.DONE, status=304)


def gone(lease):
    return Result(lease, Outcome.DEAD, Reason.HTTP_4XX, 404)


def away(lease):
    return Result(lease, Outcome.DEAD, Reason.TIMEOUT)


CHILDREN = (Child(A, PageClass.ARTICLE), Child(B, PageClass.ARTICLE), Child(COLUMN, PageClass.COLUMN))


async def test_each_round_has_a_name_and_begins_with_the_home_page(frontier, redis):
    await frontier.start(standing(), [site(1)])
    first = await drain(frontier, web(CHILDREN, col=unsettled))
    assert {lease.campaign for lease in first} == {"c@1"}
    second = await next_round(redis, frontier, web(CHILDREN, col=unsettled))
    assert {lease.campaign for lease in second} == {"c@2"}
    assert addresses(second)[0] == "http://h1.test/"
    assert (await frontier.site(second[0].campaign, "s1")).id == "s1"
    assert (await frontier.campaign("c@2")).campaign.id == "c"


async def test_a_round_sends_the_conditions_of_the_last_answer(frontier, redis):
    await frontier.start(standing(), [site(1)])
    dated = lambda lease: replace(read(lease), etag="")  # noqa: E731 - one line of test
    await drain(frontier, web(CHILDREN, **{"2": dated, "col": unsettled}))
    leases = {lease.url: lease for lease in await next_round(redis, frontier, web(CHILDREN, col=unsettled))}
    # Where there is an ETag, no host looks at the other.
    assert (leases[A].etag, leases[A].last_modified, leases[A].judged_by) == (ETAG, "", "v1")
    assert (leases[B].etag, leases[B].last_modified) == ("", MOMENT)
    assert (leases[COLUMN].etag, leases[COLUMN].last_modified) == ("", "")


async def test_what_does_not_change_is_looked_at_less_and_less_and_columns_always(frontier, redis):
    await frontier.start(standing(), [site(1)])
    asked = [addresses(await drain(frontier, web(CHILDREN, col=unsettled)))]
    asked += [addresses(await next_round(redis, frontier, web(CHILDREN, col=unsettled))) for _ in range(9)]
    assert [number for number, urls in enumerate(asked, 1) if A in urls] == [1, 2, 4, 8]
    assert all(COLUMN in urls for urls in asked)


async def test_what_changes_is_looked_at_sooner_again(frontier, redis):
    await frontier.start(standing(), [site(1)])
    says = {"now": 0}

    def changing(lease):
        return read(lease, f"{says['now']:016x}")

    await drain(frontier, web(CHILDREN, col=unsettled))
    asked = {}
    for number in range(2, 13):
        says["now"] = number if number >= 4 else 0xAA
        asked[number] = addresses(await next_round(redis, frontier, web(CHILDREN, **{"1": changing, "col": unsettled})))
    # Every 2 rounds, then 4; it is found changed in round 4, and every time from then on.
    assert [number for number, urls in asked.items() if A in urls] == [2, 4, *range(5, 13)]


async def test_no_page_is_left_alone_for_longer_than_its_cap_nor_unread_for_longer_than_that(frontier, redis):
    week = standing(7 * DAY)
    assert caps_of(week) == "1 1 1 2 4 2 4"
    await frontier.start(week, [site(1)])
    await drain(frontier, web(CHILDREN))
    met = []
    for number in range(2, 12):
        leases = {lease.url: lease for lease in await next_round(redis, frontier, web(CHILDREN, **{"1": unchanged}))}
        met += [(number, bool(leases[A].etag))] if A in leases else []
    # From round 6 on it was not read for four rounds or more: without a condition, whatever the host says.
    assert met == [(2, True), (4, True), (6, False), (8, False), (10, False)]


async def test_a_page_that_is_not_due_is_not_queued_by_a_link_to_it(frontier, redis):
    await frontier.start(standing(), [site(1)])
    for _ in range(3):
        await next_round(redis, frontier, web(CHILDREN, col=lambda lease: done(lease, *CHILDREN)))
    third = await next_round(redis, frontier, web(CHILDREN, col=lambda lease: done(lease, *CHILDREN)))
    assert A in addresses(third) or len(third) == 2


async def test_a_page_that_is_gone_is_forgotten_after_three_rounds_and_a_link_brings_it_back(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN))
    for _ in range(3):
        assert A in addresses(await next_round(redis, frontier, web(**{"1": gone})))
    assert A not in addresses(await next_round(redis, frontier, web(**{"1": gone})))
    assert A in addresses(await next_round(redis, frontier, web(CHILDREN)))


async def test_a_page_that_was_not_had_is_asked_for_in_the_next_round_without_a_link_to_it(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN, **{"1": away}))
    assert (await ledger(frontier))["s1"].state is SiteState.PARTIAL
    assert A in addresses(await next_round(redis, frontier, web()))
    assert (await ledger(frontier))["s1"].state is SiteState.COMPLETE


async def test_a_round_that_did_not_get_through_the_site_is_followed_by_one_from_nothing(frontier, redis):
    await frontier.start(standing(max_pages=2), [site(1)])
    await drain(frontier, web(CHILDREN))
    await frontier.adjust("c", max_pages=0)
    second = {lease.url: lease for lease in await next_round(redis, frontier, web(CHILDREN, col=unsettled))}
    assert set(addresses(second.values())) == {"http://h1.test/", A, B, COLUMN}
    assert {lease.etag for lease in second.values()} == {""}
    assert (await ledger(frontier))["s1"].state is SiteState.COMPLETE


async def test_a_closing_knows_which_pages_its_round_did_not_read(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN, col=unsettled))
    await next_round(redis, frontier, web(CHILDREN, col=unsettled))
    await next_round(redis, frontier, web(CHILDREN, col=unsettled))
    # In the fourth round both articles are due: one is unchanged, the other is gone.
    for sid in await redis.zrange(f"{P}resting", 0, -1):
        await redis.zadd(f"{P}resting", {sid: 0})
    closing = await closed(frontier, web(CHILDREN, **{"1": unchanged, "2": gone, "col": unsettled}))
    assert (closing.campaign, closing.before, closing.state) == ("c@4", "c@3", SiteState.COMPLETE)
    assert await frontier.unread(closing, [A, B, COLUMN, "http://h1.test/none"]) == {A: True}


async def closed(frontier: RedisFrontier, answer) -> Closing:
    while True:
        claim = await frontier.claim("w", 10)
        if claim.closing:
            return claim.closing[0]
        await frontier.finish("w", [answer(lease) for lease in claim.leases])


async def test_a_page_that_was_not_due_or_not_had_was_not_read(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN, col=unsettled))
    await next_round(redis, frontier, web(CHILDREN, **{"1": away, "col": unsettled}))
    for sid in await redis.zrange(f"{P}resting", 0, -1):
        await redis.zadd(f"{P}resting", {sid: 0})
    closing = await closed(frontier, web(CHILDREN, **{"1": away, "col": unsettled}))
    assert await frontier.unread(closing, [A, B]) == {A: False, B: False}


async def test_a_campaign_without_rounds_knows_nothing_of_its_pages(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    await drain(frontier, web(CHILDREN))
    assert await redis.keys(f"{P}kn*") == []
    assert await redis.zcard(f"{P}resting") == 0
    assert (await frontier.campaign("c")).state is CampaignState.FINISHED


async def test_between_its_rounds_a_standing_campaign_goes_on_and_says_when(frontier, redis):
    await frontier.start(standing(), [site(1), site(2)])
    await drain(frontier, plain)
    status, lines = await frontier.campaign("c"), await ledger(frontier)
    assert (status.state, status.finished, status.round) == (CampaignState.RUNNING, None, 1)
    assert (status.next_round - status.campaign.started).total_seconds() == pytest.approx(DAY, abs=0.01)
    assert lines["s1"].next_round == lines["s2"].next_round
    assert (lines["s1"].round, lines["s1"].state) == (1, SiteState.COMPLETE)
    claim = await frontier.claim("w", 1)
    assert claim.running == 0
    assert DAY - 60 < claim.wait_seconds <= DAY
    await next_round(redis, frontier, lambda lease: robots(lease) if lease.page_class is PageClass.ROBOTS else unchanged(lease))
    assert (await ledger(frontier))["s1"].round == 2
    assert (await frontier.campaign("c")).pages == 2


async def test_a_paused_campaign_begins_no_round_and_a_stopped_one_never_again(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, plain)
    await frontier.pause("c")
    assert await next_round(redis, frontier, plain) == []
    assert (await frontier.claim("w", 1)).wait_seconds is None
    await frontier.resume("c")
    assert addresses(await next_round(redis, frontier, plain)) == ["http://h1.test/"]
    await frontier.stop("c")
    assert await next_round(redis, frontier, plain) == []
    status = await frontier.campaign("c")
    assert status.state is CampaignState.STOPPED
    assert status.finished is not None
    assert status.next_round is None


async def test_thousands_of_known_pages_are_queued_in_bits_before_the_site_is_visited(frontier, redis):
    found = tuple(Child(f"http://h{1 + n % 2}.test/a/{n}.html", PageClass.ARTICLE) for n in range(3000))
    await frontier.start(standing(), [site(1), site(2, id="other")])
    at_work = web(found)
    await drain(frontier, lambda lease: at_work(lease) if lease.site == "s1" else plain(lease), rounds=4000)
    for sid in await redis.zrange(f"{P}resting", 0, -1):
        await redis.zadd(f"{P}resting", {sid: 0})
    claims = 0
    while await redis.zcard(f"{P}resting"):
        claims += 1
        leases = [lease for lease in (await frontier.claim("w", 0)).leases if lease.site == "s1"]
        assert leases == []
    assert 5 < claims < 40
    second = await drain(frontier, lambda lease: at_work(lease) if lease.site == "s1" else plain(lease), rounds=4000)
    urls = [lease.url for lease in second if lease.site == "s1" and lease.page_class is not PageClass.ROBOTS]
    assert urls[0] == "http://h1.test/"
    assert sorted(urls) == sorted({"http://h1.test/", *(child.url for child in found)})


async def test_the_next_round_of_a_site_has_the_delay_and_budget_that_were_set_meanwhile(frontier, redis):
    await frontier.start(standing(), [site(1), site(2)])
    await drain(frontier, plain)
    await frontier.adjust("c", max_pages=7, delay_seconds=3.0)
    await frontier.adjust("c", site="s2", max_pages=9)
    await next_round(redis, frontier, plain, limit=1)
    kept = {stored["rest"]: (stored["budget"], stored["site_delay"]) for stored in await sites(redis)}
    assert kept == {b"s1": (7, 3000), b"s2": (9, 3000)}


async def sites(redis):
    from tests.frontier.records import SITE

    return [SITE.read(raw) for raw in (await redis.hgetall(f"{P}sites")).values()]


async def test_a_site_that_is_reset_stays_in_its_round_and_knows_nothing(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN))
    await next_round(redis, frontier, web(CHILDREN))
    assert await frontier.reset_site("c", "s1")
    leases = await drain(frontier, web(CHILDREN))
    assert {lease.campaign for lease in leases} == {"c@2"}
    assert set(addresses(leases)) == {"http://h1.test/", A, B, COLUMN}


@pytest.mark.parametrize(
    ("etag", "moment"),
    [
        ("x" * 500, "yesterday"),
        ('"a"b"', "Wed, 21 Oct 2026 07:28:00 GMT\r\nCookie: x"),
        ('"\x01\x02"', "Wed, 99 Oct 2026 07:28:00 GMT"),
        ('"' + "x" * 65 + '"', "Wed, 21 Oct 9999 07:28:00 GMT"),
        ('W/"W/x"', "Mon, 21 Oct 2026 07:28:00 GMT"),
        ('"\\"', ""),
    ],
)
async def test_validators_that_are_none_are_never_sent_back(frontier, redis, etag, moment):
    await frontier.start(standing(), [site(1)])
    hostile = lambda lease: replace(read(lease), etag=etag, last_modified=moment)  # noqa: E731 - one line of test
    await drain(frontier, web(CHILDREN, **{"1": hostile}))
    leases = {lease.url: lease for lease in await next_round(redis, frontier, web())}
    assert (leases[A].etag, leases[A].last_modified) == ("", "")


async def test_a_weak_etag_comes_back_as_a_weak_one(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN, **{"1": lambda lease: replace(read(lease), etag='W/"x-1"')}))
    leases = {lease.url: lease for lease in await next_round(redis, frontier, web())}
    assert leases[A].etag == 'W/"x-1"'


async def test_a_known_page_takes_no_more_than_so_many_bytes(frontier, redis):
    """Addresses of 60 characters, an ETag of nginx and a Last-Modified."""
    found = tuple(Child(f"http://h1.test/zwgk/201701/t2017_{n:022d}.html", PageClass.ARTICLE) for n in range(2000))
    assert {len(child.url) for child in found} == {60}
    dice = random.Random(4)

    def kept(lease):
        return replace(read(lease, f"{dice.getrandbits(64):016x}"), etag=f'"{dice.getrandbits(32):x}-{dice.getrandbits(16):x}"')

    await frontier.start(standing(), [site(1)])
    await drain(frontier, lambda lease: kept(lease) if lease.page_class is PageClass.ARTICLE else web(found)(lease), rounds=3000)
    assert await redis.hlen(f"{P}known:1.1:h1.test") == 2000
    assert await redis.memory_usage(f"{P}known:1.1:h1.test", samples=0) / 2000 < 142


async def test_a_worker_that_dies_between_rounds_leaves_the_next_one_whole(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN))
    await next_round(redis, frontier, web(CHILDREN), limit=1)
    for sid in await redis.zrange(f"{P}resting", 0, -1):
        await redis.zadd(f"{P}resting", {sid: 0})
    (lease,) = await pages(frontier, 1)
    await redis.zadd(f"{P}leased", {lease.host: 0})
    leases = await drain(frontier, web(CHILDREN))
    assert lease.url in addresses(leases)
    await conclude(frontier, await frontier.claim("w", 1))
    assert (await ledger(frontier))["s1"].state is SiteState.COMPLETE
    assert utc_now() < (await ledger(frontier))["s1"].next_round


async def test_a_home_page_that_has_moved_to_a_page_known_before_is_found_there(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN, col=unsettled))
    moved = web((Child(COLUMN, PageClass.HOME),), col=unsettled)
    asked = await next_round(
        redis, frontier, lambda lease: replace(moved(lease), status=301 if lease.page_class is PageClass.HOME else 200)
    )
    assert addresses(asked).count(COLUMN) == 1
    assert (await ledger(frontier))["s1"].state is SiteState.COMPLETE
    gone_too = web((Child(COLUMN, PageClass.HOME),), col=gone)
    await next_round(
        redis, frontier, lambda lease: replace(gone_too(lease), status=301 if lease.page_class is PageClass.HOME else 200)
    )
    assert (await ledger(frontier))["s1"].state is SiteState.FAILED


MEMO = "AAAAAAAAAAAAAA"


def leaving(memo):
    return lambda lease: replace(unsettled(lease), memo=memo)


async def test_a_memo_comes_back_and_stays_until_another_visit_leaves_one(frontier, redis):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN, **{"1": leaving(MEMO)}))
    for answer in (away, gone, unsettled, leaving("B" * 14)):
        leases = {lease.url: lease for lease in await next_round(redis, frontier, web(CHILDREN, **{"1": answer}))}
        assert leases[A].memo == MEMO
    leases = {lease.url: lease for lease in await next_round(redis, frontier, web(CHILDREN))}
    assert leases[A].memo == "B" * 14
    assert leases[COLUMN].memo == ""


async def test_a_page_that_is_read_without_conditions_after_a_long_time_keeps_its_memo(frontier, redis):
    await frontier.start(standing(28 * DAY), [site(1)])
    await drain(frontier, web(CHILDREN, **{"1": lambda lease: replace(read(lease), memo=MEMO)}))
    leases = {lease.url: lease for lease in await next_round(redis, frontier, web(CHILDREN))}
    assert (leases[A].etag, leases[A].judged_by, leases[A].memo) == ("", "", MEMO)


@pytest.mark.parametrize("memo", ["A" * 17, 'a","b', "a b", "é"])
async def test_what_is_no_memo_is_not_kept(frontier, redis, memo):
    await frontier.start(standing(), [site(1)])
    await drain(frontier, web(CHILDREN, **{"1": leaving(memo)}))
    leases = {lease.url: lease for lease in await next_round(redis, frontier, web(CHILDREN))}
    assert leases[A].memo == ""


async def test_a_memo_takes_no_more_than_so_many_bytes_of_a_known_page(frontier, redis):
    found = tuple(Child(f"http://h1.test/zwgk/201701/t2017_{n:022d}.html", PageClass.ARTICLE) for n in range(2000))

    def kept(lease):
        return replace(read(lease), etag='"5f3a1c2d-1c2d"', memo=MEMO)

    await frontier.start(standing(), [site(1)])
    await drain(frontier, lambda lease: kept(lease) if lease.page_class is PageClass.ARTICLE else web(found)(lease), rounds=3000)
    assert await redis.memory_usage(f"{P}known:1.1:h1.test", samples=0) / 2000 < 174
