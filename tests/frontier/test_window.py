"""Sites that may be visited only at certain hours."""

from datetime import timedelta

from govcrawl.frontier.model import PageClass, Reason, SiteState
from govcrawl.kit.clock import CHINA, utc_now
from tests.frontier.keyspace import P
from tests.frontier.records import SITE, change
from tests.frontier.worker import addresses, article, campaign, done, drain, ledger, pages, robots, site

DAY = 24 * 60


def window(begins: int, minutes: int) -> str:
    """Of so many minutes, that begins so many minutes from now."""
    at = utc_now().astimezone(CHINA)
    first = (60 * at.hour + at.minute + begins) % DAY
    last = (first + minutes) % DAY
    return f"{first // 60:02d}:{first % 60:02d}-{last // 60:02d}:{last % 60:02d}"


async def open_now(redis) -> None:
    """As if the clock had reached the window."""
    await change(redis, f"{P}sites", "1.1", SITE, window_from=0, window_to=0)
    await redis.zadd(f"{P}asleep", dict.fromkeys(await redis.zrange(f"{P}asleep", 0, -1), 0))


async def test_nothing_of_a_site_is_handed_out_outside_of_its_window(frontier):
    await frontier.start(campaign(), [site(1, window=window(120, 60)), site(2)])
    assert addresses(await drain(frontier)) == ["http://h2.test/"]
    claim = await frontier.claim("w", 10)
    assert (claim.leases, claim.running) == ((), 1)
    assert timedelta(minutes=118) < timedelta(seconds=claim.wait_seconds) <= timedelta(minutes=120)


async def test_a_site_within_its_window_is_visited(frontier):
    await frontier.start(campaign(), [site(1, window=window(-30, 60)), site(2, window=window(-30, DAY - 1))])
    assert sorted(addresses(await drain(frontier))) == ["http://h1.test/", "http://h2.test/"]


async def test_what_waits_for_its_window_is_told_and_is_not_stale(frontier):
    await frontier.start(campaign(), [site(1, window=window(120, 60)), site(2)])
    await frontier.claim("w", 10)
    lines = await ledger(frontier)
    assert [(line.state, line.reason) for line in lines.values()] == [
        (SiteState.WAITING, Reason.WINDOW),
        (SiteState.WAITING, None),
    ]
    assert [line.id for line in (await frontier.status(stale_seconds=-60)).stale] == ["s2"]


async def test_a_site_goes_on_when_its_window_opens(frontier, redis):
    await frontier.start(campaign(), [site(1, window=window(120, 60))])
    assert await drain(frontier) == []
    await open_now(redis)
    assert addresses(await drain(frontier)) == ["http://h1.test/"]
    assert (await ledger(frontier))["s1"].state is SiteState.COMPLETE
    assert await redis.exists(f"{P}asleep") == 0


async def test_a_window_that_closes_keeps_the_children_of_the_page_under_way(frontier, redis):
    await frontier.start(campaign(), [site(1, window=window(-30, 60))])
    (home,) = await pages(frontier)
    await change(
        redis, f"{P}sites", "1.1", SITE, **dict(zip(("window_from", "window_to"), _minutes(window(120, 60)), strict=True))
    )
    await frontier.finish("w", [done(home, article(home, 1))])
    assert await pages(frontier) == []
    await open_now(redis)
    assert addresses(await pages(frontier)) == ["http://h1.test/a/1.html"]


async def test_a_stopped_campaign_does_not_wait_for_a_window(frontier):
    await frontier.start(campaign(), [site(1, window=window(120, 60))])
    await frontier.claim("w", 10)
    await frontier.stop("c")
    await drain(frontier)
    assert (await ledger(frontier))["s1"].state is SiteState.PARTIAL


async def test_a_site_begun_anew_keeps_its_window(frontier):
    await frontier.start(campaign(), [site(1, window=window(120, 60))])
    await frontier.reset_site("c", "s1")
    assert (await frontier.claim("w", 10)).leases == ()


async def test_a_site_without_a_window_on_the_same_host_does_not_wait(frontier):
    await frontier.start(campaign(), [site(1, window=window(120, 60)), site(2, url="http://h1.test/other/")])

    def answer(lease):
        return robots(lease) if lease.page_class is PageClass.ROBOTS else done(lease)

    assert addresses(await drain(frontier, answer)) == ["http://h1.test/other/"]


def _minutes(written: str) -> tuple[int, int]:
    first, last = written.split("-")
    return tuple(60 * int(word[:2]) + int(word[3:]) for word in (first, last))
