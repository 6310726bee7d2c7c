"""The addresses on a page that belong to its site, each with what it is expected to be."""

import re
from collections.abc import Iterator

from govcrawl.crawl.assignments import Assignment
from govcrawl.frontier.model import Child, Lease, PageClass
from govcrawl.kit.urls import host_of, registrable, resolve
from govcrawl.page.model import Page

_MAX_URL = 2000  # longer ones are traps, or data
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
_STUB_LINKS = 3  # a page with fewer is mostly a pointer to the real one, and so of its class


def children_of(page: Page, lease: Lease, assignment: Assignment) -> tuple[Child, ...]:
    """Each address once, in the order of the page. Nothing here is fetched, and no Scrapy Request is made of it."""
    hosts = hosts_of(lease, assignment)
    stub = len(page.links) < _STUB_LINKS
    found = {
        target: Child(target, lease.page_class if stub else class_of(target))
        for target in _embedded(page, stub)
        if host_of(target) in hosts and _wanted(target)
    }
    for link in page.links:
        url = link.url
        if link.host in hosts and url not in found and _wanted(url):
            found[url] = Child(url, class_of(url))
    found.pop(page.url, None)
    return tuple(found.values())


def redirect_child(lease: Lease, assignment: Assignment, location: str) -> Child | None:
    """Where a redirect leads inside the site. A home page may move to another host of its own registrable domain."""
    target = resolve(lease.url, location.strip())
    if target is None or target == lease.url or not _wanted(target):
        return None
    host = host_of(target)
    moved = lease.page_class is PageClass.HOME and registrable(host) == registrable(lease.host)
    return Child(target, lease.page_class) if moved or host in hosts_of(lease, assignment) else None


def hosts_of(lease: Lease, assignment: Assignment) -> frozenset[str]:
    """The hosts of the site. One that is not in the list can only have got here by a move of the home page: it belongs too."""
    hosts = assignment.site.all_hosts
    if lease.host in hosts:
        return hosts
    twin = lease.host.removeprefix("www.") if lease.host.startswith("www.") else f"www.{lease.host}"
    return hosts | {lease.host, twin}


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


def _wanted(url: str) -> bool:
    return len(url) <= _MAX_URL and not _MEDIA.search(url.partition("?")[0])


def _embedded(page: Page, stub: bool) -> Iterator[str]:
    """Frames, image maps, and where a page sends its visitor on: by a meta refresh or, on a stub, by script."""
    hrefs = [
        node.attributes.get("src") or node.attributes.get("href") or ""
        for node in page.tree.css("frame[src], iframe[src], area[href]")
    ]
    hrefs += _META_REFRESH.findall(page.meta.get("refresh", ""))
    if stub:
        hrefs += [href for node in page.tree.css("script") for href in _SCRIPT_MOVE.findall(node.text())]
    for href in hrefs:
        if target := resolve(page.base, href.strip()):
            yield target
