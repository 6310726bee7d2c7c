"""The rows that the Lua scripts of the frontier read and write, and the words that they stand for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from govcrawl.frontier.model import Child, Closing, Lease, Outcome, PageClass, Reason, Result, SiteState
from govcrawl.frontier.offers import groups_of
from govcrawl.frontier.rounds import round_in
from govcrawl.frontier.validators import etag_of, kept_etag, kept_memo, kept_moment, moment_of
from govcrawl.frontier.wire import BadRecord, digest_of, entry_of, hash_of, read_entry, robots_url, site_line
from govcrawl.kit.urls import canonical, host_of
from govcrawl.sites.model import Site
from govcrawl.sites.window import Window

CLOSING = "!"  # begins the token of a closing; that of a page begins with its host
_MAX_ROBOTS = 512 * 1024
_CLASSES = tuple(PageClass)
_UNKNOWN = (PageClass.ROBOTS, PageClass.HOME, PageClass.SHEET)


class Claimed(msgspec.Struct, array_like=True, gc=False):
    """What claim.lua hands out, the entries aside: one list a column, one value a page."""

    mark: str
    columns: tuple[list[str], list[str], list[str], list[str], list[int], list[int]]
    closings: list[tuple[str, str, str, str, str, int, int, str, list[str | int] | dict[str, int]]]
    wait_ms: float
    running: int

    def leases(self, entries: Sequence[bytes]) -> Iterator[Lease | Result]:
        """A result instead where the entry is none: it ends as a dead letter."""
        for field, campaign, site, host, number, attempt, entry in zip(*self.columns, entries, strict=True):
            token, page_class = f"{field}|{self.mark}", _CLASSES[number]
            if page_class is PageClass.ROBOTS:
                yield Lease(token, campaign, site, robots_url(entry, host), host, page_class, 0, attempt)
                continue
            try:
                url, record = read_entry(entry, host)
            except BadRecord:
                lost = Lease(token, campaign, site, "", host, page_class, 0, attempt)
                yield Result(lost, Outcome.DEAD, Reason.BAD_RECORD)
                continue
            if record.etag or record.last_modified or record.key or record.memo:
                words = etag_of(record.etag), moment_of(record.last_modified), record.judged_by, record.key, record.memo
                yield Lease(token, campaign, site, url, host, page_class, record.depth, attempt, *words)
            else:
                yield Lease(token, campaign, site, url, host, page_class, record.depth, attempt)


claim_decoder = msgspec.msgpack.Decoder(Claimed)


def site_row(site: Site) -> tuple[str, str, str, str, str, int, int, int, int]:
    url = canonical(site.url) or site.url
    host = host_of(url)
    delay = -1 if site.delay_seconds is None else round(site.delay_seconds * 1000)
    window = Window.read(site.window) if site.window else Window(0, 0)
    words = site.id, site_line(site), host, entry_of(url, host), hash_of(url)
    return *words, site.max_pages or 0, delay, window.first, window.last


def result_columns(
    results: Sequence[Result], children: Sequence[Sequence[Child]], now: float, *, by_address: bool = False
) -> tuple[tuple[object, ...], ...]:
    """As finish.lua reads them: a column is one array there, a row would be one a page. `children`: those of each that are to be offered."""
    columns = tuple(zip(*[_result_row(*pair, now) for pair in zip(results, children, strict=True)], strict=True))
    return (*columns, tuple(result.address for result in results)) if by_address else columns


def _result_row(result: Result, children: Sequence[Child], now: float) -> tuple[object, ...]:
    lease, took, started, wait, delay = (
        result.lease,
        result.response_seconds,
        result.started,
        result.retry_after_seconds,
        result.crawl_delay_seconds,
    )
    field, _, mark = lease.token.rpartition("|")
    return (
        field,
        mark,
        result.outcome,
        result.reason or "",
        result.status,
        int(1000 * (took if started is None else now - started)),
        int(1000 * took),
        -1 if wait is None else round(1000 * wait),
        False if result.robots is None else result.robots[:_MAX_ROBOTS],
        -1 if delay is None else round(1000 * delay),
        groups_of(children, lease.depth + 1) if children else False,
        entry_of(result.label, lease.host) if result.label else False,
        _page_row(result) if "@" in lease.campaign else False,
        result.body_bytes,
    )


def _page_row(result: Result) -> tuple[str, str, str] | bool:
    """What a standing campaign keeps of a page; False where it is none to be known by the next round, which has a home page of its own."""
    lease = result.lease
    if not round_in(lease.campaign) or lease.page_class in _UNKNOWN or not lease.url:
        return False
    etag = kept_etag(result.etag) if result.signature else ""
    # RFC 9110, 13.1.3: beside an ETag nobody looks at it.
    moment = kept_moment(result.last_modified) if result.signature and not etag else 0
    judged_by, memo = result.judged_by if etag or moment else "", kept_memo(result.memo or lease.memo)
    entry = entry_of(lease.url, lease.host, lease.depth, etag=etag, last_modified=moment, judged_by=judged_by, memo=memo)
    return digest_of(lease.url).hex(), entry[1:], result.signature


def closing_of(row: tuple[str, str, str, str, str, int, int, str, Sequence[str | int] | Mapping[str, int]]) -> Closing:
    token, campaign, site, state, reason, pages, failed, before, traps = row
    # An empty table of Lua may come as an empty map.
    pairs = list(traps)
    left_out = {str(pattern): int(number) for pattern, number in zip(pairs[::2], pairs[1::2], strict=True)}
    return Closing(token, campaign, site, SiteState(state), Reason(reason) if reason else None, pages, failed, before, left_out)


def partition_in(token: str) -> int:
    tail = token.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0


def sid_in(token: str) -> str:
    return token[1:].partition("-")[0]


def by_partition(tokens: Iterable[str]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = defaultdict(list)
    for token in tokens:
        grouped[partition_in(token)].append(token)
    return grouped
