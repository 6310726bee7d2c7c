"""The connection to Redis: time-outs, patience, scripts, and one kind of error."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable
from hashlib import sha1
from importlib.resources import files
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    ClusterError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from govcrawl.frontier.protocol import FrontierUnreachable

_PASSWORD = re.compile(r"(?<=://)([^/@:]*):.+@")
_GONE = (
    RedisConnectionError,
    RedisTimeoutError,
    BusyLoadingError,
    ClusterDownError,
    ClusterError,
    RedisClusterException,  # no RedisError: a slot without a node, no node at all
    ReadOnlyError,
    TryAgainError,
    OSError,
    asyncio.TimeoutError,
)
# BUSY: somebody's script runs for longer than the server's patience with it.
_NOT_NOW = ("BUSY ", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "UNBLOCKED")
_LUA = files("govcrawl.frontier") / "lua"
_VALUE = r"(?:-?\d+|'[^'\n]*')"
_CONSTANTS = re.compile(rf"^local ([A-Z][A-Z_]+(?:,\s+[A-Z][A-Z_]+)*) = ({_VALUE}(?:,\s+{_VALUE})*)(?=\s*(?:--|$))", re.MULTILINE)
_WORDS = re.compile(r"'[^'\n]*'|--[^\n]*|\b[A-Z][A-Z_]+\b")
T = TypeVar("T")


class FrontierFull(FrontierUnreachable):
    """The server has no memory left for new work; the message says what to raise."""


class FrontierOutdated(FrontierUnreachable):
    """The server holds unfinished campaigns in a layout that this version does not read."""


def shown(url: str) -> str:
    """An address without its password."""
    return _PASSWORD.sub(r"\1:***@", url)


def _folded(text: str) -> str:
    """With its constants written out and without its comments.

    Lua 5.1 knows no constants: as locals they are tied to every function that names them, anew at each call, which took longer than to
    hand out twenty pages.
    """
    constants: dict[str, str] = {}
    for names, values in _CONSTANTS.findall(text):
        constants |= zip(re.split(r",\s*", names), re.split(r",\s*", values), strict=True)
    text = _CONSTANTS.sub("", text)
    return _WORDS.sub(lambda found: "" if found[0].startswith("--") else constants.get(found[0], found[0]), text)


class Script:
    """One verb: what all share, what some do, and its own file, sent once and then called by its digest."""

    def __init__(self, verb: str, *shared: str) -> None:
        self.text = _folded("".join((_LUA / f"{part}.lua").read_text("utf-8") for part in ("records", "queues", *shared, verb)))
        self.digest = sha1(self.text.encode(), usedforsecurity=False).hexdigest()


class Server:
    """A Redis, Valkey, or a cluster of them. Whatever the network does comes out as FrontierUnreachable."""

    def __init__(self, url: str, *, timeout_seconds: float = 10.0, retries: int = 3, cluster: bool = False) -> None:
        self.url = url
        retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=1.0), retries)
        # A call that was sent may have been carried out: every verb can be said twice (see the Protocol).
        options: dict[str, Any] = {"socket_timeout": timeout_seconds, "socket_connect_timeout": timeout_seconds}
        try:
            if cluster:
                self.client: Any = RedisCluster.from_url(url, retry=retry, **options)
            else:
                self.client = Redis.from_url(
                    url,
                    retry=retry,
                    retry_on_error=[RedisConnectionError, RedisTimeoutError],
                    health_check_interval=30,
                    **options,
                )
        except (ValueError, RedisError) as fault:
            raise FrontierUnreachable(f"{shown(url)} is no address of a Redis: {fault}; write redis://HOST:PORT/0") from fault

    async def run(self, script: Script, key: str, *arguments: str | bytes | float) -> Any:
        return await self.ask(lambda: self._run(script, key, arguments))

    async def _run(self, script: Script, key: str, arguments: tuple[str | bytes | float, ...]) -> Any:
        try:
            return await self.client.evalsha(script.digest, 1, key, *arguments)
        except NoScriptError:
            return await self.client.eval(script.text, 1, key, *arguments)

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        try:
            return await question()
        except _GONE as fault:
            raise FrontierUnreachable(
                f"no answer from Redis at {shown(self.url)}: {fault or type(fault).__name__}; is it running, and is GOVCRAWL_REDIS_URL right?"
            ) from fault
        except ResponseError as fault:
            # redis-py has a class for it and cuts off the word; of a cluster it may come as it was sent.
            if isinstance(fault, OutOfMemoryError) or str(fault).startswith(("OOM", "-OOM")):
                raise FrontierFull(f"Redis at {shown(self.url)} is out of memory; raise its maxmemory") from fault
            if str(fault).startswith(_NOT_NOW):
                raise FrontierUnreachable(f"Redis at {shown(self.url)} cannot answer now: {fault}; wait for it") from fault
            if str(fault).startswith(("NOAUTH", "WRONGPASS", "NOPERM", "invalid username")):
                raise FrontierUnreachable(
                    f"Redis at {shown(self.url)} refuses us: {fault}; check user and password in its address"
                ) from fault
            raise

    async def aclose(self) -> None:
        await self.client.aclose()


async def sum_of(questions: Iterable[Callable[[], Awaitable[int]]]) -> int:
    """Of what the partitions answer; one that does not is raised once all were asked."""
    total, silent = 0, None
    for question in questions:
        try:
            total += await question()
        except FrontierUnreachable as fault:
            silent = fault
    if silent is not None:
        raise silent
    return total
