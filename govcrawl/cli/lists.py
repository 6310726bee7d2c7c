"""The sites that a command is to work on: from files, addresses or the imported list."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from govcrawl.cli.output import say
from govcrawl.sites.faults import SiteListError
from govcrawl.sites.listing import SiteList, read_list, site_of_url
from govcrawl.sites.model import Site

_KEPT = "sites.jsonl"
_LISTS = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".jsonl", ".json"}


def gather(sources: Sequence[str], data_dir: Path) -> tuple[list[Site], int]:
    """The sites of lists and addresses, each id once, and how many lines were bad. No source: the imported list."""
    if not sources:
        return imported(data_dir), 0
    sites: dict[str, Site] = {}
    bad = 0
    for source in sources:
        listing = _read(source)
        complain(listing)
        bad += len(listing.problems)
        for site in listing.sites:
            sites.setdefault(site.id, site)
    return list(sites.values()), bad


def _read(source: str) -> SiteList:
    path = Path(source)
    if path.exists() or not _is_address(source):
        return read_list(path)
    return SiteList(source, [site_of_url(source)])


def _is_address(source: str) -> bool:
    host = source.partition("/")[0]
    return "://" in source or ("." in host.strip(".") and Path(source).suffix.lower() not in _LISTS)


def complain(listing: SiteList) -> None:
    """Every problem on stderr, and the first few notes."""
    for problem in listing.problems:
        say(f"{listing.source}: {problem}")
    for note in listing.notes[:5]:
        say(f"{listing.source}: note: {note}")
    if len(listing.notes) > 5:
        say(f"{listing.source}: note: {len(listing.notes) - 5} more notes; `govcrawl sites check --json` prints all")


def imported(data_dir: Path) -> list[Site]:
    """The sites that `sites import` kept; without any a SiteListError."""
    path = data_dir / _KEPT
    if not path.is_file():
        raise SiteListError(
            f"{data_dir}: no site list was imported; run `govcrawl sites import FILE`, or name a list or an address"
        )
    try:
        return [msgspec.json.decode(line, type=Site) for line in path.read_bytes().splitlines()]
    except msgspec.DecodeError as fault:
        raise SiteListError(f"{path}: {fault}; remove the file and import the list again") from fault


def keep(data_dir: Path, sites: Iterable[Site]) -> int:
    """Adds sites to the kept list, those with a known id in its place. Returns how many it holds then."""
    known = {site.id: site for site in imported(data_dir)} if (data_dir / _KEPT).is_file() else {}
    known |= {site.id: site for site in sites}
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = data_dir / f"{_KEPT}.new"
    fresh.write_bytes(msgspec.json.Encoder().encode_lines(list(known.values())))
    fresh.replace(data_dir / _KEPT)
    return len(known)
