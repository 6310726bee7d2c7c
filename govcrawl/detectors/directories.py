"""The directories of a site, gathered from findings on its pages."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from govcrawl.detectors.base import Directory
from govcrawl.findings.model import Record
from govcrawl.kit.urls import canonical, directory_of
from govcrawl.sites.model import Column, ColumnClass, Site

_MOST_SAMPLES = 5
_MOST_PAGES = 50_000  # so many are remembered; what is beyond is not counted
_MOST_WORDS = 200
_SHOWN_WORDS = 12
_MOST_LEVELS = 12  # a path that goes deeper counts for its twelfth directory


@dataclass(slots=True)
class _Gathered:
    faulty: int = 0
    samples: list[str] = field(default_factory=list)
    words: Counter[str] = field(default_factory=Counter)
    first_seen: datetime | None = None

    def add(self, url: str, record: Record) -> None:
        self.faulty += 1
        self.samples = shortest([*self.samples, url])
        said = [word.strip("_-| ") for word in str(record.finding.evidence.extra.get("words", "")).split("、")]
        self.words.update(word for word in said if word and (word in self.words or len(self.words) < _MOST_WORDS))
        self.first_seen = min(filter(None, (self.first_seen, record.first_seen)))

    def as_directory(self, address: str) -> Directory:
        words = tuple(word for word, _ in self.words.most_common(_SHOWN_WORDS))
        return Directory(address, 0, self.faulty, tuple(self.samples), words, self.first_seen)


class Gathering:
    """Takes the pages of one finding after the other. A page that carries several findings counts once.

    A finding that the home page shows, or columns of several parts of the site, stands in the template: it tells nothing of a directory.
    """

    def __init__(self, site: Site, columns: Iterable[Column]) -> None:
        self._homes, self._columns = {canonical(site.url) or site.url}, set[str]()
        for column in columns:
            known = self._homes if column.column_class is ColumnClass.HOME else self._columns
            known.update((column.url, *column.pages))
        self._gathered: dict[str, _Gathered] = {}
        self._known: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._gathered)

    async def take(self, shown: AsyncIterator[tuple[Record, str]]) -> None:
        """Findings with their pages, those of one finding after the other."""
        record, urls = None, list[str]()
        async for found, url in shown:
            if record and record.id != found.id:
                self.add(record, urls)
                urls = []
            record = found
            if len(urls) < _MOST_PAGES:
                urls.append(url)
        if record:
            self.add(record, urls)

    def add(self, record: Record, urls: Collection[str]) -> None:
        """A finding with all pages that show it."""
        if self._homes.intersection(urls) or len({_part(directory_of(url)) for url in self._columns.intersection(urls)}) > 1:
            return
        for url in urls:
            key = hash(url)
            if key not in self._known and len(self._known) < _MOST_PAGES:
                self._known.add(key)
                self._gathered.setdefault(within(directory_of(url)), _Gathered()).add(url, record)

    def directories(self, pages: Mapping[str, int]) -> tuple[Directory, ...]:
        """Those with a faulty page and the others, in order; `pages` are the inspected ones of each. A directory that is not among them was
        counted with the first of its path, or with that of the host.
        """
        counted: Counter[str] = Counter()
        for address, number in pages.items():
            counted[within(address)] += number
        parts: dict[str, list[Directory]] = {address: [Directory(address, number)] for address, number in counted.items()}
        for address, found in self._gathered.items():
            known = next((one for one in (address, _part(address), _root(address)) if one in counted), address)
            parts.setdefault(known, []).append(found.as_directory(address))
        return tuple(merged(address, parts[address]) for address in sorted(parts))


def within(address: str) -> str:
    """The directory that a directory counts for."""
    return "/".join(address.split("/")[:-1][: _MOST_LEVELS + 1]) + "/"


def shortest(urls: Iterable[str]) -> list[str]:
    return sorted(set(urls), key=lambda url: (len(url), url))[:_MOST_SAMPLES]


def _part(address: str) -> str:
    """The first directory of a path."""
    return "/".join(address.split("/")[:-1][:2]) + "/"


def _root(address: str) -> str:
    return address.partition("/")[0] + "/"


def merged(address: str, parts: Sequence[Directory]) -> Directory:
    """Several directories as one."""
    words = Counter(word for part in parts for word in part.words)
    return Directory(
        address,
        sum(part.pages for part in parts),
        sum(part.faulty for part in parts),
        tuple(shortest(url for part in parts for url in part.samples)),
        tuple(word for word, _ in words.most_common(_SHOWN_WORDS)),
        min((part.first_seen for part in parts if part.first_seen), default=None),
    )
