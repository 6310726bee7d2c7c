"""One worker over a long crawl: whether its memory stays level.

    python -m tests.hostile.soak [--pages 200000] [--from 20000] [--links 28]

The web is made while it is asked for: 40 hosts, every page with words, scripts, styles and neighbours of its own, hidden links on some, so
that whatever remembers what it saw has something to remember. Prints the resident memory at `--from` pages and at the end.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

from govcrawl.frontier.model import CampaignState
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.sites.model import Site
from tests.bench.webs import Server, address, made, page_body
from tests.crawl.cluster import ROOT, Cluster, Worker

HOSTS, LINKS = 40, 28
MOST_GROWTH = 1.10
_LOOK_SECONDS = 0.25
_NUMBER = re.compile(rb"/(?:lm(\d)/$|.*_(\d+)\.html$)?")
_AROUND = 0.1  # the median over so much of the crawl is the memory at a point: a single look may fall on a large page


class Lively(Server):
    """Makes each page when it is asked for."""

    count = 0
    links = 0

    def answer(self, key: bytes, path: bytes) -> bytes:
        match = _NUMBER.fullmatch(path)
        if match is None:
            return super().answer(key, path)
        host = int(key.partition(b"/")[0].rpartition(b".")[2]) - 1
        number = int(match[1] or 0) if match[2] is None else int(match[2]) - 10_000
        return made(lively(host, number, self.count, self.links))


def lively(host: int, page: int, pages: int, links: int = LINKS) -> bytes:
    own = f"h{host}p{page}"
    hidden = f'<div style="display:none"><a href="http://{own}.test/">澳门赌场 时时彩 {own}</a></div>' if page % 50 == 0 else ""
    return page_body(host, page, pages, (links, links * 2)).replace(
        b"</body>",
        f'{hidden}<p id="{own}" class="c{own}" style="margin:{page % 7}px;--{own}:1"><a href="http://{own}.other.test/{own}?q={own}">{own}</a>'
        f"<script>var {own}='{own * 40}';document.write('<b>{own}</b>')</script><style>.c{own} a{{color:#333}}</style></body>".encode(),
    )


@dataclass
class Line:
    """Looks at a worker: pages finished, resident bytes."""

    looks: list[tuple[int, int]] = field(default_factory=list)
    said: dict = field(default_factory=dict)

    def at(self, pages: int) -> float:
        last = self.looks[-1][0]
        near = [memory for done, memory in self.looks if abs(done - pages) <= _AROUND / 2 * last]
        return statistics.median(near or [self.looks[-1][1]])

    def document(self, early: int) -> dict[str, object]:
        last = self.looks[-1][0]
        late = last * (1 - _AROUND / 2)
        return {
            "pages": self.said["pages"],
            "resident_mib": {f"{tenth * last // 10}": round(self.at(tenth * last // 10) / 2**20) for tenth in range(1, 11)},
            "resident_mib_early": round(self.at(early) / 2**20, 1),
            "resident_mib_late": round(self.at(int(late)) / 2**20, 1),
            "growth": round(self.at(int(late)) / self.at(early), 3),
            "peak_mib": round(self.said["peak_bytes"] / 2**20),
            "seconds": round(self.said["seconds"]),
        }


def soak(pages: int, folder: Path, links: int = LINKS) -> Line:
    """A crawl of so many pages by one worker, each with so many dated links at least."""
    per_host = pages // HOSTS
    with _serving(per_host, links) as port, Cluster.open(folder) as cluster:
        sites = [Site(f"s{host}", f"http://{address(host)}:{port}/") for host in range(HOSTS)]
        asyncio.run(cluster.start(sites, max_pages=per_host))
        worker = cluster.worker(memory_bytes=2**40)
        line = Line(asyncio.run(_watched(cluster.url, worker)))
        line.said = cluster.ended(worker, 120)
        return line


@contextmanager
def _serving(per_host: int, links: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.hostile.soak", "--serve", str(per_host), "--links", str(links)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


async def _watched(url: str, worker: Worker) -> list[tuple[int, int]]:
    frontier, looks = RedisFrontier.from_url(url), list[tuple[int, int]]()
    while (status := await frontier.campaign("c1")).state is CampaignState.RUNNING and worker.returncode is None:
        looks.append((status.pages, _resident(worker.pid)))
        await asyncio.sleep(_LOOK_SECONDS)
    await frontier.aclose()
    return looks


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


async def _serve(pages: int, links: int) -> None:
    Lively.count, Lively.links, loop, port = pages, links, asyncio.get_running_loop(), 0
    for host in range(HOSTS):
        server = await loop.create_server(Lively, address(host), port, backlog=1024)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await asyncio.Event().wait()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=200_000)
    parser.add_argument("--from", dest="early", type=int, default=20_000)
    parser.add_argument("--links", type=int, default=LINKS, help="of a page, at least; each with a day beside it")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    words = parser.parse_args(arguments)
    if words.serve:
        uvloop.run(_serve(words.serve, words.links))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        line = soak(words.pages, Path(folder), words.links)
    found = line.document(words.early)
    print(json.dumps({**found, "limit": MOST_GROWTH, "whole_seconds": round(time.monotonic() - began)}))
    return 1 if found["growth"] > MOST_GROWTH or found["pages"] < words.pages else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
