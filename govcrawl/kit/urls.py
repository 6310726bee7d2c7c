"""Addresses: the WHATWG URL Standard's parser, hosts, registrable domains."""

from functools import lru_cache

import ada_url
import tldextract

# The bundled snapshot of the Public Suffix List with its private part off; nothing is ever fetched.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def resolve(base: str, href: str) -> str | None:
    """The absolute http(s) address that `href` means on the page `base`, without its fragment; None where there is none."""
    try:
        joined = ada_url.join_url(base, href) if base else ada_url.normalize_url(href)
    except ValueError:
        return None
    if not joined.startswith(("http://", "https://")):
        return None
    return joined.partition("#")[0]


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
