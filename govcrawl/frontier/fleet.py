"""What all sites together know of foreign domains, as it stands in Redis."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from govcrawl.frontier.keys import prefix
from govcrawl.frontier.model import Acquaintance
from govcrawl.frontier.server import FrontierFull, Script, Server

SUSPECT_SITES = 3  # detection: 7
_KEPT_MS = 60 * 24 * 3600 * 1000  # two quarterly rounds may lie further apart; what nobody saw since is worth nothing
_DAY_MS = 24 * 3600 * 1000
_MOST_LOOKS = 50  # at strangers for one site a day: whoever writes its pages must not send the fleet around
_MEET, _LOOK, _SAW = Script("meet"), Script("look"), Script("saw")
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


async def look(server: Server, limits: bytes, site: str, domains: Sequence[str], most: int) -> list[str | None]:
    """See the Protocol. Where the server has no memory for a mark nobody looks, or everybody would."""
    try:
        reply = await server.run(_LOOK, prefix(0), limits, _pack(list(domains)), most, _DAY_MS, site, _MOST_LOOKS)
    except FrontierFull:
        return [""] * len(domains)
    return [seen if isinstance(seen, str) else None for seen in msgspec.msgpack.decode(reply, type=list[str | bool])]


async def saw(server: Server, limits: bytes, domain: str, seen: str) -> None:
    with suppress(FrontierFull):
        await server.run(_SAW, prefix(0), limits, domain, seen)
