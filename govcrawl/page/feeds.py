"""What a sitemap or a feed tells of the pages of its site: where they are, and their days."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from govcrawl.kit.clock import CHINA
from govcrawl.kit.urls import resolve
from govcrawl.page.attachments.values import Refused
from govcrawl.page.attachments.xml import attribute, local, parsed
from govcrawl.page.day_patterns import days, plausible
from govcrawl.page.values import Dated
from govcrawl.sites.first_days import mark_of
from govcrawl.sites.model import FEED, Column

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# Behind what may stand before the root of a document.
_OPENS = re.compile(
    r"\ufeff?\s*(?:<\?[^>]{0,500}>\s*|<!--(?:(?!-->).){0,1500}-->\s*|<!doctype[^>]{0,500}>\s*){0,20}<(?:urlset|sitemapindex|rss|feed|rdf:RDF)\b",
    re.IGNORECASE | re.DOTALL,
)
_OPENS_PAGE = re.compile(r"\s*(?:<!doctype[^>]{0,300}>\s*)?<html\b", re.IGNORECASE)
# What an entry is called, and the words for its day: the first that stands there counts. RFC 4287, RSS 2.0, RSS 1.0 (Dublin Core), sitemaps.org 0.9.
_ENTRIES = {"item": "rss", "entry": "atom", "url": "sitemap"}
_DAYS = ("published", "pubDate", "date", "updated", "lastmod")
_ADDRESSES = ("link", "loc", "guid")
_TYPES = frozenset(("application/rss+xml", "application/atom+xml"))
_OF_COMMENTS = re.compile(r"comment|评论", re.IGNORECASE)
_MOST = 50_000  # as sitemaps.org allows
_MOST_DATED = 1000  # the newest of them say whether a column is alive
_MOST_NAMED = 2  # by one page: a system that has a feed of everything has one of each page, too
_FEW = 10


class Told(NamedTuple):
    """One entry; `dated` where the day says something of it, `ahead` where it is one to come: a slip of the hand."""

    url: str
    dated: Dated | None
    ahead: bool = False


class Feed(NamedTuple):
    """`sitemaps` are those that an index leads to."""

    entries: tuple[Told, ...]
    sitemaps: tuple[str, ...] = ()


def opens_feed(text: str) -> bool:
    """Whether a text that begins so is one."""
    return not _OPENS_PAGE.match(text) and _OPENS.match(text) is not None


def feed_of(page: "Page") -> Feed | None:
    """None for all other pages, and for one that is beyond reading."""
    if not opens_feed(page.html):
        return None
    try:
        root = parsed(page.body)
    except Refused:
        root = None
    if root is None:
        return None
    found = [(kind, element) for element in root.iter() if (kind := _ENTRIES.get(local(element)))][:_MOST]
    told = [_told(element, kind, page) for kind, element in found]
    sitemaps = [_address(element, page) for element in root.iter() if local(element) == "sitemap"]
    return Feed(tuple(_without_the_making([one for one in told if one.url])), tuple(filter(None, sitemaps[:_MOST])))


def feed_column(page: "Page") -> Column | None:
    """The days of its entries, to be found again in the columns of the site (sites/feeds); None where it tells none."""
    dated = [(one.dated, one.url) for one in page.feed.entries if one.dated] if page.feed else []
    if not dated or page.feed is None:
        return None
    told = sorted(dated, key=lambda pair: pair[0].day, reverse=True)[:_MOST_DATED]
    newest, url = told[0]
    return Column(
        url=page.url,
        name="",
        items=len(page.feed.entries),
        dated_items=len(dated),
        newest=newest.day,
        newest_url=url,
        newest_from=newest.source,
        pages=(page.url,),
        item_dates=tuple(one.day for one, _ in told),
        item_marks=(*(mark_of(url) for _, url in told), *(mark_of(one.url) for one in page.feed.entries if one.ahead)),
        part_of=page.origin,
    )


def feeds_named(page: "Page") -> tuple[str, ...]:
    """Where a page says that its feeds or the sitemap are; feeds of comments are none of its column."""
    told = (node.attributes for node in page.tagged("link"))
    named = [
        one for one in told if _names_feed(one) and not _OF_COMMENTS.search(f"{one.get('title') or ''} {one.get('href') or ''}")
    ]
    found = dict.fromkeys(resolve(page.base, (one.get("href") or "").strip()) for one in named)
    return tuple(url for url in found if url)[:_MOST_NAMED]


def _names_feed(attributes: Mapping[str, str | None]) -> bool:
    kind, relation = (attributes.get("type") or "").strip().lower(), (attributes.get("rel") or "").lower().split()
    return "sitemap" in relation or ("alternate" in relation and kind in _TYPES)


def _address(element: etree._Element, page: "Page") -> str:
    """Of Atom the link to the page itself; of RSS the link, else the name of the entry where that is an address."""
    said = {
        local(child): (child.text or attribute(child, "href")).strip()
        for child in reversed(element)
        if attribute(child, "rel") in ("", "alternate")
    }
    written = next((said[name] for name in _ADDRESSES if said.get(name)), "")
    return (resolve(page.url, written) or "") if written else ""


def _told(element: etree._Element, kind: str, page: "Page") -> Told:
    said = {local(child): child.text or "" for child in reversed(element)}
    written = next((said[name].strip() for name in _DAYS if said.get(name)), "")[:60]
    day = _day(written)
    dated = Dated(day, f"{FEED}:{kind}", written) if day and plausible(day, page.today) else None
    return Told(_address(element, page), dated, day is not None and day > page.today and dated is None)


def _day(written: str) -> date | None:
    """In the time of China. RFC 822 as RSS has it, else the day as it stands there."""
    try:
        moment = parsedate_to_datetime(written)
        day: date | None = (moment.astimezone(CHINA) if moment.tzinfo else moment).date()
    except (ValueError, TypeError, OverflowError, IndexError):  # all of them on what is no such date
        day = next((one.day for one in days(written)), None)
    return day


def _without_the_making(told: Sequence[Told]) -> Iterator[Told]:
    """A program that writes the day of its run beside each entry tells nothing of the entries."""
    counted = Counter(one.dated.day for one in told if one.dated)
    day, most = counted.most_common(1)[0] if counted else (None, 0)
    made_at_once = len(told) >= _FEW and 2 * most > len(told)
    for one in told:
        yield Told(one.url, None) if made_at_once and one.dated and one.dated.day == day else one
