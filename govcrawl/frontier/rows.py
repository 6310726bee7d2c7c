"""The rows that the Lua scripts of the frontier read and write, and the words that they stand for."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from govcrawl.frontier.model import Closing, Lease, PageClass, Reason, Result, SiteState
from govcrawl.frontier.offers import groups_of
from govcrawl.frontier.wire import entry_of, hash_of, read_entry, robots_url, site_line
from govcrawl.kit.urls import canonical, host_of
from govcrawl.sites.model import Site
from govcrawl.sites.window import Window

_MAX_ROBOTS = 512 * 1024
PageRow = tuple[str, str, str, str, int, int]
ClosingRow = tuple[str, str, str, str, str, int, int]
claim_decoder = msgspec.msgpack.Decoder(tuple[tuple[PageRow, ...], tuple[ClosingRow, ...], float, int])
_CLASSES = tuple(PageClass)


def site_row(site: Site) -> tuple[str, str, str, str, str, int, int, int, int]:
    url = canonical(site.url) or site.url
    host = host_of(url)
    delay = -1 if site.delay_seconds is None else round(site.delay_seconds * 1000)
    window = Window.read(site.window) if site.window else Window(0, 0)
    words = site.id, site_line(site), host, entry_of(url, host), hash_of(url)
    return *words, site.max_pages or 0, delay, window.first, window.last


def result_row(result: Result, now: float) -> tuple[object, ...]:
    age = result.response_seconds if result.started is None else now - result.started
    wait = -1 if result.retry_after_seconds is None else round(result.retry_after_seconds * 1000)
    crawl_delay = -1 if result.crawl_delay_seconds is None else round(result.crawl_delay_seconds * 1000)
    return (
        result.lease.token,
        result.outcome.value,
        result.reason.value if result.reason else "",
        result.status,
        round(age * 1000),
        round(result.response_seconds * 1000),
        wait,
        False if result.robots is None else result.robots[:_MAX_ROBOTS],
        crawl_delay,
        groups_of(result.children, result.lease.depth + 1),
    )


def lease_of(row: PageRow, entry: bytes) -> Lease:
    token, campaign, site, host, page_class, attempt = row
    if page_class == PageClass.ROBOTS:
        return Lease(token, campaign, site, robots_url(entry, host), host, PageClass.ROBOTS, 0, attempt)
    url, record = read_entry(entry, host)
    return Lease(
        token,
        campaign,
        site,
        url,
        host,
        _CLASSES[page_class],
        record.depth,
        attempt,
        record.etag,
        record.last_modified,
        record.signature,
    )


def unread(row: PageRow) -> Lease:
    token, campaign, site, host, page_class, attempt = row
    return Lease(token, campaign, site, "", host, _CLASSES[page_class], 0, attempt)


def closing_of(row: ClosingRow) -> Closing:
    token, campaign, site, state, reason, pages, failed = row
    return Closing(token, campaign, site, SiteState(state), Reason(reason) if reason else None, pages, failed)


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
