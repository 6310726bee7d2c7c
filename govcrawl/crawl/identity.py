"""The name under which the crawler visits."""

from importlib.metadata import version

ROBOTS_TOKEN = "govcrawl"  # noqa: S105 - the word that a robots.txt addresses us by


def user_agent(contact: str = "") -> str:
    """Product, version and, where the operator gave one, an address to complain to."""
    return f"govcrawl/{version('govcrawl')} ({f'+{contact}; ' if contact else ''}public-sector website inspection)"
