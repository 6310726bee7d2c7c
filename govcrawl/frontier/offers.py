"""The addresses found on a page, made ready for the seen-set and the queues in one pass."""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from govcrawl.frontier.model import Child
from govcrawl.kit.urls import host_of

Group = tuple[str, list[str], list[int], list[str], dict[int, str]]
Offer = tuple[int, str, str, str]  # depth, host, hash, entry
# Most links of a page stand on many others. Emptied when it is full: to keep the order of use costs as much as an offer.
_made: dict[str, Offer] = {}
_KEPT, _LONGEST = 32_768, 500
_encode = msgspec.json.Encoder().encode
_number = int.from_bytes


def groups_of(children: Sequence[Child], depth: int) -> list[Group]:
    """By host: hashes, classes, entries, and the patterns of traps by position from 1 on."""
    groups: dict[str, Group] = {}
    for child in children:
        made = _made.get(child.url)
        if made is None or made[0] != depth or child.key:
            made = _offer(child, depth)
        _, host, name, entry = made
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


def _offer(child: Child, depth: int) -> Offer:
    """The hot path of the whole crawl, hence wire.py's steps written out."""
    url, key = child.url, child.key
    scheme, _, host, path = (*url.split("/", 3), "", "")[:4]
    if "@" in host or not host:
        host, target = host_of(url), url
    else:
        target = f"{'s' if scheme == 'https:' else 'h'}/{path}"
    name = str(_number(blake2b((key or url).encode(), digest_size=8).digest(), "big", signed=True))
    made = depth, host, name, "1" + _encode((target, depth, "", 0, "", key) if key else (target, depth)).decode()
    if not key and len(url) <= _LONGEST:
        if len(_made) >= _KEPT:
            _made.clear()
        _made[url] = made
    return made
