"""Processes of their own for files of strangers: a crash, a bomb or an endless loop costs one file."""

import os
import resource
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

_START_SECONDS = 300.0  # a second or two, on a machine that does nothing else
_OPEN_FILES = 64
_READY = b"ready"
_LENGTH = struct.Struct("<Q")


class ConfinedProcess:
    """Runs `main` of a module, which calls `serve`; used by one thread at a time."""

    def __init__(self, module: str, memory_bytes: int) -> None:
        self.jobs = 0
        self.process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-c", f"from {module} import main; main()", str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

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
            raise RuntimeError("the reader was started without pipes")
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            if message:
                _send(stdin, message)
            answer = _receive(stdout)
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


def serve(read: Callable[[bytes], bytes], spent: Callable[[], bytes]) -> None:
    """The other side: answers until its parent goes. `spent` is the answer where the memory did not suffice."""
    _confine(int(sys.argv[1]))
    # Libraries may print what they think of a file; that must not mix with the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _send(answers, _READY)
    while message := _receive(sys.stdin.buffer):
        try:
            answer = read(message)
        except MemoryError:
            answer = spent()
        _send(answers, answer)


def _confine(memory_bytes: int) -> None:
    """Ceilings that the system enforces, whatever a library does: memory, size of written files (none), open files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """One message; b"" at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return b""
    (length,) = _LENGTH.unpack(head)
    return stream.read(length)
