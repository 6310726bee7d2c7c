"""Addresses: the WHATWG URL Standard's parser, hosts, registrable domains."""

import re
import tomllib
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files

import ada_url
import tldextract

# The bundled snapshot of the Public Suffix List with its private part off; nothing is ever fetched.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
_RULES = tomllib.loads((files("govcrawl.kit") / "parameters.toml").read_text("utf-8"))
# A path parameter of a session, and a query parameter that does not name a page; each with the separator before it.
_PATH_SESSION = re.compile(_RULES["path"]["pattern"], re.IGNORECASE)
_PARAMETER = re.compile("|".join(f"(?:{rule['pattern']})" for rule in _RULES["parameter"]), re.IGNORECASE)


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) address that `href` means on the page `base`, without its fragment; None where there is none."""
    joined = ""
    with suppress(ValueError):
        joined = ada_url.join_url(base, href) if base else ada_url.normalize_url(href)
    if not joined.startswith(("http://", "https://")):
        return None
    return joined.partition("#")[0]


def canonical(url: str) -> str | None:
    """The one form of an absolute http(s) address, or None. Two addresses with one form are one page: fragments, session ids and
    tracking parameters go (parameters.toml), everything else stays, the order of a query and its percent-encoding too.
    """
    whole = resolve("", url)
    return None if whole is None else without_session(whole)


def canonical_all(base: str, hrefs: Iterable[str]) -> dict[str, str]:
    """The canonical http(s) addresses that a page at `base` links to, by what is written there, in its order."""
    found = {}
    for href in hrefs:
        if href not in found and (url := _joined(base, href)) is not None:
            found[href] = url
    return found


def _joined(base: str, href: str) -> str | None:
    """Menus repeat on all pages of a site: what does not depend on the page is kept by origin."""
    if href.startswith("/") and not href.startswith("//"):
        return _canonical_joined("/".join(base.split("/", 3)[:3]) + "/", href)
    return _canonical_joined(base, href)


@lru_cache(maxsize=65536)
def _canonical_joined(base: str, href: str) -> str | None:
    whole = resolve(base, href)
    return None if whole is None else without_session(whole)


def without_session(url: str) -> str:
    """A normalized address without what only names a visit."""
    if ";" in url:
        path, mark, query = url.partition("?")
        url = _PATH_SESSION.sub("", path) + mark + query
    path, mark, query = url.partition("?")
    if not mark:
        return url
    kept = [part for part in query.split("&") if not _PARAMETER.fullmatch(part)]
    return f"{path}?{'&'.join(kept)}" if kept else path


@lru_cache(maxsize=65536)
def host_of(url: str) -> str:
    """Lower-case host with its port where that is not the scheme's own; "" where the text is no address."""
    try:
        return ada_url.URL(url).host
    except ValueError:
        return ""


def bare_host(host: str) -> str:
    """A host without its port; brackets of an IPv6 literal stay."""
    return host if host.endswith("]") else host.rpartition(":")[0] or host


@lru_cache(maxsize=65536)
def registrable(host: str) -> str:
    """The registrable domain (eTLD+1) of a host; the host itself where it has none (addresses, single labels)."""
    bare = bare_host(host)
    return _SUFFIXES(bare).top_domain_under_public_suffix or bare
