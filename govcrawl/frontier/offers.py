"""The addresses found on a page, made ready for the seen-set and the queues in one pass."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from govcrawl.frontier.model import Child
from govcrawl.kit.remember import remembered
from govcrawl.kit.urls import host_of

Group = tuple[str, list[str], list[int], list[str], dict[int, str]]
_encode = msgspec.json.Encoder().encode
_number = int.from_bytes


def groups_of(children: Sequence[Child], depth: int) -> list[Group]:
    """By host: hashes, classes, entries, and the patterns of traps by position from 1 on."""
    groups: dict[str, Group] = {}
    for child in children:
        host, name, entry = _offer(child.url, depth, child.key)
        group = groups.get(host)
        if group is None:
            group = groups[host] = (host, [], [], [], {})
        group[1].append(name)
        group[2].append(int(child.page_class))
        group[3].append(entry)
        if child.pattern:
            group[4][len(group[3])] = child.pattern
    groups.pop("", None)
    return list(groups.values())


@remembered(32768, 500)  # each page is linked from many
def _offer(url: str, depth: int, key: str) -> tuple[str, str, str]:
    """Host, hash and entry. The hot path of the whole crawl, hence wire.py's steps written out."""
    scheme, _, host, path = (*url.split("/", 3), "", "")[:4]
    if "@" in host or not host:
        host, target = host_of(url), url
    else:
        target = f"{'s' if scheme == 'https:' else 'h'}/{path}"
    name = str(_number(blake2b((key or url).encode(), digest_size=8).digest(), "big", signed=True))
    return host, name, "1" + _encode((target, depth, "", 0, "", key) if key else (target, depth)).decode()
