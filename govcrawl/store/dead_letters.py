"""Documents that Elasticsearch refused, kept beside the spool until somebody looks at them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcrawl.store.spool import DEAD_LETTERS, FOLDER, Write

_REPLAYING = f"{DEAD_LETTERS}.replaying"

# Kind of write -> what its documents have and others have not. Sightings and events follow from findings, workers' numbers are old.
_KINDS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "seen": lambda document: "rule" in document,
    "columns": lambda document: "column" in document and not document["column"].get("part_of"),
    "column-pages": lambda document: "column" in document,
    "gaps": lambda document: "inspection" in document,
    "site": lambda document: "pages" in document.get("site", {}),
}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`at` and `reason` are those of the refusal. `kind` is the write that repeats it; "" where nothing needs to."""

    at: str
    reason: str
    document: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return next((kind for kind, fits in _KINDS.items() if fits(self.document)), "")

    @property
    def write(self) -> Write:
        return Write(self.kind, [dict(self.document)])


def dead_letters(data_dir: Path) -> Iterator[DeadLetter]:
    """Oldest first; those of a replay that was cut off come before the newer ones."""
    for name in (_REPLAYING, DEAD_LETTERS):
        path = data_dir / FOLDER / name
        if path.is_file():
            yield from _read(path)


def take(data_dir: Path) -> list[DeadLetter]:
    """All of them, out of the way of those that are refused from now on; `taken` forgets them."""
    folder = data_dir / FOLDER
    if (folder / DEAD_LETTERS).is_file():
        with (folder / _REPLAYING).open("ab") as sink:
            sink.write((folder / DEAD_LETTERS).read_bytes())
        (folder / DEAD_LETTERS).unlink()
    return list(_read(folder / _REPLAYING)) if (folder / _REPLAYING).is_file() else []


def taken(data_dir: Path) -> None:
    (data_dir / FOLDER / _REPLAYING).unlink(missing_ok=True)


def _read(path: Path) -> Iterator[DeadLetter]:
    with path.open("rb") as source:
        for line in source:
            if line.endswith(b"\n"):
                told = json.loads(line)
                yield DeadLetter(told["@timestamp"], told["reason"], told["document"])
