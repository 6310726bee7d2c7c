"""Short links, which say nothing of where they lead."""

from functools import lru_cache

from govcrawl.detectors.dark_links.vocabulary import data
from govcrawl.kit.urls import bare_host, host_of


def is_short(url: str) -> bool:
    """Whether it is one word at a known service of short links."""
    path = url.partition("://")[2].partition("?")[0].partition("/")[2].strip("/")
    return bool(path) and "/" not in path and bare_host(host_of(url)).removeprefix("www.") in _hosts()


@lru_cache(maxsize=1)
def _hosts() -> frozenset[str]:
    return frozenset(host for kind in data("short_links.toml").values() for host in kind)
