"""Addresses: the WHATWG URL Standard's parser, hosts, registrable domains."""

import re
import tomllib
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import ada_url
import tldextract

from govcrawl.kit.plain_urls import plain_host, plain_join
from govcrawl.kit.remember import remembered

# The bundled snapshot of the Public Suffix List with its private part off; nothing is ever fetched.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_RULES = tomllib.loads((files("govcrawl.kit") / "parameters.toml").read_text("utf-8"))
# A path parameter of a session, and a query parameter that does not name a page; each with the separator before it.
_PATH_SESSION = re.compile(_RULES["path"]["pattern"], re.IGNORECASE)
_PARAMETER = re.compile("|".join(f"(?:{rule['pattern']})" for rule in _RULES["parameter"]), re.IGNORECASE)

_LONGEST = 500  # of addresses that are remembered


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) address that `href` means on the page `base`, without fragment and credentials; None where there is none."""
    # Menus repeat on all pages of a site: what depends on the host of the page alone is kept by it.
    start = _origin(base) if href.startswith("/") and base else base
    return _known(start, href) if len(href) + len(start) <= _LONGEST else _resolved(start, href)


@lru_cache(maxsize=1024)
def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3]) + "/"


@lru_cache(maxsize=32768)
def _known(base: str, href: str) -> str | None:
    return _resolved(base, href)


def _resolved(base: str, href: str) -> str | None:
    if plain := plain_join(base, href):
        return plain
    joined = ""
    with suppress(ValueError):
        joined = ada_url.join_url(base, href) if base else ada_url.normalize_url(href)
    if not joined.startswith(("http://", "https://")):
        return None
    whole = joined.partition("#")[0]
    return _without_credentials(whole) if "@" in whole else whole


def _without_credentials(url: str) -> str:
    """They are nobody's business: never sent, queued, stored or shown."""
    scheme, _, rest = url.partition("://")
    authority, slash, tail = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{tail}"


class Address(NamedTuple):
    """An absolute http(s) address with its host and the registrable domain of that."""

    url: str
    host: str
    domain: str


def locate(base: str, href: str) -> Address | None:
    """`resolve`, with what most callers ask next."""
    start = _origin(base) if href.startswith("/") and base else base
    return _located(start, href) if len(href) + len(start) <= _LONGEST else _address_of(_resolved(start, href))


@lru_cache(maxsize=32768)
def _located(base: str, href: str) -> Address | None:
    return _address_of(_resolved(base, href))


def _address_of(url: str | None) -> Address | None:
    if url is None:
        return None
    host = host_of(url)
    return Address(url, host, registrable(host))


def canonical(url: str) -> str | None:
    """The one form of an absolute http(s) address, or None. Two addresses with one form are one page: fragments, session ids and
    tracking parameters go (parameters.toml), everything else stays, the order of a query and its percent-encoding too.
    """
    whole = resolve("", url)
    return None if whole is None else without_session(whole)


@remembered(32768, _LONGEST)
def without_session(url: str) -> str:
    """A normalized address without what only names a visit."""
    path, mark, query = url.partition("?")
    if ";" in path:
        path = _PATH_SESSION.sub("", path)
    if not mark:
        return path
    kept = [part for part in query.split("&") if not _PARAMETER.fullmatch(part)]
    return f"{path}?{'&'.join(kept)}" if kept else path


@remembered(32768, _LONGEST)
def host_of(url: str) -> str:
    """Lower-case host with its port where that is not the scheme's own; "" where the text is no address."""
    if host := plain_host(url):
        return host
    try:
        return ada_url.URL(url).host
    except ValueError:
        return ""


def directory_of(url: str) -> str:
    """Host and path of an address up to its last slash; "" where the text is no address."""
    host = host_of(url)
    path = url.partition("://")[2].partition("#")[0].partition("?")[0].partition("/")[2].rpartition("/")[0]
    return f"{host}/{path}/" if host and path else f"{host}/" if host else ""


def bare_host(host: str) -> str:
    """A host without its port; brackets of an IPv6 literal stay."""
    return host if host.endswith("]") else host.rpartition(":")[0] or host


@remembered(32768, 300)
def registrable(host: str) -> str:
    """The registrable domain (eTLD+1) of a host; the host itself where it has none (addresses, single labels)."""
    bare = bare_host(host)
    return _SUFFIXES(bare).top_domain_under_public_suffix or bare
