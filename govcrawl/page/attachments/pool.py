"""Attachments read in confined processes, each content once."""

import atexit
import threading
from collections import OrderedDict
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from queue import Empty, LifoQueue
from types import TracebackType
from typing import Self

import msgspec

from govcrawl.page.attachments.naming import NAMELESS, named
from govcrawl.page.attachments.values import Extracted, Job, Limits, Unread
from govcrawl.page.confined import ConfinedProcess

# A process is replaced now and then, so that what a library leaks does not add up.
_JOBS_PER_PROCESS = 200
_REMEMBERED = 256
_MODULE = "govcrawl.page.attachments.worker"


class ExtractorPool:
    """`extract` blocks and may be called from any thread; at most `processes` attachments are read at a time.

    The same bytes under many addresses are read once: results are kept by hash, without an address, and named when they are asked for.
    `reads` counts what was read indeed.
    """

    def __init__(self, processes: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.reads = 0
        self._slots = threading.Semaphore(processes)
        self._idle: LifoQueue[ConfinedProcess] = LifoQueue()
        self._known: OrderedDict[bytes, Extracted] = OrderedDict()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def extract(self, body: bytes, url: str = "") -> Extracted:
        """As `reader.extract`; a process that dies or takes too long makes the attachment "not inspected"."""
        if len(body) > self.limits.input_bytes:
            return named(_unread(f"larger than {self.limits.input_bytes:,} bytes"), url)
        known = self.known(body, url)
        if known is not None:
            return known
        with self._slots:
            # Perhaps it was read while this one waited.
            known = self.known(body, url)
            if known is not None:
                return known
            result = self._extract(body)
        self.learn(body, result)
        return named(result, url)

    def known(self, body: bytes, url: str = "") -> Extracted | None:
        """What is remembered of these bytes, under the name that they have at this address."""
        digest = sha256(body).digest()
        with self._lock:
            known = self._known.get(digest)
        return None if known is None else named(known, url)

    def learn(self, body: bytes, extracted: Extracted) -> None:
        """Remembers what was read, here or elsewhere, without an address."""
        with self._lock:
            self._known[sha256(body).digest()] = extracted
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def _extract(self, body: bytes) -> Extracted:
        self.reads += 1
        process = self._process()
        answer, late = process.run(msgspec.msgpack.encode(Job(body, self.limits)), self.limits.seconds)
        if answer and process.jobs < _JOBS_PER_PROCESS:
            self._idle.put(process)
        else:
            status = process.close()
            if not answer:
                return _unread(
                    f"took longer than {self.limits.seconds:g} seconds" if late else f"the reader crashed (status {status})"
                )
        return msgspec.msgpack.decode(answer, type=Extracted)

    def _process(self) -> ConfinedProcess:
        with suppress(Empty):
            process = self._idle.get_nowait()
            if process.alive:
                return process
            process.close()
        return ConfinedProcess(_MODULE, self.limits.memory_bytes)

    def close(self) -> None:
        """Ends all processes."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()


def _unread(reason: str) -> Extracted:
    return Extracted("unknown", (), (Unread(NAMELESS, reason),))


@lru_cache(maxsize=1)
def shared_pool() -> ExtractorPool:
    """The pool of this process for whoever has none of his own; ended with it."""
    pool = ExtractorPool()
    atexit.register(pool.close)
    return pool
