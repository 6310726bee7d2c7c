"""Attachments read in processes of their own: a crash, a bomb or an endless loop costs one attachment."""

import atexit
import subprocess
import sys
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
from govcrawl.page.attachments.values import Extracted, Limits, Unread
from govcrawl.page.attachments.wire import Job, receive, send

# A process is replaced now and then, so that what a library leaks does not add up.
_JOBS_PER_PROCESS = 200
_REMEMBERED = 256
_START_SECONDS = 300.0  # a second or two, on a machine that does nothing else
_START = "from govcrawl.page.attachments.worker import main; main()"


class _Process:
    """One confined process; used by one thread at a time."""

    def __init__(self, memory_bytes: int) -> None:
        self.jobs = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-c", _START, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def run(self, job: bytes, seconds: float) -> tuple[bytes, bool]:
        """The answer, b"" where the process died, and whether it was stopped for its time. To load the readers is not the file's fault."""
        if not self.jobs:
            ready, late = self._asked(b"", max(seconds, _START_SECONDS))
            if not ready:
                return b"", late
        self.jobs += 1
        return self._asked(job, seconds)

    def _asked(self, message: bytes, seconds: float) -> tuple[bytes, bool]:
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the extractor was started without pipes")
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            if message:
                send(stdin, message)
            answer = receive(stdout)
        except OSError:
            answer = b""
        finally:
            timer.cancel()
        return answer, late.is_set()

    def close(self) -> int:
        self.process.kill()
        with suppress(OSError):
            if self.process.stdin:
                self.process.stdin.close()
        if self.process.stdout:
            self.process.stdout.close()
        return self.process.wait()


class ExtractorPool:
    """`extract` blocks and may be called from any thread; at most `processes` attachments are read at a time.

    The same bytes under many addresses are read once: results are kept by hash, without an address, and named when they are asked for.
    `reads` counts what was read indeed.
    """

    def __init__(self, processes: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.reads = 0
        self._slots = threading.Semaphore(processes)
        self._idle: LifoQueue[_Process] = LifoQueue()
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

    def _process(self) -> _Process:
        with suppress(Empty):
            process = self._idle.get_nowait()
            if process.process.poll() is None:
                return process
            process.close()
        return _Process(self.limits.memory_bytes)

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
