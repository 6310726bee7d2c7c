import asyncio
from collections.abc import AsyncIterator, Callable

import aiohttp
import pytest

from govcrawl.crawl.desk import Desk
from govcrawl.crawl.health import Health
from govcrawl.crawl.pulse import Pulse
from govcrawl.crawl.robots import Robots
from govcrawl.frontier.embedded import EmbeddedValkey
from govcrawl.frontier.model import Campaign, Child, Lease, Outcome, PageClass, Reason, Result, SiteState
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site

HOME = "http://www.qingshan.test/"
RULES = "User-agent: *\nDisallow: /secret/"


class Floor:
    """An engine without Scrapy: fetches nothing, and answers as told."""

    def __init__(self, frontier: RedisFrontier) -> None:
        self.robots = Robots(frontier)
        self.slots = 4
        self.concluded: list[SiteState] = []
        self.news = asyncio.Event()
        self.finished = asyncio.Event()

    def free(self) -> int:
        return self.slots

    async def admit(self, leases):
        return await self.robots.forbidden(leases)

    async def conclude(self, closing) -> None:
        self.concluded.append(closing.state)

    def ready(self) -> None:
        self.news.set()

    def idle(self) -> None:
        self.finished.set()


class Backlog:
    """A store that three pages wait for."""

    waiting, spooled_bytes, store_away = 3, 4096, False


@pytest.fixture
async def desk(tmp_path) -> AsyncIterator[Desk]:
    with EmbeddedValkey.open(tmp_path) as server:
        frontier = RedisFrontier.from_url(server.url)
        await frontier.start(Campaign("c1", utc_now(), delay_seconds=0.0), [Site("s1", HOME)])
        opened = Desk(frontier, Floor(frontier), "w1", slots=4)
        opened.open()
        yield opened
        await opened.close()
        await frontier.aclose()


async def next_lease(desk: Desk) -> Lease:
    async with asyncio.timeout(60):
        while (lease := desk.take()) is None:
            desk.floor.news.clear()
            await desk.floor.news.wait()
    return lease


def answered(lease: Lease, *children: str) -> Result:
    if lease.page_class is PageClass.ROBOTS:
        return Result(lease, Outcome.DONE, status=200, robots=RULES)
    return Result(lease, Outcome.DONE, status=200, children=tuple(Child(f"{HOME}{child}") for child in children))


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.01)


async def test_the_robots_file_comes_first_and_what_it_forbids_is_never_handed_out(desk):
    robots = await next_lease(desk)
    assert (robots.page_class, robots.url) == (PageClass.ROBOTS, f"{HOME}robots.txt")
    desk.put(answered(robots))
    home = await next_lease(desk)
    assert home.url == HOME
    desk.put(answered(home, "secret/plan.html", "open.html"))
    assert (await next_lease(desk)).url == f"{HOME}open.html"
    letters = [letter async for letter in desk.frontier.dead_letters("c1")]
    assert [(letter.url, letter.reason) for letter in letters] == [(f"{HOME}secret/plan.html", Reason.ROBOTS)]


async def test_a_site_with_nothing_left_is_concluded_and_the_desk_is_idle(desk):
    for _ in range(2):
        desk.put(answered(await next_lease(desk)))
    async with asyncio.timeout(60):
        await desk.floor.finished.wait()
    assert desk.floor.concluded == [SiteState.COMPLETE]
    assert not desk.busy


async def test_what_was_not_started_is_handed_back_at_the_end(desk):
    desk.put(answered(await next_lease(desk)))
    await until(lambda: desk.waiting == 1)
    await desk.close()
    status = await desk.frontier.campaign("c1")
    assert (status.queued, status.leased) == (1, 0)


async def test_the_health_port_tells_what_keeps_the_worker_from_its_work(desk):
    backlog = Backlog()
    health = Health(desk, Pulse(desk, backlog, report_seconds=1.0), {"inspect": 0.5})
    await health.open("127.0.0.1", 0)
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{health.port}") as session:
            assert await asked(session, "/healthz") == await asked(session, "/readyz") == (200, "ok")
            async with session.get("/metrics") as answer:
                lines = (await answer.text()).splitlines()
            assert "govcrawl_worker_frontier_up 1" in lines
            assert 'govcrawl_worker_seconds_total{part="inspect"} 0.500000' in lines
            assert "govcrawl_worker_spool_bytes 4096" in lines
            assert "govcrawl_worker_store_waiting 3" in lines
            assert "govcrawl_worker_store_up 1" in lines
            backlog.store_away = True
            assert await asked(session, "/readyz") == (503, "the store takes nothing in")
            backlog.store_away = False
            desk.reachable = False
            assert await asked(session, "/readyz") == (503, "the frontier does not answer")
            assert await asked(session, "/healthz") == (200, "ok")
            desk.reachable, desk.claimed_at = True, desk.claimed_at - 1000
            assert (await asked(session, "/readyz"))[0] == 503
    finally:
        await health.close()


async def test_a_worker_says_what_keeps_it_waiting(desk):
    pulse = Pulse(desk, Backlog(), report_seconds=1.0)
    desk.put(answered(await next_lease(desk)))
    desk.put(Result(await next_lease(desk), Outcome.DEAD, Reason.TIMEOUT))
    await until(lambda: desk.tally.finished == 2)
    pulse._mark()
    said = pulse.status()
    assert (said.recent, said.failures) == (2, {"timeout": 1})
    assert (said.slots, said.fetching, said.storing, said.spooled_bytes) == (4, 0, 3, 4096)
    assert 0 < said.claim_seconds < 60
    assert said.memory_bytes > 1 << 20
    await desk.frontier.report(said)
    status = await desk.frontier.status()
    assert status.workers == (said,)


async def asked(session, path):
    async with session.get(path) as answer:
        return answer.status, (await answer.json())["status"]
