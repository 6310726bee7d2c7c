"""The public services from which any site may load scripts."""

from functools import lru_cache

from govcrawl.detectors.dark_links.blocks import trusted
from govcrawl.detectors.dark_links.vocabulary import data


def is_service(domain: str) -> bool:
    """Whether a registrable domain belongs to one, or to a public body."""
    return trusted(domain) or domain in _services()


@lru_cache(maxsize=1)
def _services() -> frozenset[str]:
    return frozenset(domain for kind in data("services.toml").values() for domain in kind)
