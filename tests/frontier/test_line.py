"""From the start of a campaign to its end."""

from msgspec.structs import replace

from govcrawl.frontier.model import CampaignState, Child, Outcome, PageClass, Reason, Result, SiteState
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.worker import (
    addresses,
    article,
    at_once,
    campaign,
    dead,
    done,
    drain,
    ledger,
    pages,
    plain,
    retry,
    robots,
    site,
)


async def test_the_first_lease_of_a_host_is_its_robots_txt(frontier):
    await frontier.start(campaign(), [site(1)])
    claim = await frontier.claim("w", 10)
    assert [(lease.url, lease.page_class) for lease in claim.leases] == [("http://h1.test/robots.txt", PageClass.ROBOTS)]
    assert (await frontier.claim("w", 10)).leases == ()
    await frontier.finish("w", [robots(claim.leases[0], "User-agent: *\nDisallow: /x")])
    assert await frontier.robots("h1.test") == "User-agent: *\nDisallow: /x"
    assert addresses((await frontier.claim("w", 10)).leases) == ["http://h1.test/"]


async def test_a_campaign_ends_when_all_its_sites_are_concluded(frontier):
    assert await frontier.start(campaign(), [site(n) for n in range(3)]) == 3
    assert (await frontier.claim("w", 0)).running == 1
    leases = await drain(frontier)
    assert sorted(addresses(leases)) == ["http://h0.test/", "http://h1.test/", "http://h2.test/"]
    status = await frontier.campaign("c")
    assert status.state is CampaignState.FINISHED
    assert status.finished is not None
    assert (status.pages, status.queued, status.leased, status.dead) == (3, 0, 0, 0)
    assert status.sites == {SiteState.COMPLETE: 3}
    assert (await frontier.claim("w", 10)).running == 0


async def test_a_page_found_twice_is_fetched_once(frontier):
    def answer(lease):
        if lease.page_class is PageClass.ROBOTS:
            return robots(lease)
        return done(lease, article(lease, 1), article(lease, 1), article(lease, 2), Child("http://h1.test/", PageClass.OTHER))

    await frontier.start(campaign(), [site(1)])
    leases = await drain(frontier, answer)
    assert addresses(leases) == ["http://h1.test/", "http://h1.test/a/1.html", "http://h1.test/a/2.html"]
    assert [lease.depth for lease in leases[1:]] == [0, 1, 1]


async def test_what_inspections_look_at_comes_first(frontier):
    classes = [PageClass.OTHER, PageClass.ARTICLE, PageClass.ATTACHMENT, PageClass.COLUMN, PageClass.SHEET]

    def answer(lease):
        if lease.page_class is PageClass.ROBOTS:
            return robots(lease)
        if lease.page_class is PageClass.HOME:
            return done(lease, *(Child(f"https://h1.test/{kind.name}", kind) for kind in classes))
        return done(lease)

    await frontier.start(campaign(), [site(1)])
    leases = await drain(frontier, answer)
    assert [lease.page_class for lease in leases] == sorted(PageClass)


async def test_sites_that_are_there_already_are_left_as_they_are(frontier):
    await frontier.start(campaign(), [site(1)])
    await drain(frontier)
    assert await frontier.start(campaign(), [site(1), site(2)]) == 1
    status = await frontier.campaign("c")
    assert status.state is CampaignState.RUNNING
    assert addresses(await drain(frontier)) == ["http://h2.test/"]
    assert await frontier.start(campaign(), [site(1), site(2)]) == 0
    assert (await frontier.campaign("c")).state is CampaignState.FINISHED


async def test_the_line_of_the_list_comes_back_as_it_was(frontier):
    given = site(1, name="某市人民政府", tags=("a", "b"), hosts=("x.test",), max_pages=7, delay_seconds=0.5)
    await frontier.start(campaign(), [given])
    assert await frontier.site("c", "s1") == given
    assert await frontier.site("c", "none") is None
    assert await frontier.site("none", "s1") is None


async def test_two_sites_on_one_host_are_both_crawled(frontier):
    await frontier.start(campaign(), [site(1, url="http://city.test/a/"), site(2, url="http://city.test/b/")])
    leases = await drain(frontier)
    assert sorted(addresses(leases)) == ["http://city.test/a/", "http://city.test/b/"]
    assert sum(lease.page_class is PageClass.ROBOTS for lease in leases) == 1
    assert {line.state for line in (await ledger(frontier)).values()} == {SiteState.COMPLETE}


async def test_two_campaigns_take_a_host_in_turn_by_priority(frontier):
    await frontier.start(campaign("low"), [site(1)])
    await frontier.start(campaign("high", priority=5), [site(1)])
    leases = await drain(frontier)
    assert [lease.campaign for lease in leases if lease.page_class is PageClass.HOME] == ["high", "low"]


async def test_a_budget_ends_a_site_with_something_left_over(frontier):
    def answer(lease):
        return plain(lease) if lease.page_class is PageClass.ROBOTS else done(lease, *(article(lease, n) for n in range(10)))

    await frontier.start(campaign(max_pages=3), [site(1), site(2, max_pages=1), site(3, max_pages=11)])
    leases = await drain(frontier, answer)
    lines = await ledger(frontier)
    assert {name: (line.state, line.reason, line.pages) for name, line in lines.items()} == {
        "s1": (SiteState.PARTIAL, Reason.BUDGET, 3),
        "s2": (SiteState.PARTIAL, Reason.BUDGET, 1),
        "s3": (SiteState.COMPLETE, None, 11),
    }
    assert len(addresses(leases)) == 15
    assert (await frontier.campaign("c")).queued == 0


async def test_so_many_bytes_of_a_site_are_its_budget_too(valkey_url, redis):
    def answer(lease):
        if lease.page_class is PageClass.ROBOTS:
            return plain(lease)
        return replace(done(lease, *(article(lease, n) for n in range(10))), body_bytes=40)

    frontier = RedisFrontier.from_url(valkey_url, politeness=Politeness(site_bytes=100))
    await frontier.start(campaign(), [site(1), site(2, url="http://h1.test/other")])
    leases = await drain(frontier, answer)
    lines = await ledger(frontier)
    assert [(line.state, line.reason, line.pages) for line in lines.values()] == [(SiteState.PARTIAL, Reason.BUDGET, 3)] * 2
    assert len(addresses(leases)) == 6
    assert await frontier.reset_site("c", "s1")
    assert len(addresses(await drain(frontier, answer))) == 3
    await frontier.aclose()


async def test_a_style_sheet_is_no_page_and_comes_before_the_budget_is_used_up(frontier):
    def answer(lease):
        if lease.page_class is PageClass.HOME:
            return done(lease, Child("http://h1.test/a.css", PageClass.SHEET))
        return plain(lease)

    await frontier.start(campaign(max_pages=1), [site(1)])
    leases = await drain(frontier, answer)
    assert [lease.page_class for lease in leases] == [PageClass.ROBOTS, PageClass.HOME, PageClass.SHEET]
    line = (await ledger(frontier))["s1"]
    assert (line.state, line.pages) == (SiteState.COMPLETE, 1)


async def test_a_site_without_its_home_page_failed_for_that_reason(frontier):
    await frontier.start(campaign(), [site(1)])
    await drain(frontier, lambda lease: dead(lease, Reason.DNS))
    line = (await ledger(frontier))["s1"]
    assert (line.state, line.reason, line.pages, line.failed_pages) == (SiteState.FAILED, Reason.DNS, 0, 1)


async def test_a_site_forbidden_by_robots_failed_for_that_reason(frontier):
    await frontier.start(campaign(), [site(1)])
    await drain(frontier, lambda lease: dead(lease, Reason.ROBOTS) if lease.page_class is PageClass.HOME else plain(lease))
    line = (await ledger(frontier))["s1"]
    assert (line.state, line.reason) == (SiteState.FAILED, Reason.ROBOTS)


async def test_dead_links_do_not_make_a_site_partial_but_failures_do(frontier):
    def answer(lease):
        if lease.page_class is PageClass.HOME:
            return done(lease, *(article(lease, n) for n in range(3)))
        if lease.page_class is PageClass.ARTICLE:
            return dead(lease, Reason.HTTP_4XX, 404) if lease.host == "h1.test" else dead(lease, Reason.HTTP_5XX, 500)
        return plain(lease)

    await frontier.start(campaign(), [site(1), site(2)])
    await drain(frontier, answer)
    lines = await ledger(frontier)
    assert (lines["s1"].state, lines["s1"].reason, lines["s1"].failed_pages) == (SiteState.COMPLETE, None, 3)
    assert (lines["s2"].state, lines["s2"].reason, lines["s2"].failed_pages) == (SiteState.PARTIAL, Reason.HTTP_5XX, 3)
    letters = [letter async for letter in frontier.dead_letters("c")]
    assert sorted(letter.url for letter in letters)[:1] == ["http://h1.test/a/0.html"]
    assert {letter.reason for letter in letters} == {Reason.HTTP_4XX, Reason.HTTP_5XX}


async def test_a_home_page_that_moved_is_had_where_it_moved_to(frontier):
    def answer(lease):
        if lease.url == "http://h1.test/":
            return done(lease, Child("https://h1.test/", PageClass.HOME), status=301)
        return plain(lease)

    await frontier.start(campaign(max_pages=1), [site(1)])
    await drain(frontier, answer)
    line = (await ledger(frontier))["s1"]
    assert (line.state, line.pages) == (SiteState.COMPLETE, 1)


async def test_a_result_under_an_old_token_changes_nothing(frontier):
    await frontier.start(campaign(), [site(1)])
    (lease,) = await pages(frontier)
    assert await frontier.finish("w", [done(lease, article(lease, 1))]) == 1
    assert await frontier.finish("w", [done(lease, article(lease, 2))]) == 0
    status = await frontier.campaign("c")
    assert (status.pages, status.queued) == (1, 1)


async def test_a_page_that_was_not_started_is_handed_out_again_as_it_was(frontier):
    await frontier.start(campaign(), [site(1)])
    (first,) = await pages(frontier)
    await frontier.release("w", [first])
    (again,) = await pages(frontier)
    assert (again.url, again.attempt) == (first.url, 1)
    assert again.token != first.token


async def test_attempts_are_counted_and_used_up(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    attempts = []
    for _ in range(3):
        (lease,) = await pages(frontier)
        attempts.append(lease.attempt)
        await frontier.finish("w", [retry(lease, Reason.HTTP_5XX, 503)])
        await at_once(redis)
    await drain(frontier)
    assert attempts == [1, 2, 3]
    line = (await ledger(frontier))["s1"]
    assert (line.state, line.reason) == (SiteState.FAILED, Reason.HTTP_5XX)


async def test_a_robots_txt_that_cannot_be_had_does_not_stand_before_the_home_page(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    claim = await frontier.claim("w", 1)
    await frontier.finish("w", [retry(claim.leases[0], Reason.REFUSED)])
    await at_once(redis)
    assert addresses((await frontier.claim("w", 1)).leases) == ["http://h1.test/"]


async def test_a_host_whose_robots_txt_stays_in_trouble_is_forbidden_for_that_reason(frontier, redis):
    def answer(lease):
        return retry(lease, Reason.HTTP_5XX, 500) if lease.page_class is PageClass.ROBOTS else dead(lease, Reason.ROBOTS)

    await frontier.start(campaign(), [site(1)])
    asked = []
    for _ in range(6):
        await at_once(redis)
        asked += await drain(frontier, answer)
    assert [lease.page_class for lease in asked] == [PageClass.ROBOTS] * 3 + [PageClass.HOME]
    assert "Disallow: /" in await frontier.robots("h1.test")
    line = (await ledger(frontier))["s1"]
    assert (line.state, line.reason) == (SiteState.FAILED, Reason.HTTP_5XX)


async def test_a_paused_campaign_hands_out_nothing_until_it_is_resumed(frontier):
    await frontier.start(campaign(), [site(1), site(2)])
    await frontier.start(campaign("other"), [site(1)])
    await frontier.pause("c")
    assert (await frontier.campaign("c")).state is CampaignState.PAUSED
    assert {lease.campaign for lease in await drain(frontier)} == {"other"}
    assert (await frontier.claim("w", 5)).running == 1
    await frontier.resume("c")
    assert sorted(addresses(await drain(frontier))) == ["http://h1.test/", "http://h2.test/"]
    assert (await frontier.campaign("c")).state is CampaignState.FINISHED


async def test_a_stopped_campaign_ends_every_open_site_as_partial(frontier):
    await frontier.start(campaign(), [site(n) for n in range(250)])
    (lease,) = await pages(frontier, 1)
    await frontier.stop("c")
    await frontier.finish("w", [done(lease, article(lease, 1))])
    leases = await drain(frontier)
    assert addresses(leases) == []
    lines = await ledger(frontier)
    assert {(line.state, line.reason) for line in lines.values()} == {(SiteState.PARTIAL, Reason.STOPPED)}
    status = await frontier.campaign("c")
    assert (status.state, status.queued, status.leased) == (CampaignState.STOPPED, 0, 0)
    assert status.finished is not None


async def test_a_conclusion_counts_once(frontier):
    await frontier.start(campaign(), [site(1)])
    (lease,) = await pages(frontier)
    await frontier.finish("w", [done(lease)])
    (closing,) = (await frontier.claim("w", 1)).closing
    assert (closing.state, closing.pages) == (SiteState.COMPLETE, 1)
    assert (await frontier.claim("w", 1)).closing == ()
    assert await frontier.renew("w", [closing.token]) == 1
    assert await frontier.conclude("w", closing)
    assert not await frontier.conclude("w", closing)


async def test_a_worker_that_only_says_done_needs_no_more_than_its_lease(frontier):
    await frontier.start(campaign(), [site(1)])
    (lease,) = await pages(frontier)
    assert await frontier.finish("w", [Result(lease, Outcome.DONE)]) == 1
