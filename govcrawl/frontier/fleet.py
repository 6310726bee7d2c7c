"""What all sites together know of foreign domains, as it stands in Redis."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from govcrawl.frontier.keys import prefix
from govcrawl.frontier.model import Acquaintance, Loaders
from govcrawl.frontier.server import FrontierFull, Script, Server
from govcrawl.sites.scripts import ScriptHost, ScriptHosts

SUSPECT_SITES = 3  # detection: 7
_DAY_MS = 24 * 3600 * 1000
_KEPT_MS = 60 * _DAY_MS  # two quarterly rounds may lie further apart; what nobody saw since is worth nothing
_SAMPLE_KEPT_MS = 200 * _DAY_MS  # longer than from one quarterly round to the next
_MOST_LOOKS = 50  # at strangers for one site a day: whoever writes its pages must not send the fleet around
_SAMPLED_PAGES = 10  # of a site at each visit: those that all visitors come through
_LOOKS_UNTIL_GONE = 3  # detection: 1.2 X1, three tries over time
_MEET, _LOAD = Script("meet", "sightings"), Script("load", "sightings")
_LOOK, _SAW, _SAMPLE, _SCRIPTS = Script("look"), Script("saw"), Script("sample"), Script("scripts")
_pack = msgspec.msgpack.encode
_Others = tuple[tuple[str, str], ...]
_met = msgspec.msgpack.Decoder(list[tuple[str, int, int, _Others]])
_loading = msgspec.msgpack.Decoder(tuple[int, int, list[tuple[str, int, int, int, _Others]]])
_sampled = msgspec.msgpack.Decoder(tuple[int, int, list[tuple[str, int, int, int, int, str]]])


class FleetVerbs:
    """The verbs of a frontier that are about foreign domains; see the Protocol. Their keys are in the first partition, whatever the site's is."""

    server: Server
    limits: bytes

    async def meet(
        self, site: str, hidden: Mapping[str, str], shown: Sequence[str], stored: Sequence[tuple[str, str]] = ()
    ) -> list[Acquaintance]:
        words = (site, _pack(list(hidden.items())), _pack(shown), _KEPT_MS, SUSPECT_SITES, _pack(stored))
        return [Acquaintance(*row) for row in _met.decode(await self._know(_MEET, *words))]

    async def load(
        self, site: str, scripts: Mapping[str, str], *, tainted: bool, stored: Sequence[tuple[str, str]] = ()
    ) -> list[Loaders]:
        """Where the server has no memory for it nobody hears anything."""
        words = (site, _pack(list(scripts.items())), int(tainted), _KEPT_MS, SUSPECT_SITES, _pack(stored))
        try:
            fleet, fleet_tainted, rows = _loading.decode(await self._know(_LOAD, *words))
        except FrontierFull:
            return []
        return [
            Loaders(domain, sites, tainted, shown, fleet, fleet_tainted, others) for domain, sites, tainted, shown, others in rows
        ]

    async def look(self, site: str, domains: Sequence[str], most: int) -> list[str | None]:
        """Where the server has no memory for a mark nobody looks, or everybody would."""
        try:
            reply = await self._know(_LOOK, _pack(list(domains)), most, _DAY_MS, site, _MOST_LOOKS)
        except FrontierFull:
            return [""] * len(domains)
        return [seen if isinstance(seen, str) else None for seen in msgspec.msgpack.decode(reply, type=list[str | bool])]

    async def saw(self, domain: str, seen: str) -> str:
        known = seen
        with suppress(FrontierFull):
            known = (await self._know(_SAW, domain, seen, _LOOKS_UNTIL_GONE, _SAMPLE_KEPT_MS)).decode()
        return known

    async def sample(self, site: str, campaign: str, domain: str, scripts: Sequence[str]) -> bool:
        wanted = False
        with suppress(FrontierFull):
            words = (site, campaign, domain, _pack(list(scripts)), _SAMPLED_PAGES, _SAMPLE_KEPT_MS, _KEPT_MS)
            wanted = bool(await self._know(_SAMPLE, *words))
        return wanted

    async def script_hosts(self, site: str, campaign: str) -> ScriptHosts:
        pages, before, rows = _sampled.decode(await self._know(_SCRIPTS, site, campaign))
        hosts = [
            ScriptHost(domain, loading, sites, datetime.fromtimestamp(since / 1000, UTC), not known, seen)
            for domain, loading, known, since, sites, seen in rows
        ]
        return ScriptHosts(pages, before, tuple(sorted(hosts, key=lambda host: (-host.pages, host.domain))))

    async def _know(self, script: Script, *words: str | bytes | float) -> bytes:
        reply: bytes = await self.server.run(script, prefix(0), self.limits, *words)
        return reply
