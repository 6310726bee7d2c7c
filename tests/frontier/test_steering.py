"""What an operator changes while all goes on."""

from govcrawl.frontier.model import CampaignState, Child, PageClass, Reason, SiteState
from tests.frontier.keyspace import Keyspace, P
from tests.frontier.records import SITE, change
from tests.frontier.worker import addresses, article, at_once, campaign, dead, done, drain, ledger, pages, plain, site


def with_articles(number):
    def answer(lease):
        return done(lease, *(article(lease, n) for n in range(number))) if lease.page_class is PageClass.HOME else plain(lease)

    return answer


async def rest_after_a_page(frontier, redis):
    await at_once(redis)
    (lease,) = (await frontier.claim("w", 1)).leases
    await frontier.finish("w", [done(lease, article(lease, 1))])
    return (await frontier.claim("w", 0)).wait_seconds


async def test_a_new_delay_of_a_campaign_holds_from_the_next_page_on_but_not_for_sites_with_their_own(frontier, redis):
    await frontier.start(campaign(delay=50.0), [site(1), site(2, delay_seconds=30.0)])
    await frontier.adjust("c", delay_seconds=7.0)
    await drain(frontier)
    sites = (await Keyspace.read(redis)).sites
    assert [sites[sid]["site_delay"] for sid in ("1.1", "1.2")] == [7000, 30000]
    assert 6 < await rest_after_a_page(frontier, redis) <= 7
    assert (await frontier.campaign("c")).delay_seconds == 7.0


async def test_a_long_rest_is_cut_short_by_a_shorter_delay(frontier):
    await frontier.start(campaign(delay=3000.0), [site(1)])
    (asked,) = (await frontier.claim("w", 1)).leases
    await frontier.finish("w", [plain(asked)])
    assert (await frontier.claim("w", 1)).wait_seconds > 2900
    assert await frontier.adjust("c", site="s1", delay_seconds=0.0) == 1
    assert addresses((await frontier.claim("w", 1)).leases) == ["http://h1.test/"]


async def test_the_delay_of_a_host_wins_over_its_sites(frontier, redis):
    await frontier.start(campaign(delay=50.0), [site(1)])
    assert await frontier.adjust("c", host="h1.test", delay_seconds=3.0) == 1
    assert 2 < await rest_after_a_page(frontier, redis) <= 3


async def test_the_longest_delay_holds_on_a_shared_host_also_while_its_site_has_only_leases_there(frontier, redis):
    await frontier.start(campaign(delay=0.0), [site(1, url="http://city.test/a/", delay_seconds=50.0)])
    for _ in range(2):
        await at_once(redis, "city.test")
        (lease,) = (await frontier.claim("w", 1)).leases
        if lease.page_class is PageClass.ROBOTS:
            await frontier.finish("w", [plain(lease)])
    await frontier.start(campaign(), [site(2, url="http://city.test/b/", delay_seconds=1.0)])
    await frontier.finish("w", [done(lease, Child("http://city.test/a/1.html"))])
    assert (await frontier.claim("w", 1)).wait_seconds > 45


async def test_a_budget_that_is_raised_lets_a_site_go_on_and_one_that_is_lowered_ends_it(frontier):
    await frontier.start(campaign(max_pages=3), [site(1), site(2)])
    homes = await pages(frontier)
    await frontier.finish("w", [done(lease, *(article(lease, n) for n in range(8))) for lease in homes])
    await frontier.adjust("c", site="s1", max_pages=0)
    await frontier.adjust("c", max_pages=2)
    await drain(frontier)
    lines = await ledger(frontier)
    assert (lines["s1"].state, lines["s1"].pages) == (SiteState.COMPLETE, 9)
    assert (lines["s2"].state, lines["s2"].reason, lines["s2"].pages) == (SiteState.PARTIAL, Reason.BUDGET, 2)


async def test_a_host_gives_as_many_more_pages_as_it_may(frontier):
    await frontier.start(campaign(), [site(1)])
    await pages(frontier, 0)
    await frontier.adjust("c", host="h1.test", max_pages=4)
    leases = await drain(frontier, with_articles(20))
    line = (await ledger(frontier))["s1"]
    assert len(addresses(leases)) == 4
    assert (line.state, line.reason, line.pages) == (SiteState.PARTIAL, Reason.BUDGET, 4)


async def test_all_sites_of_a_large_campaign_are_changed(frontier, redis):
    await frontier.start(campaign(), [site(n) for n in range(450)])
    assert await frontier.adjust("c", max_pages=5) == 450
    sites = (await Keyspace.read(redis)).sites
    assert [site["budget"] for site in sites.values()] == 450 * [5]
    assert (await frontier.campaign("c")).max_pages == 5


async def test_what_is_not_there_is_not_changed(frontier):
    await frontier.start(campaign(), [site(1)])
    assert await frontier.adjust("c", site="none", delay_seconds=1.0) == 0
    assert await frontier.adjust("c", host="none.test", delay_seconds=1.0) == 0
    assert await frontier.adjust("none", delay_seconds=1.0) == 0
    assert not await frontier.reset_site("c", "none")


async def test_one_site_begins_anew_and_the_other_stays_as_it_was(frontier):
    await frontier.start(campaign(), [site(1), site(2)])
    await drain(frontier, with_articles(3))
    assert (await frontier.campaign("c")).state is CampaignState.FINISHED
    assert await frontier.reset_site("c", "s1")
    status = await frontier.campaign("c")
    assert (status.state, status.finished, status.pages, status.queued) == (CampaignState.RUNNING, None, 4, 1)
    assert status.sites == {SiteState.COMPLETE: 1, SiteState.RUNNING: 1}
    assert len(addresses(await drain(frontier, with_articles(5)))) == 6
    lines = await ledger(frontier)
    assert (lines["s1"].state, lines["s1"].pages, lines["s2"].pages) == (SiteState.COMPLETE, 6, 4)


async def test_a_reset_takes_back_the_leases_and_dead_letters_of_its_site_alone(frontier):
    await frontier.start(campaign(), [site(1), site(2)])
    homes = await pages(frontier)
    await frontier.finish("w", [done(lease, article(lease, 1), article(lease, 2)) for lease in homes])
    first = await pages(frontier, 2)
    await frontier.finish("w", [dead(lease, Reason.HTTP_5XX, 500) for lease in first])
    second = await pages(frontier, 2)
    assert await frontier.reset_site("c", "s1")
    assert await frontier.finish("w", [done(lease) for lease in second]) == 1
    assert [letter.site async for letter in frontier.dead_letters("c")] == ["s2"]
    assert addresses(await drain(frontier)) == ["http://h1.test/"]
    lines = await ledger(frontier)
    assert (lines["s1"].state, lines["s2"].state) == (SiteState.COMPLETE, SiteState.PARTIAL)


async def test_a_site_of_a_stopped_campaign_is_not_begun_anew(frontier):
    await frontier.start(campaign(), [site(1)])
    await frontier.stop("c")
    await drain(frontier)
    assert not await frontier.reset_site("c", "s1")


async def test_sites_that_nothing_happens_to_are_named_the_oldest_first(frontier, redis):
    await frontier.start(campaign(), [site(n) for n in range(4)])
    await frontier.start(campaign("rests"), [site(9)])
    await frontier.pause("rests")
    for sid, touched in {"1.2": 5000, "1.3": 1000, "2.1": 1000}.items():
        await change(redis, f"{P}sites", sid, SITE, touched=touched)
    status = await frontier.status(stale_seconds=3600)
    assert [line.id for line in status.stale] == ["s2", "s1"]
    assert status.stale_sites == 2
    assert status.oldest_unfinished.id == "s2"
    await drain(frontier)
    assert (await frontier.status(stale_seconds=3600)).stale == ()
