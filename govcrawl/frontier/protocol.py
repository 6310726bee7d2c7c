"""What the rest of the line may ask of a frontier."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Protocol

from govcrawl.frontier.model import (
    Acquaintance,
    Campaign,
    CampaignStatus,
    Claim,
    Closing,
    DeadLetter,
    FrontierStatus,
    Lease,
    Loaders,
    Result,
    SiteStatus,
    StoredSheet,
    WorkerStatus,
)
from govcrawl.sites.model import Site
from govcrawl.sites.scripts import ScriptHosts


class FrontierUnreachable(Exception):  # noqa: N818 - a state of the world, and the name an operator searches for
    """The frontier's server does not answer. The message names its address and the way out."""


class Frontier(Protocol):
    """Queues, leases and politeness. Every method is safe to call again after a crash or a lost answer."""

    async def start(self, campaign: Campaign, sites: Iterable[Site]) -> int:
        """Opens the campaign, or goes on with it; sites that it already has are left as they are. Returns how many were added."""
        ...

    async def claim(self, worker: str, limit: int) -> Claim:
        """Up to `limit` pages of hosts that are due, and sites that wait to be concluded."""
        ...

    async def finish(self, worker: str, results: Sequence[Result]) -> int:
        """Ack, children, counters and the host's next fetch time, one atomic step a page. Returns how many leases were still ours."""
        ...

    async def conclude(self, worker: str, closing: Closing) -> bool:
        """Ends a site in the state that the closing names; False where the closing was no longer ours."""
        ...

    async def unread(self, closing: Closing, urls: Sequence[str]) -> dict[str, bool]:
        """Which of these addresses the round that the closing ends knows and did not read: True, the host said that the page is as it was;
        False, it was not due or not had.
        """
        ...

    async def directories(self, closing: Closing) -> dict[str, int]:
        """How many pages the site that the closing ends has in each directory (host and path up to the last slash) itself: those that its
        round had, and those that it knows and let rest. Of a site with very many directories some are counted with the first of their path.
        """
        ...

    async def renew(self, worker: str, tokens: Sequence[str]) -> int:
        """Heartbeat: moves the end of these leases (pages and closings) to a full lease time from now."""
        ...

    async def release(self, worker: str, leases: Sequence[Lease]) -> None:
        """Hands back pages that were not started; no attempt is counted."""
        ...

    async def robots(self, host: str) -> str | None:
        """The stored robots.txt of a host; None where nobody fetched it yet."""
        ...

    async def reserve(
        self, lease: Lease, host: str, *, longest_seconds: float, age_seconds: float | None = None, took_seconds: float = 0.0
    ) -> float | None:
        """Seconds until one more request may go to `host` beside a leased page; everybody else's next request counts from that one.

        `age_seconds` is how long ago the caller's last request to this host began, `took_seconds` how long its answer took.
        None: not within `longest_seconds`, or the lease has run out. Nothing is reserved then.
        """
        ...

    async def sheets(self, lease: Lease, urls: Sequence[str]) -> list[StoredSheet | None]:
        """What the campaign of the lease knows of these style sheets; None where nobody has asked for one yet."""
        ...

    async def hold_sheet(self, lease: Lease, url: str) -> StoredSheet | None:
        """None: the caller is the one to fetch this sheet, for as long as its lease lasts. Else what is known of it meanwhile;
        reason `budget` where the site has had its number of sheets.
        """
        ...

    async def put_sheet(self, lease: Lease, url: str, sheet: StoredSheet) -> None:
        """Tells all workers what came of a sheet: a text for a day at most, a failure for half an hour. May be dropped for want of memory."""
        ...

    async def draw(self, lease: Lease, most: int) -> bool:
        """True for the first `most` pages of a site that are asked about, over all workers: its sample."""
        ...

    async def recall(self, name: str, mark: str, hold_seconds: float) -> bytes | None:
        """What some worker put down for the file of this name; b"" while one is reading it. None: the caller, who has a mark of its own,
        is to read it now, and nobody else does for `hold_seconds`.
        """
        ...

    async def remember(self, name: str, sealed: bytes, kept_seconds: float) -> None:
        """Puts down what was read in a file, in a form that only who has the file can open. May be dropped for want of memory."""
        ...

    async def meet(
        self, site: str, hidden: Mapping[str, str], shown: Sequence[str], stored: Sequence[tuple[str, str]] = ()
    ) -> list[Acquaintance]:
        """Tells which foreign domains the site (a registrable domain) hides, each with a sighting to be stored should the domain prove
        suspect, and which it shows. Returns what all sites know of each. `stored` are pairs of domain and site whose sightings are stored.
        """
        ...

    async def look(self, site: str, domains: Sequence[str], most: int) -> list[str | None]:
        """What the fleet saw of each foreign domain that the site (a registrable domain) links; "" where nobody knows. None: the caller
        is the only one to look at it this day. No more than `most` are given out at once, and few for one site.
        """
        ...

    async def saw(self, domain: str, seen: str) -> str:
        """Tells all workers what the caller of `look` saw of a domain. Returns what is known now: `gone` where looks on several days found no
        such name.
        """
        ...

    async def load(
        self, site: str, scripts: Mapping[str, str], *, tainted: bool, stored: Sequence[tuple[str, str]] = ()
    ) -> list[Loaders]:
        """Tells from which foreign domains the home page of a site (a registrable domain) loads scripts, if any, each with a sighting to be
        stored should the domain prove bad, and whether dark links were found on it. `stored` as for `meet`.
        """
        ...

    async def sample(self, site: str, campaign: str, domain: str, scripts: Sequence[str]) -> bool:
        """Counts a page of a site (by its id) with the foreign domains that it loads scripts from; `domain` is the page's own, registrable.
        Only the first pages of a visit count. False: no more are wanted.
        """
        ...

    async def script_hosts(self, site: str, campaign: str) -> ScriptHosts:
        """What was counted of a site in this campaign; no pages where nothing was."""
        ...

    async def site(self, campaign: str, site: str) -> Site | None:
        """The line of the site list that a lease belongs to; `campaign` as the lease has it, here and below."""
        ...

    async def report(self, status: WorkerStatus) -> None: ...

    async def status(self, stale_seconds: float = 3600.0) -> FrontierStatus:
        """`stale_seconds`: how long nothing may happen to a site of a running campaign before it is named."""
        ...

    async def campaigns(self) -> list[CampaignStatus]: ...

    async def campaign(self, campaign: str) -> CampaignStatus | None:
        """Also by the name of one of its rounds."""
        ...

    def ledger(self, campaign: str) -> AsyncIterator[SiteStatus]:
        """One line a site, in the order of the list."""
        ...

    def dead_letters(self, campaign: str) -> AsyncIterator[DeadLetter]: ...

    async def pause(self, campaign: str) -> None: ...

    async def resume(self, campaign: str) -> None: ...

    async def stop(self, campaign: str) -> None:
        """Nothing more is handed out; what is leased may finish; every open site ends `partial` with reason `stopped`."""
        ...

    async def adjust(
        self,
        campaign: str,
        *,
        site: str = "",
        host: str = "",
        delay_seconds: float | None = None,
        max_pages: int | None = None,
    ) -> int:
        """Changes delay and budget of a campaign, of one site of it, or of a host, from the next page on. Returns how many sites or hosts.

        `max_pages` 0 is no limit; of a host (over all campaigns) it is how many more pages it may give. Sites with a value of their own
        keep it when their campaign is changed.
        """
        ...

    async def reset_site(self, campaign: str, site: str) -> bool:
        """Forgets what one site has seen, queued and counted, and begins it anew; False where it is not there or the campaign was stopped."""
        ...

    async def aclose(self) -> None: ...
