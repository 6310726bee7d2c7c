"""What all sites together know of foreign domains, as it stands in Redis."""

from collections.abc import Mapping, Sequence

import msgspec

from govcrawl.frontier.keys import prefix
from govcrawl.frontier.model import Acquaintance
from govcrawl.frontier.server import Script, Server

SUSPECT_SITES = 3  # detection: 7
_KEPT_MS = 60 * 24 * 3600 * 1000  # two quarterly rounds may lie further apart; what nobody saw since is worth nothing
_MEET = Script("meet")
_pack = msgspec.msgpack.encode


_decoder = msgspec.msgpack.Decoder(list[tuple[str, int, int, tuple[tuple[str, str], ...]]])


async def meet(
    server: Server, limits: bytes, site: str, linked: tuple[Mapping[str, str], Sequence[str]], stored: Sequence[tuple[str, str]]
) -> list[Acquaintance]:
    """One call; `linked` are the hidden domains and those in sight. The fleet's knowledge is in the first partition, whatever the site's own is."""
    hidden, shown = linked
    words = (site, _pack(list(hidden.items())), _pack(shown), _KEPT_MS, SUSPECT_SITES, _pack(stored))
    reply = await server.run(_MEET, prefix(0), limits, *words)
    return [Acquaintance(*row) for row in _decoder.decode(reply)]
