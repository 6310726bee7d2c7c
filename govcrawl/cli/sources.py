"""The single pages that a command is pointed at: files, folders, manifests, addresses."""

import csv
import importlib
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from govcrawl.config import Config
from govcrawl.findings import mask
from govcrawl.kit.urls import resolve
from govcrawl.page.model import Page

# Browsers write it into pages that they save: `<!-- saved from url=(0028)http://www.qingshan.gov.cn/ -->`.
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S{8,2000})")
_OWN_ADDRESS = re.compile(
    rb"""<(?:link\s[^>]*?rel=["']?canonical["']?\s[^>]*?href|meta\s[^>]*?property=["']?og:url["']?\s[^>]*?content)=["']?([^"'\s>]{8,2000})""",
    re.IGNORECASE,
)
_HEAD_BYTES = 65536
# A name of RFC 2606: the page has an address, so that its own links stay its own, and nobody takes it for a real one.
UNKNOWN = "http://unknown.invalid/"
_HOME = re.compile(r"/(?:(?:index|default|main|home)\.[a-z]{3,5})?", re.IGNORECASE)
_TEXT = {".txt", ".log", ".md", ".tsv", ".csv", ".env", ".ini", ".conf", ".yml", ".yaml", ".toml", ".properties", ".sql"}
_SCRIPTED = {"", ".asp", ".aspx", ".jsp", ".php", ".do", ".action", ".shtml", ".htm", ".html"}


class SourceError(Exception):
    """A page could not be had; the message names it and the way out."""


@dataclass(frozen=True, slots=True)
class Source:
    """`name` is what the user wrote; `url` the address the file was saved from, "" where nobody said."""

    name: str
    file: Path | None = None
    url: str = ""

    @property
    def shown(self) -> str:
        """The name as it may be printed: an address may carry a secret, a file's name is the user's own."""
        return mask.url(self.name) if self.file is None else self.name


def sources(names: Sequence[str], manifest: Path | None, url: str) -> Iterator[Source]:
    """Every page that the arguments mean, in their order; a manifest alone means all its pages."""
    told = _addresses(manifest) if manifest else {}
    for name in names or told:
        if "://" in name:
            yield Source(name, url=name)
        elif (folder := Path(name)).is_dir():
            yield from (
                Source(str(file), file, url or told.get(str(file), "")) for file in sorted(folder.rglob("*")) if file.is_file()
            )
        else:
            yield Source(name, _located(name, manifest), url or told.get(name, ""))


def _addresses(manifest: Path) -> dict[str, str]:
    """The address of each path of a manifest; a row without an address leaves it to the page."""
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if "path" not in (rows.fieldnames or ()):
                raise SourceError(f"{manifest}: no heading path<TAB>url in the first line; write one")
            return {row["path"]: (row.get("url") or "").strip() for row in rows if row["path"]}
    except (OSError, UnicodeDecodeError) as fault:
        raise SourceError(f"{manifest}: {fault}; give a UTF-8 file with the heading path<TAB>url") from fault


def _located(name: str, manifest: Path | None) -> Path:
    """Beside the manifest where it is there, else as it is written."""
    beside = manifest.parent / name if manifest else Path(name)
    return beside if beside.is_file() else Path(name)


def load(source: Source, today: date, config: Config) -> Page:
    """The page, read or fetched once. What cannot be had is a SourceError."""
    if source.file is None:
        return _fetched(source.url, today, config)
    try:
        body = source.file.read_bytes()
    except OSError as fault:
        raise SourceError(f"{source.name}: {fault.strerror or fault}; check the name and the permissions") from fault
    url = (resolve("", source.url) if source.url else None) or _own_address(body) or UNKNOWN
    known = url != UNKNOWN
    return Page(url, body, headers=_headers(source.file), today=today, is_home=known and _is_home(url), bounds=config.bounds)


def _fetched(url: str, today: date, config: Config) -> Page:
    # Its network library takes longer to import than a page to judge, and most scans read files.
    fetching = importlib.import_module("govcrawl.cli.fetching")
    try:
        answer = fetching.fetch(url, config)
    except fetching.FetchError as fault:
        raise SourceError(str(fault)) from fault
    home = _is_home(answer.url)
    return Page(answer.url, answer.body, answer.status, answer.headers, today, is_home=home, tls=answer.tls, bounds=config.bounds)


def _own_address(body: bytes) -> str:
    """The address that a saved page says it has; a canonical address is absolute or counts for nothing."""
    head = body[:_HEAD_BYTES]
    for pattern in (_SAVED_FROM, _OWN_ADDRESS):
        if (match := pattern.search(head)) and (url := resolve("", match[1].decode("utf-8", "replace"))):
            return url
    return ""


def _headers(file: Path) -> Mapping[str, str]:
    suffix = file.suffix.lower()
    if suffix in _TEXT:
        return {"content-type": "text/plain"}
    kind = "text/html" if suffix in _SCRIPTED else mimetypes.guess_type(file.name)[0]
    return {"content-type": kind or "text/html"}


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and _HOME.fullmatch(parts.path) is not None
