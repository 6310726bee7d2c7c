"""Writes that Elasticsearch could not take, kept in the data directory until it can."""

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from govcrawl.findings.document import Document
from govcrawl.kit.clock import iso, utc_now

# Within a data directory, and within that folder.
FOLDER = "spool"
DEAD_LETTERS = "dead-letters"
# Of one process. A page with findings leaves some kilobytes, so this is a day and more of a busy worker; after it the crawl waits.
MAX_BYTES = 2**30

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Write:
    """One write as plain JSON: `kind` is a method of the store, the documents are its arguments. It may be done twice."""

    kind: str
    documents: Sequence[Document]


class SpoolFull(Exception):  # noqa: N818 - a state of the world
    """So much waits already that nothing more is taken in. The message names the folder."""


class Spool:
    """A file of this process; the lock on it says that its owner lives. The files of dead owners are adopted."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._path: Path | None = None
        self._file: FileIO | None = None

    def __bool__(self) -> bool:
        """Whether something waits here to be written."""
        return self._file is not None

    @property
    def size_bytes(self) -> int:
        return os.fstat(self._file.fileno()).st_size if self._file else 0

    def put(self, write: Write) -> None:
        """On return it is on the disk. Raises SpoolFull."""
        sink = self._opened()
        before = os.fstat(sink.fileno()).st_size
        if before >= self._max_bytes:
            raise SpoolFull(f"{before >> 20} MiB wait in {self._folder}")
        try:
            _append(sink, _line({"kind": write.kind, "documents": list(write.documents)}))
            os.fsync(sink.fileno())
        except OSError as fault:
            sink.truncate(before)  # half a line would be joined to the next one
            raise SpoolFull(f"{self._folder} takes nothing more in ({fault.strerror})") from fault

    def waiting(self) -> Iterator[Write]:
        """What was put, oldest first. A line cut off by a crash was never acknowledged and is left out."""
        if self._path is None:
            return
        with self._path.open("rb") as source:
            for line in source:
                if line.endswith(b"\n"):
                    yield Write(**json.loads(line))

    def clear(self) -> None:
        """Everything that waited is written."""
        if self._file and self._path:
            self._path.unlink()
            self._file.close()
        self._file = self._path = None

    def close(self) -> None:
        """Leaves what waits to the next process."""
        if self._file:
            self._file.close()
        self._file = self._path = None

    def adopt(self) -> int:
        """Takes over what dead processes left; returns how many writes that were."""
        taken = 0
        for path in sorted(self._folder.glob("*.jsonl")) if self._folder.is_dir() else ():
            if path != self._path:
                taken += self._adopt(path)
        return taken

    def bury(self, document: Document, reason: str) -> None:
        """Keeps a document that Elasticsearch will never take, with its words; it is not tried again."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / DEAD_LETTERS).open("ab") as sink:
            sink.write(_line({"@timestamp": iso(utc_now()), "reason": reason, "document": document}))
            sink.flush()
            os.fsync(sink.fileno())
        log.error("a document was refused and put aside", extra={"file": str(self._folder / DEAD_LETTERS), "reason": reason})

    def _adopt(self, path: Path) -> int:
        with path.open("rb+") as orphan:
            try:
                fcntl.flock(orphan, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0  # its owner lives
            taken = 0
            for line in orphan:
                if line.endswith(b"\n"):
                    _append(self._opened(), line)
                    taken += 1
            if taken:
                os.fsync(self._opened().fileno())
            path.unlink(missing_ok=True)
            return taken

    def _opened(self) -> FileIO:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._folder / f"{os.getpid()}-{uuid4().hex[:8]}.jsonl"
            self._file = self._path.open("ab", buffering=0)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self._file


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _append(sink: FileIO, data: bytes) -> None:
    """Raises OSError, and may leave a part behind."""
    written = sink.write(data)
    if written < len(data):  # the next byte is the one that says why
        sink.write(data[written:])
