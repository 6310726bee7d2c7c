"""The Elasticsearch that a store is in: its address, who asks, and which authorities vouch for it."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Server:
    """`url` may hold a user and a password. `ca` is a file of PEM certificates; None: the authorities of the system."""

    url: str
    api_key: str = field(default="", repr=False)
    ca: Path | None = None
