"""The frontier that the configuration names: the cluster's, or the embedded one of the data directory."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from govcrawl.cli.faults import Fault
from govcrawl.config import Config
from govcrawl.frontier.embedded import DataDirBusy, EmbeddedFault, EmbeddedValkey, has_data, running
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.protocol import Frontier
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import monotonic

_PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Service:
    """An open frontier, and the address at which workers join it."""

    frontier: Frontier
    url: str


@asynccontextmanager
async def serving(config: Config) -> AsyncIterator[Service]:
    """For a crawl: the embedded server belongs to this process. A busy data directory is a Fault."""
    with _owned(config) as url:
        async with _connected(url) as frontier:
            yield Service(frontier, url)


@asynccontextmanager
async def reading(config: Config) -> AsyncIterator[Frontier]:
    """For a look or a word while a crawl may be running: joins its server, or starts one over what it left."""
    with address(config) as url:
        async with _connected(url) as frontier:
            yield frontier


@contextmanager
def address(config: Config) -> Iterator[str]:
    """The cluster's address, or that of the data directory's server: running, or started for the time being."""
    if config.redis_url:
        yield config.redis_url
        return
    if not has_data(config.data_dir):
        raise Fault(f"{config.data_dir}: no campaign was crawled there; run `govcrawl crawl`, or name another --data-dir")
    with ExitStack() as held:
        yield running(config.data_dir) or _joined(config.data_dir, held)


def _joined(data_dir: Path, held: ExitStack) -> str:
    """A look of another command holds the directory for a moment only, so a busy one is worth a few more tries."""
    until = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return held.enter_context(EmbeddedValkey.open(data_dir)).url
        except EmbeddedFault as fault:
            raise Fault(str(fault)) from fault
        except DataDirBusy as fault:
            if url := running(data_dir):
                return url
            if monotonic() > until:
                raise Fault(str(fault)) from fault
        time.sleep(0.1)


@contextmanager
def _owned(config: Config) -> Iterator[str]:
    if config.redis_url:
        yield config.redis_url
        return
    with ExitStack() as held:
        try:
            server = held.enter_context(EmbeddedValkey.open(config.data_dir))
        except (DataDirBusy, EmbeddedFault) as fault:
            raise Fault(str(fault)) from fault
        yield server.url


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Frontier]:
    frontier = RedisFrontier.from_url(url)
    try:
        yield frontier
    finally:
        await frontier.aclose()


async def joined(url: str, politeness: Politeness | None = None) -> Frontier:
    """What a worker asks for inside its own event loop."""
    return RedisFrontier.from_url(url, politeness=politeness)
