"""The text of a site list file, in whichever of the encodings that spreadsheets write."""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from govcrawl.sites.faults import Problem, SiteListError

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Line(NamedTuple):
    number: int  # from 1
    text: str


def lines_of(path: Path, body: bytes) -> Iterator[Line | Problem]:
    """The lines of UTF-8 (with or without BOM), UTF-16 with BOM or GB18030; a line with a bad byte is a problem of its own."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            yield from _decoded(body[len(mark) :], name)
            return
    if b"\0" in body:
        raise SiteListError(f"{path}: a binary file, not a site list; give a CSV, XLSX or JSONL file")
    yield from _decoded(body, "utf-8" if _is(body, "utf-8") else "gb18030" if _is(body, "gb18030") else "")


def _decoded(body: bytes, encoding: str) -> Iterator[Line | Problem]:
    if encoding:
        text = body.decode(encoding, "replace")
        yield from (Line(number, line) for number, line in enumerate(text.splitlines(), 1))
        return
    for number, line in enumerate(body.splitlines(), 1):
        for name in ("utf-8", "gb18030"):
            if _is(line, name):
                yield Line(number, line.decode(name))
                break
        else:
            yield Problem(f"line {number}", "neither UTF-8 nor GB18030; save the file as UTF-8")


def _is(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
