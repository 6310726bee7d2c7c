"""A site list, read: the sites, the lines that are none, and what was taken for granted."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from govcrawl.kit.urls import host_of, resolve
from govcrawl.sites.faults import Problem, SiteListError
from govcrawl.sites.model import Site
from govcrawl.sites.rows import Row, rows_of
from govcrawl.sites.window import Window

_SPLIT = re.compile(r"[\s;；,，、|]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_HOST = re.compile(r"\[[0-9a-f:.]+\](:\d+)?|[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?(:\d+)?")
_MAX_ID = 200
_TRAILING = " ;；,，。、"  # what stays behind when an address is cut out of a sentence


@dataclass(slots=True)
class SiteList:
    """`problems` are lines that were left out; `notes` are lines that were read with something assumed."""

    source: str
    sites: list[Site] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


class _BadLineError(Exception):
    """The message says what is wrong with a line and the way out."""


def read_list(path: Path) -> SiteList:
    """Every good line of the file; only a file without any is a SiteListError."""
    listing = SiteList(str(path))
    places: dict[str, str] = {}
    for row in rows_of(path):
        if isinstance(row, Problem):
            listing.problems.append(row)
        else:
            _take(listing, places, row)
    if not listing.sites:
        reason = f"; {listing.problems[0]}" if listing.problems else "; add a line for each site under the heading"
        raise SiteListError(f"{path}: no site in it{reason}")
    return listing


def site_of_url(url: str) -> Site:
    """A site named by its address alone. A text that is no address is a SiteListError."""
    try:
        address, _ = _address(url)
    except _BadLineError as fault:
        raise SiteListError(f"{url}: {fault}") from fault
    return Site(id=host_of(address), url=address)


def _take(listing: SiteList, places: dict[str, str], row: Row) -> None:
    try:
        site, assumed = _site(row.cells)
    except _BadLineError as fault:
        listing.problems.append(Problem(row.place, str(fault)))
    else:
        listing.notes.extend(Problem(row.place, note) for note in assumed)
        _add(listing, places, site, row)


def _add(listing: SiteList, places: dict[str, str], site: Site, row: Row) -> None:
    if site.id not in places:
        places[site.id] = row.place
        listing.sites.append(site)
        return
    twin = next(known for known in listing.sites if known.id == site.id)
    if host_of(twin.url) == host_of(site.url):
        listing.notes.append(Problem(row.place, f"{site.id} is listed on {places[site.id]} already; left out"))
    else:
        listing.problems.append(
            Problem(row.place, f"the id {site.id} belongs to {twin.url} on {places[site.id]}; give this site an id of its own")
        )


def _site(cells: Mapping[str, str]) -> tuple[Site, list[str]]:
    url, assumed = _address(cells.get("url", ""))
    site = Site(
        id=_identity(cells.get("id", "")) or host_of(url),
        url=url,
        name=cells.get("name", ""),
        region=cells.get("region", ""),
        level=cells.get("level", ""),
        organizer=cells.get("organizer", ""),
        tags=tuple(_words(cells.get("tags", ""))),
        max_pages=_count(cells.get("max_pages", "")),
        delay_seconds=_seconds(cells.get("delay_seconds", "")),
        hosts=tuple(_host(word) for word in _words(cells.get("hosts", ""))),
        window=_window(cells.get("window", "")),
    )
    return site, assumed


def _address(written: str) -> tuple[str, list[str]]:
    """The canonical address and what was assumed for it."""
    text = written.strip().rstrip(_TRAILING)
    if not text:
        raise _BadLineError("no url; fix the row or remove it")
    scheme = _SCHEME.match(text)
    assumed = [f"the end of {written.strip()!r} left out"] if text != written.strip() else []
    if scheme is None:
        text = f"http://{text.lstrip('/')}"
        assumed.append(f"no scheme in {written.strip()!r}; taken as {text}")
    elif scheme[1].lower() not in ("http", "https"):
        raise _BadLineError(f"{text!r} is not an http or https address; fix it or remove the row")
    url = resolve("", text)
    host = host_of(url or "")
    guessed = scheme is None and "." not in host and not host.startswith("localhost")
    if url is None or guessed or ".." in host or not _HOST.fullmatch(host):
        raise _BadLineError(f"{written.strip()!r} is not an address; write it as http://www.example.gov.cn/")
    return url, assumed


def _identity(text: str) -> str:
    if len(text) > _MAX_ID or not text.isprintable():
        raise _BadLineError(f"the id {text[:20]!r}... is over {_MAX_ID} characters or not printable; shorten it")
    return text


def _words(text: str) -> Iterator[str]:
    return (word for word in _SPLIT.split(text) if word)


def _host(word: str) -> str:
    host = host_of(word if "://" in word else f"http://{word}")
    if not _HOST.fullmatch(host):
        raise _BadLineError(f"hosts: {word!r} is not a host name; write hosts as a.gov.cn b.gov.cn")
    return host


def _count(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise _BadLineError(f"max_pages: {text!r} is not a whole number from 1; fix it or leave it empty")
    return int(text)


def _window(text: str) -> str:
    try:
        return str(Window.read(text)) if text else ""
    except ValueError as fault:
        raise _BadLineError(f"window: {text!r} is no span of hours; write it as 22:00-06:00 or leave it empty") from fault


def _seconds(text: str) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text):
        raise _BadLineError(f"delay_seconds: {text!r} is not a number of seconds; fix it or leave it empty")
    return float(text)
