"""Where the scripts of a page ask for the entries of its list."""

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from govcrawl.kit.urls import host_of, registrable, resolve

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# Dahan and JPAAS keep the address of the next records in the page (domain: 6).
_NEXT_GROUP = re.compile(r"<nextgroup>.{0,200}?href=[\"'](?P<url>[^\"']{5,1000})[\"']", re.DOTALL | re.IGNORECASE)
_PROXY = re.compile(r"dataproxy\.jsp[^\"'\s]{0,700}", re.IGNORECASE)
_CALL = re.compile(
    r"""
    (?: \$ \. (?:get|getJSON|ajax|getScript) \s* \( \s*  |  \b fetch \s* \( \s*  |  axios (?:\.get)? \s* \( \s*
      | \.load \s* \( \s*  |  \.open \s* \( \s* ["']GET["'] \s* , \s* | \$http \. get \s* \( \s* )
    (?: \{ (?P<options>[^{}]{0,300}?) \b url \s* : \s* )?
    ["'] (?P<url>[^"'\s]{2,500}) ["'] (?P<after>\s*\+)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SETTING = re.compile(
    r"\b(?:url|dataUrl|listUrl|apiUrl)\s*[:=]\s*[\"'](?P<url>[^\"'\s]{2,500})[\"'](?P<after>\s*\+)?", re.IGNORECASE
)
_POST = re.compile(r"(?:type|method)\s*:\s*[\"']post[\"']", re.IGNORECASE)
_SOURCE = re.compile(r"<script[^>]{0,200}\bsrc\s*=\s*[\"'](?P<url>[^\"'\s]{2,500})[\"']", re.IGNORECASE)
# A script that is a list, not a program: list.js, data_1.js, recordset_12.js.
_LIST_SCRIPT = re.compile(
    r"(?:^|/)(?:list|data|news|record(?:set)?|column|items?|lm)[-_]?\w{0,24}\.jsonp?$|(?:^|/)(?:list|data|record(?:set)?|items)(?:[-_]?\d+)?\.js(?:\?|$)",
    re.IGNORECASE,
)
_LISTS = re.compile(
    r"dataproxy|list|data|article|news|info|column|channel|query|search|record|page|content|doc|manuscript|\.jsonp?(?:\?|$)|/api/|/ss/",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"count(?!y)|click|hits?\b|visit|weather|tianqi|login|logout|token|jiucuo|stat(?:s|istics)?\b|captcha|verify|user|menu|nav|banner|comment|vote|share|\.(?:css|png|jpe?g|gif|svg|woff2?)(?:\?|$)|\b(?:jquery|swiper|layui|vue|bootstrap)",
    re.IGNORECASE,
)
_DATA = re.compile(r"\.jsonp?(?:\?|$)|/api/|dataproxy|/ss/query|getlist|list\?|querylist", re.IGNORECASE)
_MOST = 4


def data_requests(page: "Page") -> tuple[str, ...]:
    """Same-domain GET addresses only: nothing that is built by the program while it runs, nothing that would be sent as a form."""
    if not _may_ask(page.html):
        return ()
    found: dict[str, None] = {}
    for written in _written(page.html):
        url = resolve(page.base, html.unescape(written))
        if url and registrable(host_of(url)) == page.domain and url != page.url:
            found.setdefault(url)
    return tuple(found)[:_MOST]


def _may_ask(source: str) -> bool:
    return "<script" in source or "<SCRIPT" in source or "dataproxy" in source


def _written(source: str) -> Iterator[str]:
    yield from (match["url"] for match in _NEXT_GROUP.finditer(source))
    for match in _PROXY.finditer(source):
        yield re.split(r"[\"'\s]", source[max(0, match.start() - 300) : match.start()])[-1] + match[0]
    yield from (match["url"] for match in _CALL.finditer(source) if _asks_for_list(match, source))
    yield from (match["url"] for match in _SETTING.finditer(source) if _sets_list(match, source))
    yield from (match["url"] for match in _SOURCE.finditer(source) if _LIST_SCRIPT.search(urlsplit(match["url"]).path))


def _asks_for_list(call: re.Match[str], source: str) -> bool:
    options = (call["options"] or "") + source[call.end() : call.end() + 200].partition(";")[0].partition("success")[0]
    return (
        not call["after"] and not _POST.search(options) and bool(_LISTS.search(call["url"])) and not _OTHERS.search(call["url"])
    )


def _sets_list(setting: re.Match[str], source: str) -> bool:
    """A bare setting tells less than a call: its address must look like data."""
    if setting["after"] or _OTHERS.search(setting["url"]) or not _DATA.search(setting["url"]):
        return False
    return not _POST.search(source[max(0, setting.start() - 120) : setting.end() + 200].partition("success")[0])
