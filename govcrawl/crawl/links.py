"""The addresses on a page that belong to its site, each with what it is expected to be."""

import re
from collections.abc import Collection, Iterable, Iterator, MutableMapping
from itertools import islice

from govcrawl.crawl.assignments import Assignment
from govcrawl.crawl.deeds import deed_of, deed_of_text
from govcrawl.crawl.options import VisitLimits
from govcrawl.crawl.traps import pattern_of
from govcrawl.frontier.model import Child, Lease, PageClass
from govcrawl.kit.remember import remembered
from govcrawl.kit.urls import canonical, host_of, registrable, resolve, without_session
from govcrawl.page.model import Page

LIMITS = VisitLimits()
_LONGEST = 2000  # of addresses that are remembered
_SCRIPT_CHARS = 100_000  # what moves a visitor on is short
_DOCUMENTS = "pdf docx? wps xlsx? et pptx? dps ofd rtf csv zip rar 7z tar gz"
_NEVER = (
    "jpe?g png gif bmp webp svg ico tiff? psd mp[34] m4[av] avi wmv flv swf mov mkv webm wav wma ogg rmvb? "
    "css js mjs json map woff2? ttf eot otf exe msi apk ipa dmg iso jar"
)


def _extensions(words: str) -> re.Pattern[str]:
    return re.compile(rf"\.(?:{'|'.join(words.split())})$", re.IGNORECASE)


_DOCUMENT, _MEDIA = _extensions(_DOCUMENTS), _extensions(_NEVER)
_ARTICLE = re.compile(
    r"""
      (?<!\d)(?:19|20)\d{2} (?: [-/_]? (?:0?[1-9]|1[0-2]) ) (?: [-/_] | \d )   # a date in the path
    | /art(?:icle)?[/_] | /content[/_s] | /detail | /info/ | /view | /show | /t\d{8}_
    | [?&](?:id|aid|articleid|infoid|newsid|contentid)=
    | /[^/]*\d{5,}[^/]*\.s?html?$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COLUMN = re.compile(
    r"""
      /$ | /(?:index|default|list|channel|column|col|node|more)[^/]*$ | /(?:col|channel|list|column)/
    | /[^/.]+$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PAGING = re.compile(r"[_-]\d{1,4}\.s?html?$|[?&](?:page|p|pageno|pageindex|currentpage)=\d+", re.IGNORECASE)
_META_REFRESH = re.compile(r"""url\s*=\s*['"]?([^'">\s]+)""", re.IGNORECASE)
_SCRIPT_MOVE = re.compile(
    r"""(?:window|document|self|top|parent)?\.?location(?:\.href)?\s*(?:=|\.(?:replace|assign)\s*\()\s*["']([^"'<>\s]{1,500})["']"""
)
MOST_FEEDS = 10  # that one page, index or robots.txt leads to; the largest sites have a sitemap for each month
_STUB_LINKS = 3  # a page with fewer is mostly a pointer to the real one, and so of its class


def children_of(
    page: Page,
    lease: Lease,
    assignment: Assignment,
    left: MutableMapping[str, str] | None = None,
    limits: VisitLimits = LIMITS,
) -> tuple[Child, ...]:
    """Each page of the site once, up to a limit, in the order of the page. Nothing here is fetched, and no Scrapy Request is made of it.

    `left` is filled with the addresses that are not followed, and why; what there is too much of is told under the page's own.
    """
    hosts = hosts_of(lease, assignment)
    stub = len(page.links) < _STUB_LINKS
    found = {
        target: _child(target, lease.page_class if stub else class_of(target))
        for target in map(without_session, _embedded(page, stub))
        if host_of(target) in hosts and _wanted(target, limits)
    }
    deeds = {target: deed for target in found if (deed := deed_of(target))}
    for link in page.links:
        if link.host not in hosts or len(link.url) > limits.url_chars:
            continue
        child, deed = _target(link.url)
        # Also where another link has the address already: its text may not say what it does.
        if child is None or child.url in deeds:
            continue
        if deed := deed or deed_of_text(child.url, link.text):
            deeds[child.url] = deed
        elif child.url not in found:
            found[child.url] = child
    for url in (page.url, *deeds):
        found.pop(url, None)
    if left is not None:
        left.update(deeds)
        left.update(_too_much(page, hosts, len(found), limits))
    return tuple(islice(found.values(), limits.links))


def _too_much(page: Page, hosts: Collection[str], count: int, limits: VisitLimits) -> Iterator[tuple[str, str]]:
    long = sum(len(link.url) > limits.url_chars and link.host in hosts for link in page.links)
    told = [f"{count - limits.links:,} of its links, which are too many"] if count > limits.links else []
    told += [f"{long:,} addresses of more than {limits.url_chars:,} characters"] if long else []
    if told:
        yield page.url, "; ".join(told)


def listed_children(page: Page, lease: Lease, assignment: Assignment, limits: VisitLimits = LIMITS) -> tuple[Child, ...]:
    """The pages of the site to which the entries of a list lead: scripts make links that are not in the page."""
    urls = (without_session(item.url) for item in page.items if item.url)
    return tuple(_child(url, class_of(url)) for url in ours(urls, lease, assignment, limits))


def ours(urls: Iterable[str], lease: Lease, assignment: Assignment, limits: VisitLimits = LIMITS) -> Iterator[str]:
    """Those of the addresses, which are canonical, that are pages of the site, each once; none that does something when it is asked for."""
    hosts = hosts_of(lease, assignment)
    for url in dict.fromkeys(urls):
        if host_of(url) in hosts and _wanted(url, limits) and not deed_of(url) and url != lease.url:
            yield url


def redirect_child(lease: Lease, assignment: Assignment, location: str) -> Child | None:
    """Where a redirect without a fault leads inside the site, its session kept: the server insists on it. A home page may move to another host of its own registrable domain."""
    target = resolve(lease.url, location.strip())
    if target is None or target == lease.url or _is_media(target):
        return None
    host = host_of(target)
    moved = lease.page_class is PageClass.HOME and registrable(host) == registrable(lease.host)
    return Child(target, lease.page_class) if moved or host in hosts_of(lease, assignment) else None


def redirect_fault(lease: Lease, assignment: Assignment, location: str, limits: VisitLimits = LIMITS) -> str:
    """Why a redirect leads to no page anywhere; "" where it leads to one, be it off the site."""
    target = resolve(lease.url, location.strip())
    if target is None:
        return "redirects to no address"
    if target == lease.url:
        return "redirects to itself"
    if len(target) > limits.url_chars:
        return f"redirects to an address of {len(target)} characters"
    if deed := deed_of(target):
        return f"redirects to an address that {deed}"
    if lease.page_class is PageClass.HOME and lease.depth and target == canonical(assignment.site.url):
        return "redirects to and fro"
    return ""


def hosts_of(lease: Lease, assignment: Assignment) -> frozenset[str]:
    """The hosts of the site. One that is not in the list can only have got here by a move of the home page: it belongs too."""
    hosts = assignment.site.all_hosts
    if lease.host in hosts:
        return hosts
    twin = lease.host.removeprefix("www.") if lease.host.startswith("www.") else f"www.{lease.host}"
    return hosts | {lease.host, twin}


@remembered(32768, _LONGEST)  # each page is linked from many
def class_of(url: str) -> PageClass:
    """By the address alone: cheap, and wrong only about the order in which pages are fetched."""
    path, _, query = url.partition("?")
    _, _, path = path.partition("//")
    if _DOCUMENT.search(path):
        return PageClass.ATTACHMENT
    tail = path.partition("/")[2]
    if not tail and not query:
        return PageClass.COLUMN
    if _ARTICLE.search(f"/{tail}?{query}" if query else f"/{tail}"):
        return PageClass.ARTICLE
    if _PAGING.search(url):
        return PageClass.OTHER
    return PageClass.COLUMN if _COLUMN.search(f"/{tail}") else PageClass.OTHER


@remembered(32768, _LONGEST)
def _target(url: str) -> tuple[Child | None, str]:
    """What an address is fetched as, if at all, and what a visit to it would do."""
    plain = without_session(url)
    return (None, "") if _is_media(plain) else (_child(plain, class_of(plain)), deed_of(plain))


def named_children(
    page: Page,
    lease: Lease,
    assignment: Assignment,
    left: MutableMapping[str, str] | None = None,
    limits: VisitLimits = LIMITS,
) -> tuple[Child, ...]:
    """The pages of the site that a sitemap or a feed tells of; of an index its parts, before them. `left` as in `children_of`."""
    if page.feed is None:
        return ()
    parts = feed_children(page.feed.sitemaps, lease, assignment)
    pages = list(ours((without_session(one.url) for one in page.feed.entries), lease, assignment, limits))
    beyond = len(pages[limits.links :]) + len(page.feed.sitemaps[MOST_FEEDS:])
    if left is not None and beyond:
        left[page.url] = f"{beyond:,} of its links, which are too many"
    return (*parts, *(_child(url, class_of(url)) for url in pages[: limits.links]))


def feed_children(urls: Iterable[str], lease: Lease, assignment: Assignment) -> tuple[Child, ...]:
    """Sitemaps and feeds come before articles: what they tell is of the columns."""
    found = ours((url for written in urls if (url := canonical(written))), lease, assignment)
    return tuple(Child(url, PageClass.COLUMN) for url in islice(found, MOST_FEEDS))


def _child(url: str, page_class: PageClass) -> Child:
    return Child(url, page_class, pattern=pattern_of(url))


def _wanted(url: str, limits: VisitLimits) -> bool:
    return len(url) <= limits.url_chars and not _is_media(url)


@remembered(32768, _LONGEST)
def _is_media(url: str) -> bool:
    return _MEDIA.search(url.partition("?")[0]) is not None


def _embedded(page: Page, stub: bool) -> Iterator[str]:
    """Frames, image maps, and where a page sends its visitor on: by a meta refresh or, on a stub, by script."""
    hrefs = [
        node.attributes.get("src") or node.attributes.get("href") or ""
        for node in (
            page.tree.css("frame[src], iframe[src], area[href]") if page.openings.may_hold("frame", "iframe", "area") else ()
        )
    ]
    hrefs += _META_REFRESH.findall(page.meta.get("refresh", ""))
    if stub:
        hrefs += [href for node in page.tree.css("script") for href in _SCRIPT_MOVE.findall(node.text()[:_SCRIPT_CHARS])]
    for href in hrefs:
        if target := resolve(page.base, href.strip()):
            yield target
