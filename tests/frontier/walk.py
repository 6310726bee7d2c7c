"""A random walk through everything that workers, accidents and operators do to a frontier, checked after every step."""

import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable

from redis.asyncio import Redis

from govcrawl.frontier.model import Child, Closing, Lease, Outcome, PageClass, Reason, Result
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.frontier.wire import hash_of
from govcrawl.sites.model import Site
from tests.frontier.invariants import dropped, faults
from tests.frontier.keyspace import Keyspace, P, number_of
from tests.frontier.records import HOST, change
from tests.frontier.worker import at_once, campaign

HOSTS = ("h0.test", "h1.test", "h2.test", "h3.test")
CAMPAIGNS = ("a", "b", "c", "d")  # the last is a standing one
PATTERNS = ("", "", "", "cal/*", "list?a=*&b=*&c=*")
FOUND = tuple(kind for kind in PageClass if kind is not PageClass.ROBOTS)
REASONS = (
    Reason.DNS,
    Reason.TIMEOUT,
    Reason.HTTP_5XX,
    Reason.HTTP_4XX,
    Reason.THROTTLED,
    Reason.ROBOTS,
    Reason.BAD_RECORD,
    Reason.TOO_LARGE,
)
Step = Callable[[], Awaitable[None]]


class Walk:
    """`trace` holds the steps taken, so that a failure can be read.

    On a calm walk nobody stops or adjusts a campaign and few leases run out: only rounds that get through their sites leave something to the
    next ones.
    """

    def __init__(self, redis: Redis, frontier: RedisFrontier, seed: int, in_flight: int, *, calm: bool = False) -> None:
        self.calm = calm
        self.redis, self.frontier, self.dice, self.in_flight = redis, frontier, random.Random(seed), in_flight
        self.held: list[Lease] = []
        self.lost: list[Lease] = []
        self.closings: list[Closing] = []
        self.done: dict[str, set[str]] = defaultdict(set)
        self.finished = 0
        self.dropped: dict[str, int] = {}
        self.past: Counter[str] = Counter()  # dropped from sites that were begun anew
        self.kept: dict[str, set[str]] = defaultdict(set)  # what standing campaigns are to know
        self.offered: dict[str, set[str]] = defaultdict(
            set
        )  # links of pages that were had, while nothing kept them from being queued
        self.rounds: dict[str, int] = {}
        self.conditional = 0  # leases of pages that may be unchanged
        self.keys = Keyspace({})
        self.trace: list[str] = []

    def steps(self) -> list[tuple[Step, int]]:
        """With how often each is taken."""
        steps = [
            (self.claim, 30),
            (self.finish, 40),
            (self.rest, 12),
            (self.conclude, 6),
            (self.expire, 5),
            (self.crash, 4),
            (self.release, 4),
            (self.renew, 3),
            (self.start, 1 if self.calm else 3),
            (self.pause, 2),
            (self.resume, 4),
            (self.answer_late, 3),
            (self.forget_robots, 1),
            (self.stop, 1),
            (self.adjust, 4),
            (self.reset_site, 2),
            (self.next_round, 6),
        ]
        rough = (self.stop, self.adjust, self.expire, self.reset_site, self.forget_robots, self.crash)
        often = [(self.finish, 40), (self.rest, 40), (self.conclude, 30), (self.next_round, 10)]
        return [*((step, weight) for step, weight in steps if step not in rough), *often] if self.calm else steps

    async def run(self, length: int) -> None:
        await self.start()
        steps, weights = zip(*self.steps(), strict=True)
        for step in self.dice.choices(steps, weights, k=length):
            await self.take(step)
        await self.end()

    async def take(self, step: Step) -> None:
        self.trace.append(step.__name__)
        await step()
        await self.check()

    async def check(self) -> None:
        self.keys = keys = await Keyspace.read(self.redis)
        for sid, site in keys.sites.items():
            if self.rounds.get(sid) != site["round"]:
                self.begun_anew(sid)
                self.rounds[sid] = site["round"]
        found = faults(keys, self.done, self.finished, self.in_flight, self.kept)
        found += [
            f"{sid} was offered what it has not seen: {lost}"
            for sid, links in self.offered.items()
            if keys.seen(sid) and (lost := links - set(keys.seen(sid)))
        ]
        self.dropped |= {sid: dropped(keys, sid, self.done[sid]) for sid in keys.sites if keys.seen(sid)}
        for number, stored in keys.campaigns.items():
            parts = self.past[number] + sum(n for sid, n in self.dropped.items() if number_of(sid) == number)
            if int(stored.get("dropped", 0)) != parts:
                found.append(f"dropped of {number} is {stored.get('dropped', 0)}, but {parts} are nowhere")
        assert not found, "\n".join([*found, "after:", *self.trace])

    async def end(self) -> None:
        """Every walk ends with every site in one state."""
        for name in CAMPAIGNS:
            await self.frontier.resume(name)
        for _ in range(1000):
            for step in (self.expire, self.rest, self.claim, self.finish, self.conclude):
                await self.take(step)
            if not self.keys.members("open"):
                return
        raise AssertionError("\n".join(["no end after:", *self.trace[:-5000]]))

    def some(self, items: list) -> list:
        """One to three of them, taken out."""
        taken = self.dice.sample(items, min(len(items), self.dice.randint(1, 3)))
        for one in taken:
            items.remove(one)
        return taken

    def name(self) -> str:
        return self.dice.choice("ad" if self.calm else CAMPAIGNS)

    async def start(self) -> None:
        name, first = self.name(), self.dice.randrange(8)
        budgets = [None] if self.calm else [None, None, 1, 4]
        sites = [self.site(n, budgets) for n in range(first, first + self.dice.randint(1, 2 if self.calm else 4))]
        budget = {"b": 3, "c": 6}.get(name)
        wish = campaign(name, max_pages=budget, delay=2.0 if name == "c" else 0.0, every=86_400.0 if name == "d" else None)
        await self.frontier.start(wish, sites)

    def site(self, number: int, budgets: list[int | None]) -> Site:
        budget, delay = self.dice.choice(budgets), self.dice.choice([None, None, 5.0, 0.0])
        return Site(f"s{number}", f"http://{HOSTS[number % 4]}/s{number}/", max_pages=budget, delay_seconds=delay)

    async def claim(self) -> None:
        claim = await self.frontier.claim("w", self.dice.randint(0, 5))
        self.held += claim.leases
        self.conditional += sum(lease.etag != "" for lease in claim.leases)
        self.closings += claim.closing
        self.trace[-1] += f" {[(lease.token, lease.url) for lease in claim.leases]}"

    async def finish(self) -> None:
        await self.answer(self.some(self.held))

    async def answer_late(self) -> None:
        await self.answer(self.some(self.lost))

    async def answer(self, leases: list[Lease]) -> None:
        results = [self.result(lease) for lease in leases]
        ours = [lease for lease in leases if lease.token in self.keys.leases]
        sids = {lease.token: self.keys.leases[lease.token].sid for lease in ours}
        self.trace[-1] += f" {[(r.lease.token, r.outcome, r.reason, [c.url for c in r.children]) for r in results]}"
        assert await self.frontier.finish("w", results) == len(ours)
        for result in results:
            if result.lease in ours and self.takes_links(sids[result.lease.token]):
                self.offered[sids[result.lease.token]].update(hash_of(child.url) for child in result.children)
            if result.lease in ours:
                self.keep(sids[result.lease.token], result)
            if result.lease in ours and result.outcome is Outcome.DONE and result.lease.page_class is not PageClass.ROBOTS:
                self.done[sids[result.lease.token]].add(result.lease.url)
                self.finished += 1

    def takes_links(self, sid: str) -> bool:
        """Neither stopped, nor with a budget that may be spent."""
        return (
            self.keys.campaigns[number_of(sid)].get("st") != "stopped" and not self.keys.sites.get(sid, {"budget": 1})["budget"]
        )

    def result(self, lease: Lease) -> Result:
        outcome = self.dice.choice([*[Outcome.DONE] * (60 if self.calm else 3), Outcome.RETRY, Outcome.DEAD])
        if outcome is not Outcome.DONE:
            return Result(lease, outcome, self.dice.choice(REASONS), self.dice.choice([0, 404, 500]), robots="")
        children = () if lease.page_class is PageClass.ROBOTS else self.children(lease)
        says = self.dice.choice(["", "00000000000000aa", f"{self.dice.getrandbits(64):016x}"])
        status = 200 if self.calm and lease.page_class is PageClass.HOME else self.dice.choice([200, 200, 301, 304])
        where = self.dice.choice(["", "192.0.2.1", "192.0.2.2"])
        return Result(lease, outcome, status=status, children=children, robots="", signature=says, etag='"1"', address=where)

    def keep(self, sid: str, result: Result) -> None:
        """What is to be known of a page: that of an open site which was had, and had not moved."""
        lease, known = result.lease, self.kept[sid]
        if "@" not in lease.campaign or lease.page_class in {PageClass.ROBOTS, PageClass.HOME, PageClass.SHEET}:
            return
        if result.outcome is Outcome.DONE and result.status != 301:
            known.add(lease.url)
        else:
            # Put off, or forgotten.
            known.discard(lease.url)

    def children(self, lease: Lease) -> tuple[Child, ...]:
        host = self.dice.choice(HOSTS)
        paths = [self.dice.randrange(3 if self.calm else 12) for _ in range(self.dice.randrange(5))]
        return tuple(
            Child(f"http://{host}/{lease.site}/{path}", self.dice.choice(FOUND), pattern=self.dice.choice(PATTERNS))
            for path in paths
        )

    async def rest(self) -> None:
        """All hosts have been left alone for long enough, and their addresses too."""
        await self.redis.delete(P + "turns")
        await self.redis.delete(P + "turns")
        for host in HOSTS:
            await at_once(self.redis, host)

    async def expire(self) -> None:
        """Time runs out for some leases, of living workers too, and for some closings."""
        for key in ("leased", "closing"):
            members = await self.redis.zrange(P + key, 0, -1)
            if late := [member for member in members if self.dice.random() < 0.5]:
                await self.redis.zadd(P + key, dict.fromkeys(late, 0))

    async def crash(self) -> None:
        self.lost += self.some(self.held)
        self.closings = []

    async def release(self) -> None:
        await self.frontier.release("w", self.some(self.held))

    async def renew(self) -> None:
        await self.frontier.renew("w", [lease.token for lease in [*self.held, *self.lost]])

    async def conclude(self) -> None:
        for closing in self.some(self.closings):
            await self.frontier.conclude("w", closing)

    async def pause(self) -> None:
        await self.frontier.pause(self.name())

    async def resume(self) -> None:
        await self.frontier.resume(self.name())

    async def stop(self) -> None:
        await self.frontier.stop(self.name())

    async def adjust(self) -> None:
        target = self.dice.choice([{}, {"site": f"s{self.dice.randrange(8)}"}, {"host": self.dice.choice(HOSTS)}])
        delay, budget = self.dice.choice([None, 0.0, 3.0]), self.dice.choice([None, 0, 2, 5])
        await self.frontier.adjust(self.name(), **target, delay_seconds=delay, max_pages=budget)
        self.trace[-1] += f" {target} {delay} {budget}"

    async def reset_site(self) -> None:
        name, site = self.name(), f"s{self.dice.randrange(8)}"
        if await self.frontier.reset_site(name, site):
            sid = self.sid(name, site)
            self.begun_anew(sid)
        self.trace[-1] += f" {name} {site}"

    def begun_anew(self, sid: str) -> None:
        self.done.pop(sid, None)
        self.kept.pop(sid, None)
        self.offered.pop(sid, None)
        self.past[number_of(sid)] += self.dropped.pop(sid, 0)

    async def next_round(self) -> None:
        """The time until the next round is over for some sites that have ended."""
        resting = await self.redis.zrange(P + "resting", 0, -1)
        if due := [sid for sid in resting if self.dice.random() < 0.7]:
            await self.redis.zadd(P + "resting", dict.fromkeys(due, 0))

    def sid(self, name: str, site: str) -> str:
        number = next(number for number, stored in self.keys.campaigns.items() if stored["id"] == name)
        return next(
            sid for sid, stored in self.keys.sites.items() if number_of(sid) == number and stored["rest"] == site.encode()
        )

    async def forget_robots(self) -> None:
        for host in HOSTS:
            if self.keys.hosts.get(host, {}).get("robots", 0) > 0:
                await change(self.redis, P + "hosts", host, HOST, robots=1)
