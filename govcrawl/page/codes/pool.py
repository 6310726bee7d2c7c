"""Pictures read in a confined process, each content once."""

import threading
from collections import OrderedDict
from hashlib import sha256
from types import TracebackType
from typing import Self

import msgspec

from govcrawl.page.codes.values import Job, Limits, Reading
from govcrawl.page.confined import ConfinedProcess

# A process is replaced now and then, so that what a library leaks does not add up.
_JOBS_PER_PROCESS = 1_000
_REMEMBERED = 4_096
_MODULE = "govcrawl.page.codes.worker"


class PicturePool:
    """`read` blocks and may be called from any thread; one picture is read at a time. `reads` counts what was read indeed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.reads = 0
        self._turn = threading.Lock()
        self._process: ConfinedProcess | None = None
        self._known: OrderedDict[bytes, Reading] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def read(self, body: bytes) -> Reading:
        """A process that dies or takes too long makes the picture unread."""
        if len(body) > self.limits.input_bytes:
            return Reading(unread=f"larger than {self.limits.input_bytes:,} bytes")
        digest = sha256(body).digest()
        with self._turn:
            if digest not in self._known:
                self._known[digest] = self._read(body)
                if len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
            return self._known[digest]

    def _read(self, body: bytes) -> Reading:
        self.reads += 1
        process = self._process = self._process or ConfinedProcess(_MODULE, self.limits.memory_bytes)
        answer, late = process.run(msgspec.msgpack.encode(Job(body, self.limits)), self.limits.seconds)
        if not answer or process.jobs >= _JOBS_PER_PROCESS:
            self.close()
        if not answer:
            return Reading(unread=f"took longer than {self.limits.seconds:g} seconds" if late else "the reader crashed")
        return msgspec.msgpack.decode(answer, type=Reading)

    def close(self) -> None:
        """Ends the process."""
        if self._process:
            self._process.close()
            self._process = None
