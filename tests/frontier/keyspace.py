"""All keys of a partition, read in one step."""

import struct
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis

from govcrawl.frontier.keys import prefix
from govcrawl.frontier.wire import read_entry
from tests.frontier.records import HOST, LEASE, SITE

P = prefix(0)
_READ_ALL = """
local all = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local kind, value = redis.call('TYPE', key)['ok'], nil
  if kind == 'string' then value = redis.call('GET', key)
  elseif kind == 'list' then value = redis.call('LRANGE', key, 0, -1)
  elseif kind == 'set' then value = redis.call('SMEMBERS', key)
  elseif kind == 'hash' then value = redis.call('HGETALL', key)
  else value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end
  all[#all + 1] = {string.sub(key, #ARGV[1] + 1), kind, value}
end
return all
"""


class Leased(NamedTuple):
    sid: str
    host: str
    page_class: int
    url: str


class Known(NamedTuple):
    page_class: int
    misses: int
    every: int
    due: int
    looked_at: int
    signature: bytes


_PAGE = struct.Struct("<BBHII8s")  # PAGE_FORM of lua/rounds.lua


class Keyspace:
    """A snapshot. Sites are named by their SID, campaigns by their number, queues by SID, class and host."""

    def __init__(self, keys: dict[str, Any], raw: dict[str, list[tuple[bytes, bytes]]] | None = None) -> None:
        self.keys, self.raw = keys, raw or {}
        self.campaigns = {_text(n): self.words(f"c:{_text(n)}") for n in keys.get("camps", {}).values()}
        self.sites = {sid: SITE.read(raw) for sid, raw in keys.get("sites", {}).items()}
        self.hosts = {name: HOST.read(raw) for name, raw in keys.get("hosts", {}).items()}
        self.ranks = {key[6:]: {sid: float(rank) for sid, rank in keys[key].items()} for key in keys if key.startswith("lanes:")}
        self.leases = dict(map(_leased, keys.get("leases", {}).items()))
        self.queues = dict(self._queues())

    @classmethod
    async def read(cls, redis: Redis) -> "Keyspace":
        rows = await redis.eval(_READ_ALL, 0, P)
        raw = {
            _text(name): list(zip(value[::2], value[1::2], strict=True)) for name, _, value in rows if name.startswith(b"known:")
        }
        return cls({_text(name): _pairs(value) if kind in {b"hash", b"zset"} else value for name, kind, value in rows}, raw)

    def words(self, key: str) -> dict[str, str]:
        return {name: _text(value) for name, value in self.keys.get(key, {}).items()}

    def members(self, key: str) -> set[str]:
        return set(map(_text, self.keys.get(key, ())))

    def lanes(self, host: str) -> set[str]:
        """Sites with a lane on the host: ranked where there are several."""
        lone = self.hosts[host]["lone"]
        return {lone} if lone else set(self.ranks.get(host, ()))

    def hosts_of(self, sid: str) -> set[str]:
        return self.members(f"hosts:{sid}")

    def _queues(self) -> Iterator[tuple[tuple[str, int, str], list[str]]]:
        for key, entries in self.keys.items():
            if key.startswith("q:"):
                _, sid, kind, host = key.split(":", 3)
                yield (sid, int(kind), host), [read_entry(entry, host)[0] for entry in entries]

    def queued(self, sid: str) -> list[str]:
        return [url for (owner, _, _), urls in self.queues.items() if owner == sid for url in urls]

    def leased(self, sid: str) -> list[Leased]:
        """Pages; the robots.txt of a host is no page of a site."""
        return [lease for lease in self.leases.values() if lease.sid == sid and lease.page_class != 0]

    def dead(self, sid: str) -> list[str]:
        """Of the round that the site is in."""
        number = self.sites[sid]["round"]
        mine = f"{sid}@{number}" if number else sid
        letters = [letter.split(b" ", 5) for letter in self.keys.get(f"dead:{number_of(sid)}", ())]
        return [read_entry(entry, _text(host))[0] for owner, host, _, _, _, entry in letters if _text(owner) == mine]

    def seen(self, sid: str) -> list[str]:
        """Hashes, as decimal numbers."""
        return [_text(digits) for key in self.keys if key.startswith(f"seen:{sid}:") for digits in self.keys[key]]

    def known(self, sid: str) -> dict[str, Known]:
        """By hash, as the seen-set has it."""
        found = {}
        for key in self.keys:
            if key.startswith(f"known:{sid}:"):
                assert key.split(":", 2)[2] in self.members(f"knows:{sid}")
                found |= {str(int.from_bytes(digest, "big", signed=True)): page for digest, page in self.pages(key)}
        return found

    def pages(self, key: str) -> Iterator[tuple[bytes, Known]]:
        for digest, raw in self.raw[key]:
            yield digest, Known(*_PAGE.unpack_from(raw))

    def walking(self, sid: str) -> bool:
        """Its round begins, and what is due is not all queued yet."""
        return "walk" in self.words(f"s:{sid}")

    def has_budget(self, sid: str) -> bool:
        site = self.sites[sid]
        return site["budget"] == 0 or site["used"] + site["pin"] < site["budget"]

    def parked(self, sid: str) -> set[str]:
        lanes = [lane.partition("|") for lane in self.members(f"parked:{number_of(sid)}")]
        return {host for owner, _, host in lanes if owner == sid}


def number_of(sid: str) -> str:
    return sid.partition(".")[0]


def _text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _pairs(values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(map(_text, values[::2]), values[1::2], strict=True))


def _leased(item: tuple[str, bytes]) -> tuple[str, Leased]:
    field, lease = item[0], LEASE.read(item[1])
    return f"{field}|{lease['mark']}", Leased(
        lease["sid"], lease["name"], lease["class"], read_entry(lease["rest"], lease["name"])[0]
    )
