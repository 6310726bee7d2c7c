"""The frontier that the configuration names: the cluster's, or the embedded one of the data directory."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from govcrawl.cli.faults import Fault
from govcrawl.config import Config
from govcrawl.frontier.embedded import EmbeddedServer
from govcrawl.frontier.protocol import Frontier
from govcrawl.frontier.redis import RedisFrontier


@dataclass(frozen=True, slots=True)
class Service:
    """An open frontier, and the address at which workers join it."""

    frontier: Frontier
    url: str
