"""The frontier alone over 3,000 hosts: rates and bytes beside stock scrapy-redis 0.9.1 on the same Valkey in the same run, as JSON.

    python -m tests.bench.frontier                    all figures, medians of three rounds that take turns
    python -m tests.bench.frontier --drain 1000000    only: so many URLs queued and drained; cost a URL at the end beside the start

Stock enqueues (its dupefilter, then its priority queue) and pops one request after the other, as its scheduler does. Ours offers new
addresses as the links of pages that are finished, and claims and finishes pages in the batches of a worker. The requests of the one and
the links of the other are made before the clock starts. CPU is that of client and server together. The floors are in floors.toml and
held by `python -m tests.bench`.

`bare` is what no frontier on Lua can be below: the commands alone that hand a page out once under a lease and take it back, without priorities,
robots.txt, budgets, rounds or a ledger, in the same batches. `bare_ratio` is stock's pop over it: the most that could be asked of `take_ratio`.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import uvloop
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from scrapy import Request, Spider
from scrapy_redis.dupefilter import RFPDupeFilter
from scrapy_redis.queue import PriorityQueue

from govcrawl.frontier.embedded import EmbeddedValkey
from govcrawl.frontier.model import Campaign, Child, Lease, Outcome, PageClass, Result
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site

HOSTS = 3000
LINKS = 40  # of a page: between the 28 and 53 of the generated webs of the crawl bench
SLOTS = 64
LENGTH = 60  # characters of an address
STEPS = 100  # at least, in which a drain is measured
Figures = dict[str, float]


@dataclass
class Spent:
    """What a stretch of work took: seconds of the wall, and of the processor in client and server."""

    wall: float = 0.0
    cpu: float = 0.0
    server: float = 0.0  # of cpu

    def each(self, what: str, count: int) -> Figures:
        spent = {"": self.wall, "_cpu": self.cpu, "_server": self.server}
        return {f"{what}{by}_us": 1e6 * seconds / count for by, seconds in spent.items()}


@contextmanager
def clocked(redis: Redis, spent: Spent) -> Iterator[None]:
    # The clocks are read between the two questions, so that these do not count.
    server = server_cpu(redis)
    wall, own = time.perf_counter(), time.process_time()
    yield
    wall, own = time.perf_counter() - wall, time.process_time() - own
    server = server_cpu(redis) - server
    spent.wall += wall
    spent.cpu += own + server
    spent.server += server


def server_cpu(redis: Redis) -> float:
    used = redis.info("cpu")
    return used["used_cpu_user"] + used["used_cpu_sys"]


def used_memory(redis: Redis) -> int:
    return redis.info("memory")["used_memory"]


def host_of(number: int) -> str:
    return f"www.h{number:04d}.gov.test"


def address(host: int, page: int) -> str:
    """60 characters, as the addresses of articles are."""
    stem = f"http://{host_of(host)}/zwgk/2017{page % 12 + 1:02d}/t2017_"
    return f"{stem}{page:0{LENGTH - len(stem) - 5}d}.html"


class Stock:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.seen = RFPDupeFilter(redis, "stock:dupefilter")
        self.queue = PriorityQueue(redis, Spider("stock"), "%(spider)s:requests")

    def run(self, hosts: int, count: int) -> Figures:
        self.redis.flushall()
        requests = [Request(address(n % hosts, n // hosts)) for n in range(count)]
        offered, taken, before = Spent(), Spent(), used_memory(self.redis)
        with clocked(self.redis, offered):
            for request in requests:
                if not self.seen.request_seen(request):
                    self.queue.push(request)
        held = used_memory(self.redis)
        with clocked(self.redis, taken):
            while self.queue.pop() is not None:
                pass
        left = used_memory(self.redis)
        bytes_each = {"bytes_seen": (left - before) / count, "bytes_queued": (held - left) / count}
        return {**offered.each("offer", count), **taken.each("take", count), **bytes_each}


class Bare:
    """Hands out and takes back, and does nothing else that a crawl needs."""

    CLAIM = """
        local P, now = KEYS[1], tonumber(ARGV[1])
        local names = redis.call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'LIMIT', 0, ARGV[2])
        if #names == 0 then return {'', {}, {}} end
        redis.call('ZREMRANGEBYRANK', P .. 'due', 0, #names - 1)
        local mark = redis.call('INCR', P .. 'seq') .. '|'
        local fields, entries, leased, leases = {}, {}, {}, {}
        for _, name in ipairs(names) do
          local entry = redis.call('LPOP', P .. 'q:' .. name)
          if entry then
            local n = #fields + 1
            fields[n], entries[n] = name, entry
            leased[2 * n - 1], leased[2 * n] = now + 60000, name
            leases[2 * n - 1], leases[2 * n] = name, mark .. entry
          end
        end
        if #fields > 0 then
          redis.call('ZADD', P .. 'leased', unpack(leased))
          redis.call('HSET', P .. 'leases', unpack(leases))
        end
        return {mark, fields, entries}
    """
    FINISH = """
        local P, now, mark, fields, due = KEYS[1], ARGV[1], ARGV[2], cmsgpack.unpack(ARGV[3]), {}
        for i, raw in ipairs(redis.call('HMGET', P .. 'leases', unpack(fields))) do
          if raw and string.sub(raw, 1, #mark) == mark then
            due[#due + 1] = now
            due[#due + 1] = fields[i]
            redis.call('HINCRBY', P .. 'done', fields[i], 1)
          end
        end
        redis.call('ZADD', P .. 'due', unpack(due))
        redis.call('ZREM', P .. 'leased', unpack(fields))
        redis.call('HDEL', P .. 'leases', unpack(fields))
        return #due / 2
    """

    def __init__(self, redis: Redis, url: str) -> None:
        self.redis, self.url = redis, url

    async def run(self, hosts: int, pages: int) -> Figures:
        self.redis.flushall()
        for number in range(hosts):
            entries = [b"1" + msgspec.json.encode([address(number, page), PageClass.ARTICLE]) for page in range(pages)]
            self.redis.rpush(f"q:{host_of(number)}", *entries)
            self.redis.zadd("due", {host_of(number): 0})
        client, spent, finished = AsyncRedis.from_url(self.url), Spent(), 0
        claim, finish = client.register_script(self.CLAIM), client.register_script(self.FINISH)
        try:
            with clocked(self.redis, spent):
                while (handed := await claim([""], [1, SLOTS]))[1]:
                    mark, fields, entries = handed
                    for entry in entries:
                        msgspec.json.decode(entry[1:])
                    finished += await finish([""], [1, mark, msgspec.msgpack.encode([field.decode() for field in fields])])
        finally:
            await client.aclose()
        assert finished == hosts * pages
        return spent.each("bare", finished)


class Ours:
    """A worker without a network over sites of one host each, none of which asks to be left alone."""

    def __init__(self, redis: Redis, frontier: RedisFrontier, hosts: int) -> None:
        self.redis, self.frontier, self.hosts = redis, frontier, hosts

    async def start(self) -> None:
        self.redis.flushall()
        campaign = Campaign("bench", utc_now(), delay_seconds=0.0)
        await self.frontier.start(campaign, [Site(f"s{n}", f"http://{host_of(n)}/") for n in range(self.hosts)])
        await self.work(self.hosts)  # robots.txt

    async def work(self, count: int) -> int:
        """Claims and finishes so many pages, or fewer where nothing is due any more."""
        finished = 0
        while finished < count and (leases := (await self.frontier.claim("w", min(SLOTS, count - finished))).leases):
            await self.frontier.finish("w", [had(lease, ()) for lease in leases])
            finished += len(leases)
        return finished

    async def offer(self, pages: int, spent: Spent) -> int:
        """All addresses of all hosts as the links of a few pages each. Returns how many of them are still queued."""
        taken = 0
        for first in range(0, pages, LINKS):
            last = min(first + LINKS, pages)
            for host in range(0, self.hosts, SLOTS):
                leases = (await self.frontier.claim("w", min(SLOTS, self.hosts - host))).leases
                results = [had(lease, found(int(lease.host[5:9]), first, last)) for lease in leases]
                with clocked(self.redis, spent):
                    await self.frontier.finish("w", results)
                taken += len(leases) if first else 0
        return self.hosts * pages - taken

    async def link(self, known: int, spent: Spent) -> int:
        """Finishes a page a host that links to so many known addresses, as most links are. Returns how many pages."""
        done = 0
        for _ in range(0, self.hosts, SLOTS):
            leases = (await self.frontier.claim("w", SLOTS)).leases
            results = [had(lease, found(int(lease.host[5:9]), 0, known)) for lease in leases]
            with clocked(self.redis, spent):
                await self.frontier.finish("w", results)
            done += len(leases)
        return done


def found(host: int, first: int, last: int) -> tuple[Child, ...]:
    return tuple(Child(address(host, page), PageClass.ARTICLE) for page in range(first, last))


def had(lease: Lease, children: tuple[Child, ...]) -> Result:
    if lease.page_class is PageClass.ROBOTS:
        return Result(lease, Outcome.DONE, status=200, robots="")
    return Result(lease, Outcome.DONE, status=200, children=children)


async def rates(redis: Redis, url: str, hosts: int, pages: int) -> Figures:
    frontier = RedisFrontier.from_url(url)
    try:
        ours, offered, taken, linked = Ours(redis, frontier, hosts), Spent(), Spent(), Spent()
        await ours.start()
        queued = await ours.offer(pages, offered)
        known = min(LINKS, pages)
        before = await ours.link(known, linked)
        with clocked(redis, taken):
            finished = await ours.work(queued + hosts)
        spent = offered.each("offer", hosts * pages) | taken.each("take", finished) | linked.each("known_link", before * known)
        return {**spent, "lost": abs(queued - finished - before)}
    finally:
        await frontier.aclose()


async def memory(redis: Redis, url: str, hosts: int, pages: int) -> Figures:
    """What the seen-sets and the queues take by MEMORY USAGE: keys, objects and allocator slack count, nested values one by one.

    Not the difference in the memory of the server over their deletion: its own tables and buffers shrink and grow meanwhile, by more
    than a byte an address.
    """
    frontier = RedisFrontier.from_url(url)
    try:
        ours = Ours(redis, frontier, hosts)
        await ours.start()
        queued = await ours.offer(pages, Spent())
        counts = {"seen": hosts * (pages + 1), "q": queued}
        return {f"bytes_{kind}": held_by(redis, f"*:{kind}:*") / count for kind, count in counts.items()}
    finally:
        await frontier.aclose()


def held_by(redis: Redis, pattern: str) -> int:
    keys = list(redis.scan_iter(pattern, count=1000))
    return sum(redis.memory_usage(key, samples=0) for key in keys)


async def drained(redis: Redis, url: str, hosts: int, count: int) -> Figures:
    """Costs of the second and third tenth and of the eighth and ninth: the very first and last pages also open and close the sites.

    Medians of a good many steps of processor time each. With two steps to a median, as a short run once had, a single one in which the
    server also began its journal anew, or a machine came back from a stall, made the end look twenty times as dear as the start.
    """
    frontier = RedisFrontier.from_url(url)
    try:
        ours, pages = Ours(redis, frontier, hosts), count // hosts
        await ours.start()
        queued, costs, finished = await ours.offer(pages, Spent()), [], 0
        while finished < queued:
            spent, step = Spent(), min(SLOTS * 4, queued // STEPS, queued - finished)
            with clocked(redis, spent):
                done = await ours.work(step)
            if not done:
                break
            costs.append(spent.cpu / done)
            finished += done
        tenth = len(costs) // 10
        start, end = statistics.median(costs[tenth : 3 * tenth]), statistics.median(costs[7 * tenth : 9 * tenth])
        return {
            "urls": hosts * pages,
            "steps": len(costs),
            "lost": queued - finished,
            "start_us": 1e6 * start,
            "end_us": 1e6 * end,
            "end_to_start": end / start,
        }
    finally:
        await frontier.aclose()


@contextmanager
def valkey() -> Iterator[tuple[Redis, str]]:
    with tempfile.TemporaryDirectory() as folder, EmbeddedValkey.open(Path(folder)) as server:
        redis = Redis.from_url(server.url)
        try:
            yield redis, server.url
        finally:
            redis.close()


def medians(runs: Sequence[Figures]) -> Figures:
    return {name: round(statistics.median(run[name] for run in runs), 2) for name in runs[0]}


def bench(short: bool) -> dict[str, object]:
    """For `python -m tests.bench`. Ratios are of the rounds, each by itself; the short form has fewer pages and rounds."""
    rounds, requests, pages, sites = (1, 1000, 10, 200) if short else (3, 20_000, 100, HOSTS)
    stock, ours, bare = [], [], []
    with valkey() as (redis, url):
        for _ in range(rounds):
            stock.append(Stock(redis).run(HOSTS, requests))
            bare.append(uvloop.run(Bare(redis, url).run(HOSTS, pages)))
            ours.append(uvloop.run(rates(redis, url, HOSTS, pages)))
        held = uvloop.run(memory(redis, url, sites, 200))
        drain = uvloop.run(drained(redis, url, 300 if short else HOSTS, 6000 if short else 300_000))
    ratios = {
        f"{what}_ratio{by}": round(
            statistics.median(s[f"{what}{by}_us"] / o[f"{what}{by}_us"] for s, o in zip(stock, ours, strict=True)), 1
        )
        for what in ("offer", "take")
        for by in ("", "_cpu")
    }
    return {
        **ratios,
        "bare_ratio": round(statistics.median(s["take_us"] / b["bare_us"] for s, b in zip(stock, bare, strict=True)), 1),
        "take_to_bare": round(statistics.median(o["take_us"] / b["bare_us"] for o, b in zip(ours, bare, strict=True)), 2),
        "bytes_a_seen_url": round(held["bytes_seen"], 2),
        "bytes_a_queued_url": round(held["bytes_q"], 2),
        "end_to_start": round(drain["end_to_start"], 3),
        "lost": max(*(run["lost"] for run in ours), drain["lost"]),
        "hosts": HOSTS,
        "rounds": rounds,
        "stock": medians(stock),
        "ours": medians(ours),
        "bare": medians(bare),
        "drain": drain,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drain", type=int, metavar="URLS", help="only queue and drain so many")
    words = parser.parse_args()
    if words.drain:
        with valkey() as (redis, url):
            print(json.dumps(uvloop.run(drained(redis, url, HOSTS, words.drain))))
    else:
        print(json.dumps(bench(short=False), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
