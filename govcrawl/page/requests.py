"""Where the scripts of a page ask for the entries of its list."""

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import re2

from govcrawl.kit.urls import host_of, registrable, resolve

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# Dahan and JPAAS keep the address of the next records in the page (domain: 6).
_NEXT_GROUP = re.compile(r"<nextgroup>.{0,200}?href=[\"'](?P<url>[^\"']{5,1000})[\"']", re.DOTALL | re.IGNORECASE)
# JPAAS builds a part of the page from what an attribute of the script element says.
_UNIT = re.compile(
    r"<script\b(?=[^>]{0,2000}\burl\s*=\s*[\"'](?P<url>[^\"'\s]{2,500})[\"'])[^>]{0,2000}?\bqueryData\s*=\s*(?P<mark>[\"'])(?P<query>.{2,1500}?)(?P=mark)",
    re.IGNORECASE | re.DOTALL,
)
_UNIT_PAIR = re.compile(r"[\"']?(?P<key>\w{1,40})[\"']?\s*:\s*(?P<mark>[\"'])(?P<value>[^\"']{0,300})(?P=mark)")
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
_CALLERS = ("$.", "fetch", "axios", ".load", ".open", "$http")
_SETTING = re.compile(
    r"(?:\b|(?<=\bdata)|(?<=\blist)|(?<=\bapi))url\s*[:=]\s*[\"'](?P<url>[^\"'\s]{2,500})[\"'](?P<after>\s*\+)?", re.IGNORECASE
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
# All of the above, roughly: most pages hold none. In bytes it takes a tenth of the time of a search in the text.
_ASKS = re2.compile(
    rb"(?i)<nextgroup|querydata|dataproxy\.jsp|\$\.(?:get|ajax)|fetch\s*\(|axios|\.load\s*\(|\.open\s*\(|\$http|url\s*[:=]\s*[\"']"
    rb"|(?:list|data|news|record(?:set)?|column|items?|lm)[-_]?\w{0,24}\.js"
)
_HOST = re.compile(r"^(?:https?:)?//[^/?#]*", re.IGNORECASE)
_MOST = 4


def data_requests(page: "Page") -> tuple[str, ...]:
    """Same-domain GET addresses only: nothing that is built by the program while it runs, nothing that would be sent as a form."""
    if not _ASKS.search(page.source):
        return ()
    found: dict[str, None] = {}
    for written in _written(page.html):
        url = resolve(page.base, html.unescape(written))
        if url and registrable(host_of(url)) == page.domain and url != page.url:
            found.setdefault(url)
    return tuple(found)[:_MOST]


def _written(source: str) -> Iterator[str]:
    lower = source.lower()
    yield from (match["url"] for match in _at(_NEXT_GROUP, ("<nextgroup",), source, lower))
    if "querydata" in lower:
        yield from map(_unit, _at(_UNIT, ("<script",), source, lower))
    for match in _at(_PROXY, ("dataproxy.jsp",), source, lower):
        yield re.split(r"[\"'\s]", source[max(0, match.start() - 300) : match.start()])[-1] + match[0]
    yield from (match["url"] for match in _at(_CALL, _CALLERS, source, lower) if _asks_for_list(match, source))
    yield from (match["url"] for match in _at(_SETTING, ("url",), source, lower) if _sets_list(match, source))
    scripts = _at(_SOURCE, ("<script",), source, lower)
    yield from (match["url"] for match in scripts if _LIST_SCRIPT.search(_path(match["url"])))


def _path(written: str) -> str:
    """Of an address as it stands in the page, which no parser of addresses may accept."""
    return _HOST.sub("", written).partition("?")[0].partition("#")[0]


def _at(pattern: re.Pattern[str], words: tuple[str, ...], source: str, lower: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begins with one of the words: finding those first is ten times faster than trying every place."""
    if len(lower) != len(source):  # a few letters become two in lower case
        yield from pattern.finditer(source)
        return
    places = sorted(place for word in words for place in _places(word, lower))
    yield from (match for place in places if (match := pattern.match(source, place)))


def _places(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _unit(match: re.Match[str]) -> str:
    pairs = [(pair["key"], pair["value"]) for pair in _UNIT_PAIR.finditer(html.unescape(match["query"]))]
    return f"{match['url']}?{urlencode(pairs, quote_via=quote)}"


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
