"""What the robots.txt of a host allows us."""

import asyncio
import logging
from collections.abc import Sequence
from itertools import takewhile

from protego import Protego

from govcrawl.crawl.fetching import Fetched, bypasses
from govcrawl.crawl.identity import ROBOTS_TOKEN
from govcrawl.findings import mask
from govcrawl.frontier.model import Lease, Outcome, PageClass, Reason, Result
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.kept import Kept
from govcrawl.kit.urls import bare_host

log = logging.getLogger(__name__)

# RFC 9309, 2.5: at least this much must be read.
_MAX_BYTES = 500 * 1024
# A host that asks for more is visited at this pace all the same: a day between two pages would be a disguised ban.
_MAX_DELAY_SECONDS = 60.0
_SHORT_CHARS = 8 * 1024
_KEPT_HOSTS = 20_000
_KEPT_SECONDS = 600.0


class Robots:
    """Rules by host, read from the frontier once and kept for a while. `mandate` is the word list of GOVCRAWL_OFFICIAL_INSPECTION."""

    def __init__(self, frontier: Frontier, mandate: str = "") -> None:
        self._frontier, self._mandate = frontier, mandate
        self._kept: Kept[str, Protego | None] = Kept(_KEPT_HOSTS, _KEPT_SECONDS)
        self._passed_over: Kept[str, bool] = Kept(_KEPT_HOSTS)

    async def forbidden(self, leases: Sequence[Lease]) -> list[Result | None]:
        """A final result for each lease that robots.txt forbids, None for the others."""
        return [await self._answer(lease) for lease in leases]

    async def _answer(self, lease: Lease) -> Result | None:
        if lease.page_class is PageClass.ROBOTS:
            return None
        if self.permits(lease.host, lease.url, await self.rules(lease.host)):
            return None
        return Result(lease, Outcome.DEAD, Reason.ROBOTS, label=mask.url(lease.url))

    def permits(self, host: str, url: str, rules: Protego | None) -> bool:
        """Whether a page may be fetched. An inspection that goes on against the rules says so, once a host."""
        if rules is None or rules.can_fetch(url, ROBOTS_TOKEN):
            return True
        if not bypasses(bare_host(host), self._mandate):
            return False
        if host not in self._passed_over:
            self._passed_over.put(host, True)
            log.warning("robots.txt is passed over by order of GOVCRAWL_OFFICIAL_INSPECTION", extra={"url": mask.url(url)})
        return True

    async def rules(self, host: str) -> Protego | None:
        """None where everything is allowed, or nobody knows yet (see `known`)."""
        if self._kept.fresh(host):
            return self._kept.get(host)
        text = await self._frontier.robots(host)
        rules = await _parsed(text) if text else None
        # Where nobody fetched it yet the next lease asks again.
        if text is not None:
            self.learn(host, rules)
        return rules

    async def known(self, host: str) -> bool:
        return self._kept.fresh(host) or await self._frontier.robots(host) is not None

    def learn(self, host: str, rules: Protego | None) -> None:
        """Of a host that no page of the crawl stands on, for this worker only."""
        self._kept.put(host, rules)


async def rules_in(fetched: Fetched) -> Protego | None:
    text = _text(fetched)
    return await _parsed(text) if text else None


async def _parsed(text: str) -> Protego:
    """Ten thousand rules take a tenth of a second."""
    return Protego.parse(text) if len(text) < _SHORT_CHARS else await asyncio.to_thread(Protego.parse, text)


def robots_result(lease: Lease, fetched: Fetched) -> Result:
    """RFC 9309, 2.3.1: no such file allows all; a server in trouble is asked again."""
    if fetched.status >= 500 or fetched.status == 429:
        return Result(lease, Outcome.RETRY, Reason.HTTP_5XX, fetched.status, fetched.seconds)
    text = _text(fetched)
    delay = Protego.parse(text).crawl_delay(ROBOTS_TOKEN) if text else None
    return Result(
        lease,
        Outcome.DONE,
        status=fetched.status,
        response_seconds=fetched.seconds,
        robots=to_keep(text),
        crawl_delay_seconds=min(delay, _MAX_DELAY_SECONDS) if delay else None,
    )


def to_keep(text: str) -> str:
    """The rules as they may lie in the frontier. A forbidden path ends where a secret in it begins, which forbids rather more than was
    asked; any other line that holds a secret is left out.
    """
    if mask.url(text) == text:
        return text
    pairs = ((line, mask.url(line)) for line in text.splitlines())
    return "\n".join(
        _common(line, masked) for line, masked in pairs if line == masked or line.lstrip().lower().startswith("disallow:")
    )


def _common(one: str, other: str) -> str:
    """The beginning that both share."""
    return "".join(letter for letter, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _text(fetched: Fetched) -> str:
    text = fetched.body[:_MAX_BYTES].decode("utf-8", "replace") if fetched.status < 300 else ""
    # A page that says "not found" with status 200.
    return "" if text.lstrip("\ufeff \t\r\n").startswith("<") else text
