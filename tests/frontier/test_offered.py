"""Links that a worker has offered already are not sent again, and none is lost for it."""

import asyncio

from govcrawl.frontier.model import Child, Lease, PageClass
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.keyspace import P
from tests.frontier.worker import article, campaign, done, drain, plain, robots, site

MENU = 8


def menu(lease: Lease) -> list[Child]:
    """The links that all pages of the site have."""
    return [article(lease, number) for number in range(MENU)]


def templated(lease: Lease):
    return robots(lease) if lease.page_class is PageClass.ROBOTS else done(lease, *menu(lease))


async def looked_up(redis) -> int:
    """How many pages so far had links to look up."""
    stats = await redis.info("commandstats")
    return stats.get("cmdstat_smismember", {"calls": 0})["calls"]


async def test_the_links_of_a_template_are_sent_once(frontier, redis):
    await frontier.start(campaign(), [site(0)])
    before = await looked_up(redis)
    seen = await drain(frontier, templated)
    assert len(seen) == 2 + MENU
    assert await looked_up(redis) - before == 1


async def test_a_new_link_among_known_ones_is_queued(frontier):
    def answer(lease: Lease):
        if lease.url.endswith("/3.html"):
            return done(lease, *menu(lease), Child(f"http://{lease.host}/new.html"))
        return templated(lease)

    await frontier.start(campaign(), [site(0)])
    assert "http://h0.test/new.html" in {lease.url for lease in await drain(frontier, answer)}


async def test_a_site_that_is_reset_is_visited_whole_again(frontier):
    def answer(lease: Lease):
        # The home page leads to one page only, and that to the others.
        return done(lease, *menu(lease)[:1]) if lease.page_class is PageClass.HOME else templated(lease)

    await frontier.start(campaign(), [site(0)])
    whole = {lease.url for lease in await drain(frontier, answer)}
    assert len(whole) == 2 + MENU
    assert await frontier.reset_site("c", "s0")
    again = {lease.url for lease in await drain(frontier, answer)}
    assert again == whole - {"http://h0.test/robots.txt"}


async def test_a_site_that_was_reset_behind_the_back_of_a_worker_loses_nothing(frontier, valkey_url):
    other = RedisFrontier.from_url(valkey_url, politeness=Politeness(stay_seconds=0))
    try:
        await frontier.start(campaign(), [site(0)])
        await drain(frontier, templated)
        await frontier.reset_site("c", "s0")
        (home,) = (await other.claim("w", 1)).leases
        await other.finish("w", [done(home, *menu(home)[:1])])
        await asyncio.sleep(0.3)  # until the host is anybody's
        assert len(await drain(frontier, templated)) == MENU
    finally:
        await other.aclose()


async def test_a_server_that_was_emptied_is_told_everything(frontier, redis):
    def answer(lease: Lease):
        return done(lease, *menu(lease)[:1]) if lease.page_class is PageClass.HOME else templated(lease)

    for _ in range(2):
        await frontier.start(campaign(), [site(0)])
        assert len(await drain(frontier, answer)) == 2 + MENU
        await redis.flushall()


async def test_another_process_is_told_everything(frontier, redis):
    """Its run id tells it apart: here the worker is made to remember another one, with the seen-set that this one does not have."""
    await frontier.start(campaign(), [site(0)])
    home = await first_page(frontier)
    await frontier.finish("w", [done(home, *menu(home))])
    offered = frontier._offered[0]
    offered.epoch = "0" * 40 + offered.epoch[40:]
    for key in await redis.keys(f"{P}seen:*"):
        await redis.delete(key)
    (page, *_) = (await frontier.claim("w", 1)).leases
    await frontier.finish("w", [done(page, *menu(page))])
    assert sum([await redis.scard(key) for key in await redis.keys(f"{P}seen:*")]) == MENU


async def test_of_a_server_that_does_not_name_its_process_nothing_is_known(valkey_url, redis):
    await redis.execute_command("ACL SETUSER", "worker", "on", ">word", "~*", "&*", "+@all", "-info")
    frontier = RedisFrontier.from_url(valkey_url.replace("unix://", "unix://worker:word@"))
    try:
        await frontier.start(campaign(), [site(0)])
        before = await looked_up(redis)
        assert len(await drain(frontier, templated)) == 2 + MENU
        assert await looked_up(redis) - before == 1 + MENU
    finally:
        await frontier.aclose()


async def test_what_a_budget_left_out_is_offered_again(frontier):
    await frontier.start(campaign(max_pages=2), [site(0)])
    home = await first_page(frontier)
    await frontier.finish("w", [done(home, *menu(home)[:1])])
    (page,) = (await frontier.claim("w", 5)).leases
    await frontier.finish("w", [done(page, *menu(page))])  # the budget is spent with it
    await frontier.adjust("c", site="s0", max_pages=100)
    assert not frontier._offered[0].unknown(done(page, *menu(page)[:1]))
    assert len(frontier._offered[0].unknown(done(page, *menu(page)))) == MENU - 1


async def test_what_came_too_late_counts_for_nothing(frontier, redis):
    await frontier.start(campaign(), [site(0)])
    home = await first_page(frontier)
    await frontier.release("w", [home])
    assert await frontier.finish("w", [done(home, *menu(home))]) == 0
    assert len(await drain(frontier, templated)) == 1 + MENU


async def test_where_a_home_page_moved_to_is_always_told(frontier):
    await frontier.start(campaign(), [site(0)])
    home = await first_page(frontier)
    await frontier.finish("w", [done(home, *menu(home))])
    offered = frontier._offered[0]
    assert len(offered.unknown(done(home, *menu(home), status=302))) == MENU
    assert len(offered.unknown(done(home, *menu(home)))) == MENU


async def first_page(frontier) -> Lease:
    (asked,) = (await frontier.claim("w", 1)).leases
    await frontier.finish("w", [plain(asked)])
    (home,) = (await frontier.claim("w", 1)).leases
    return home
