"""All keys of a partition, read in one step."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from redis.asyncio import Redis

from govcrawl.frontier.wire import read_entry

P = "gc1:{0}:"
# A number that is 0 need not be there.
_SITE = dict.fromkeys(("queued", "leased", "pin", "used", "max", "seen", "pages", "failed", "moved", "delay"), "0")
_HOST = {"inflight": "0", "d": "0", "rb": ""}
_READ_ALL = """
local all = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
  local kind, value = redis.call('TYPE', key)['ok'], nil
  if kind == 'string' then value = redis.call('GET', key)
  elseif kind == 'list' then value = redis.call('LRANGE', key, 0, -1)
  elseif kind == 'set' then value = redis.call('SMEMBERS', key)
  elseif kind == 'hash' then value = redis.call('HGETALL', key)
  else value = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES') end
  local name = string.sub(key, #ARGV[1] + 1)
  if name == 'leases' then
    for i = 2, #value, 2 do value[i] = cmsgpack.unpack(value[i]) end
  end
  all[#all + 1] = {name, kind, value}
end
return all
"""


class Leased(NamedTuple):
    sid: str
    host: str
    page_class: int
    url: str


class Keyspace:
    """A snapshot. Sites are named by their SID, campaigns by their number, queues by SID, class and host."""

    def __init__(self, keys: dict[str, Any]) -> None:
        self.keys = keys
        self.campaigns = {_text(n): self.words(f"c:{_text(n)}") for n in keys.get("camps", {}).values()}
        self.sites = {key[2:]: _SITE | self.words(key) for key in keys if key.startswith("s:")}
        self.hosts = {key[2:]: _HOST | self.words(key) for key in keys if key.startswith("h:")}
        self.lanes = {key[6:]: {sid: float(rank) for sid, rank in keys[key].items()} for key in keys if key.startswith("lanes:")}
        self.leases = {token: _leased(row) for token, row in keys.get("leases", {}).items()}
        self.queues = dict(self._queues())

    @classmethod
    async def read(cls, redis: Redis) -> "Keyspace":
        rows = await redis.eval(_READ_ALL, 0, P)
        return cls({_text(name): _pairs(value) if kind in {b"hash", b"zset"} else value for name, kind, value in rows})

    def words(self, key: str) -> dict[str, str]:
        return {name: _text(value) for name, value in self.keys.get(key, {}).items()}

    def members(self, key: str) -> set[str]:
        return set(map(_text, self.keys.get(key, ())))

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
        letters = [letter.split(b" ", 5) for letter in self.keys.get(f"dead:{number_of(sid)}", ())]
        return [read_entry(entry, _text(host))[0] for owner, host, _, _, _, entry in letters if _text(owner) == sid]

    def seen(self, sid: str) -> list[str]:
        """Hashes, as decimal numbers."""
        return [_text(digits) for key in self.keys if key.startswith(f"seen:{sid}:") for digits in self.keys[key]]

    def has_budget(self, sid: str) -> bool:
        site = self.sites[sid]
        return int(site["max"]) == 0 or int(site["used"]) + int(site["pin"]) < int(site["max"])

    def parked(self, sid: str) -> set[str]:
        lanes = [lane.partition("|") for lane in self.members(f"parked:{number_of(sid)}")]
        return {host for owner, _, host in lanes if owner == sid}


def number_of(sid: str) -> str:
    return sid.partition(".")[0]


def _text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _pairs(values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(map(_text, values[::2]), values[1::2], strict=True))


def _leased(row: Sequence[Any]) -> Leased:
    sid, host, page_class, _, entry, _ = row
    return Leased(_text(sid), _text(host), page_class, read_entry(entry, _text(host))[0])
