"""The addresses found on a page, made ready for the seen-set and the queues in one pass."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from govcrawl.frontier.model import Child
from govcrawl.kit.urls import host_of

Group = tuple[str, list[str], list[int], list[str]]
_encode = msgspec.json.Encoder().encode
_number = int.from_bytes


def groups_of(children: Sequence[Child], depth: int) -> list[Group]:
    """By host: hashes, classes, entries. The hot path of the whole crawl, hence wire.py's steps written out."""
    groups: dict[str, Group] = {}
    for child in children:
        url = child.url
        scheme, _, host, path = (*url.split("/", 3), "", "")[:4]
        if "@" in host or not host:
            host, target = host_of(url), url
        else:
            target = f"{'s' if scheme == 'https:' else 'h'}/{path}"
        group = groups.get(host)
        if group is None:
            group = groups[host] = (host, [], [], [])
        key = child.key
        group[1].append(str(_number(blake2b((key or url).encode(), digest_size=8).digest(), "big", signed=True)))
        group[2].append(int(child.page_class))
        group[3].append("1" + _encode((target, depth, "", "", key) if key else (target, depth)).decode())
    groups.pop("", None)
    return list(groups.values())
