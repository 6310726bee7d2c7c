"""A worker without a network: what the tests let it find is what it finds."""

from collections.abc import Callable, Sequence

from redis.asyncio import Redis

from govcrawl.frontier.model import Campaign, Child, Claim, Lease, Outcome, PageClass, Reason, Result, SiteStatus
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site
from tests.frontier.keyspace import P
from tests.frontier.records import HOST, change

Answer = Callable[[Lease], Result]


def campaign(
    name: str = "c", *, delay: float = 0.0, max_pages: int | None = None, priority: int = 0, every: float | None = None
) -> Campaign:
    return Campaign(name, utc_now(), max_pages=max_pages, delay_seconds=delay, priority=priority, every_seconds=every)


def site(number: int, **facts) -> Site:
    return Site(facts.pop("id", f"s{number}"), facts.pop("url", f"http://h{number}.test/"), **facts)


def done(lease: Lease, *children: Child, status: int = 200) -> Result:
    return Result(lease, Outcome.DONE, status=status, children=children)


def robots(lease: Lease, body: str = "", crawl_delay: float | None = None) -> Result:
    return Result(lease, Outcome.DONE, status=200, robots=body, crawl_delay_seconds=crawl_delay)


def dead(lease: Lease, reason: Reason, status: int = 0) -> Result:
    return Result(lease, Outcome.DEAD, reason, status)


def retry(lease: Lease, reason: Reason, status: int = 0, after: float | None = None) -> Result:
    return Result(lease, Outcome.RETRY, reason, status, retry_after_seconds=after)


def article(lease: Lease, number: int) -> Child:
    return Child(f"http://{lease.host}/a/{number}.html", PageClass.ARTICLE)


def plain(lease: Lease) -> Result:
    """robots.txt allows all, every page is there and links to nothing."""
    return robots(lease) if lease.page_class is PageClass.ROBOTS else done(lease)


async def pages(frontier: RedisFrontier, limit: int = 100) -> list[Lease]:
    """Leases of pages; the robots.txt that stand before them are fetched on the way."""
    found: list[Lease] = []
    while len(found) < limit:
        claim = await frontier.claim("w", limit - len(found))
        asked = [lease for lease in claim.leases if lease.page_class is PageClass.ROBOTS]
        found += [lease for lease in claim.leases if lease.page_class is not PageClass.ROBOTS]
        if not asked:
            break
        await frontier.finish("w", [robots(lease) for lease in asked])
    return found


async def drain(frontier: RedisFrontier, answer: Answer = plain, *, limit: int = 50, rounds: int = 500) -> list[Lease]:
    """Works until nothing is due; concludes what closes. Returns the leases in the order of their hand-out."""
    seen: list[Lease] = []
    for _ in range(rounds):
        claim = await frontier.claim("w", limit)
        seen += claim.leases
        await frontier.finish("w", [answer(lease) for lease in claim.leases])
        await conclude(frontier, claim)
        if not claim.leases and not claim.closing:
            return seen
    raise AssertionError(f"not drained after {rounds} rounds")


async def conclude(frontier: RedisFrontier, claim: Claim) -> None:
    for closing in claim.closing:
        assert await frontier.conclude("w", closing)


async def ledger(frontier: RedisFrontier, name: str = "c") -> dict[str, SiteStatus]:
    return {line.id: line async for line in frontier.ledger(name)}


def addresses(leases: Sequence[Lease]) -> list[str]:
    return [lease.url for lease in leases if lease.page_class is not PageClass.ROBOTS]


async def at_once(redis: Redis, host: str = "h1.test") -> None:
    """Lets the rest of a host be over."""
    await change(redis, f"{P}hosts", host, HOST, next=0)
    await redis.zadd(f"{P}due", {host: 0}, xx=True)
