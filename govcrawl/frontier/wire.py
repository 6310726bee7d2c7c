"""The form in which addresses and site lines stand in Redis: JSON of a fixed schema, checked on the way out."""

from hashlib import blake2b

import msgspec

from govcrawl.kit.urls import host_of
from govcrawl.sites.model import Site

_FRESH = "1"  # the attempt that an entry is on; the Lua scripts read and write this first byte only
_MAX_URL = 4096


class BadRecord(Exception):  # noqa: N818 - named as the reason it becomes
    """An entry that we did not write, or that is damaged."""


class Record(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True, gc=False):
    """A queued page. `target` is `s/path` or `h/path` on the host of its queue (https or http), or a whole address.

    `etag` and `last_modified` are kept as validators.py writes them.
    """

    target: str
    depth: int = 0
    etag: str = ""
    last_modified: int = 0
    judged_by: str = ""
    key: str = ""
    memo: str = ""


_record_decoder = msgspec.json.Decoder(Record)
_encode = msgspec.json.Encoder().encode


def hash_of(url: str) -> str:
    """64 bits of an address as a signed decimal number: an intset of Redis holds it in 8 bytes."""
    return str(int.from_bytes(digest_of(url), "big", signed=True))


def digest_of(url: str) -> bytes:
    """The same 64 bits as they are."""
    return blake2b(url.encode(), digest_size=8).digest()


def shorten(url: str, host: str) -> str:
    """Without what the queue says already."""
    scheme, _, rest = url.partition("://")
    if rest.startswith(host) and rest[len(host) : len(host) + 1] == "/":
        return ("s" if scheme == "https" else "h") + rest[len(host) :]
    return url


def entry_of(
    url: str, host: str, depth: int = 0, *, etag: str = "", last_modified: int = 0, judged_by: str = "", memo: str = ""
) -> str:
    target = shorten(url, host)
    if memo:
        return _FRESH + _encode((target, depth, etag, last_modified, judged_by, "", memo)).decode()
    if etag or last_modified:
        return _FRESH + _encode((target, depth, etag, last_modified, judged_by)).decode()
    return _FRESH + _encode((target, depth)).decode()


def read_entry(entry: bytes, host: str) -> tuple[str, Record]:
    """Address and record; BadRecord where the entry does not belong on the queue of this host."""
    try:
        record = _record_decoder.decode(entry[1:])
    except msgspec.MsgspecError as fault:
        raise BadRecord(str(fault)) from fault
    url = _lengthen(record.target, host)
    if len(url) > _MAX_URL or not 0 <= record.depth < 10_000:
        raise BadRecord("address or depth out of bounds")
    return url, record


def _lengthen(target: str, host: str) -> str:
    if target.startswith("s/"):
        return f"https://{host}{target[1:]}"
    if target.startswith("h/"):
        return f"http://{host}{target[1:]}"
    if not target.startswith(("http://", "https://")) or host_of(target) != host:
        raise BadRecord("an address of another host")
    return target


def robots_url(waiting: bytes, host: str) -> str:
    """Where the robots.txt is that the first page in the queue waits for."""
    try:
        url, _ = read_entry(waiting, host)
    except BadRecord:
        url = "http://"
    return f"{url.partition('://')[0]}://{host}/robots.txt"


_site_decoder = msgspec.json.Decoder(Site)


def site_line(site: Site) -> str:
    return msgspec.json.encode(site).decode()


def read_site(line: bytes) -> Site:
    try:
        return _site_decoder.decode(line)
    except msgspec.MsgspecError as fault:
        raise BadRecord(str(fault)) from fault
