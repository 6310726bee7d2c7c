"""How near the workers come to what the delay of each host allows, and whether they ever ask sooner: counted by the server.

    python -m tests.bench.politeness [--short]

`ideal`: the delays of all hosts over the time that their requests took from the first to the last; 1 is a request at every moment that
politeness allows. A gap is the time between two requests to one host, whatever workers they came from. `slow_host`: how much longer the
others of 32 hosts take when one of them answers after three seconds.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import uvloop

from govcrawl.sites.model import Site
from tests.bench.webs import made
from tests.crawl.cluster import ROOT, Cluster

_LINKS = 3  # a page leads to the next ones
_SLOW_SECONDS = 3.0


def address(host: int) -> str:
    return f"127.1.{host // 250}.{host % 250 + 1}"


_SLOW_HOST = address(0)


class Clocked(asyncio.Protocol):
    """Every address of 127.0.0.0/8 is a host of `count` pages; notes when each was asked for."""

    count = 0
    slow = ""
    moments: ClassVar[defaultdict[str, list[float]]] = defaultdict(list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.host = transport.get_extra_info("sockname")[0]
        self.rest = b""

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.rest += data
        while b"\r\n\r\n" in self.rest:
            head, _, self.rest = self.rest.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path.startswith("/__"):
                self.transport.write(made(self.told(path), b"application/json"))
                continue
            self.moments[self.host].append(now)
            wait = _SLOW_SECONDS if self.host == self.slow else 0.0
            asyncio.get_running_loop().call_later(wait, self.transport.write, self.answer(path))

    def told(self, path: str) -> bytes:
        if path.startswith("/__slow/"):
            Clocked.slow = path.removeprefix("/__slow/")
        found = dict(self.moments)
        self.moments.clear()
        return json.dumps(found).encode()

    def answer(self, path: str) -> bytes:
        if path == "/robots.txt":
            return made(b"User-agent: *\nAllow: /\n", b"text/plain")
        number = int(path.strip("/") or 0)
        links = "".join(f'<a href="/{n}">{n}</a>' for n in range(number + 1, min(number + 1 + _LINKS, self.count)))
        return made(f"<!DOCTYPE html><title>{number}</title>{links}".encode())


async def _serve(pages: int) -> None:
    Clocked.count = pages
    server = await asyncio.get_running_loop().create_server(Clocked, "0.0.0.0", 0, backlog=4096)  # noqa: S104 - of a loopback test: any of its addresses
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


@contextmanager
def _serving(pages: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.politeness", "--serve", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def _ask(port: int, path: str) -> dict[str, list[float]]:
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def crawl(hosts: int, pages: int, workers: int, delay: float, slow: str = "") -> dict[str, list[float]]:
    """When each host was asked, in seconds."""
    with _serving(pages) as port, tempfile.TemporaryDirectory() as folder, Cluster.open(Path(folder)) as cluster:
        _ask(port, f"/__slow/{slow}")
        sites = [Site(f"s{host}", f"http://{address(host)}:{port}/") for host in range(hosts)]
        asyncio.run(cluster.start(sites, delay_seconds=delay))
        crew = [cluster.worker(f"w{number}", slots=64, detectors="none") for number in range(workers)]
        for worker in crew:
            cluster.ended(worker)
        return _ask(port, "/__told")


def summary(moments: dict[str, list[float]], delay: float) -> dict[str, object]:
    gaps = [later - earlier for times in moments.values() for earlier, later in pairwise(times)]
    return {
        "requests": sum(map(len, moments.values())),
        "ideal": round(len(gaps) * delay / sum(gaps), 4),
        "shortest_gap": round(min(gaps) / delay, 3),
        "gaps_under_98_percent": round(sum(gap < 0.98 * delay for gap in gaps) / len(gaps), 5),
        "seconds": round(max(map(max, moments.values())) - min(map(min, moments.values())), 1),
    }


def slow_host(pages: int, delay: float) -> float:
    """How many times as long the others take beside a host of three seconds: from their first request to their last."""
    spans = []
    for slow in ("", _SLOW_HOST):
        moments = crawl(32, pages, 1, delay, slow)
        times = [moments[address(host)] for host in range(1, 32)]
        spans.append(sum(one[-1] - one[0] for one in times) / len(times))
    return spans[1] / spans[0]


def bench(short: bool) -> dict[str, object]:
    hosts, pages, delay = (300, 5, 2.5) if short else (3000, 5, 20.0)
    few, many = (1, 2) if short else (1, 8)
    one, several = (summary(crawl(hosts, pages, workers, delay), delay) for workers in (few, many))
    return {
        "hosts": hosts,
        "delay_seconds": delay,
        "workers": [few, many],
        **{f"{name}_{few}": value for name, value in one.items()},
        **{f"{name}_{many}": value for name, value in several.items()},
        "ideal": min(one["ideal"], several["ideal"]),
        "shortest_gap": min(one["shortest_gap"], several["shortest_gap"]),
        "gaps_under_98_percent": max(one["gaps_under_98_percent"], several["gaps_under_98_percent"]),
        "slow_host": round(slow_host(5 if short else 20, 0.5), 3),
    }


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.politeness", description=__doc__.partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="300 hosts and two workers in place of 3,000 and eight")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    words = parser.parse_args(arguments)
    if words.serve:
        uvloop.run(_serve(words.serve))
    print(json.dumps(bench(words.short)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
