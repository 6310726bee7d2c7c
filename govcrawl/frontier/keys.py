"""Names of the keys in Redis, and the partition that a site belongs to."""

from hashlib import blake2b

from govcrawl.kit.urls import host_of, registrable

VERSION = 3


def prefix(partition: int, version: int = VERSION) -> str:
    """Every key of a partition begins with this. The braces are the hash tag of Redis Cluster; the version changes with the layout."""
    return f"gc{version}:{{{partition}}}:"


def partition_of(url: str, partitions: int) -> int:
    """By registrable domain, so that the sites which share a host, and its politeness, share a partition."""
    if partitions == 1:
        return 0
    domain = registrable(host_of(url))
    return int.from_bytes(blake2b(domain.encode(), digest_size=4).digest()) % partitions
