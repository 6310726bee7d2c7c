"""Writes that Elasticsearch could not take, kept in the data directory until it can."""

import fcntl
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from govcrawl.findings.document import Document
from govcrawl.kit.clock import iso, utc_now

# Within a data directory, and within that folder.
FOLDER = "spool"
DEAD_LETTERS = "dead-letters"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Write:
    """One write as plain JSON: `kind` is a method of the store, the documents are its arguments. It may be done twice."""

    kind: str
    documents: Sequence[Document]


class Spool:
    """A file of this process; the lock on it says that its owner lives. The files of dead owners are adopted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._file: BinaryIO | None = None

    def __bool__(self) -> bool:
        """Whether something waits here to be written."""
        return self._file is not None

    def put(self, write: Write) -> None:
        """On return it is on the disk."""
        sink = self._opened()
        sink.write(_line({"kind": write.kind, "documents": list(write.documents)}))
        _to_disk(sink)

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
            _to_disk(sink)
        log.error("a document was refused and put aside", extra={"file": str(self._folder / DEAD_LETTERS), "reason": reason})

    def _adopt(self, path: Path) -> int:
        with path.open("rb+") as orphan:
            try:
                fcntl.flock(orphan, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0  # its owner lives
            writes = [line for line in orphan if line.endswith(b"\n")]
            if writes:
                sink = self._opened()
                sink.writelines(writes)
                _to_disk(sink)
            path.unlink(missing_ok=True)
            return len(writes)

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._path = self._folder / f"{os.getpid()}-{uuid4().hex[:8]}.jsonl"
            self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self._file


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _to_disk(sink: BinaryIO) -> None:
    sink.flush()
    os.fsync(sink.fileno())
