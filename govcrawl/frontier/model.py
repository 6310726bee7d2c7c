"""What goes into the frontier and what comes out of it.

What a page takes several of are structs of msgspec: made in a tenth of the time of a frozen dataclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

import msgspec


class PageClass(IntEnum):
    """What an address is expected to be; the smaller, the sooner it is fetched, so that budgets go to what inspections look at."""

    ROBOTS = 0
    HOME = 1
    SHEET = 2
    COLUMN = 3
    ARTICLE = 4
    ATTACHMENT = 5
    OTHER = 6


class Reason(StrEnum):
    """Why a page was not had or a site is not complete: the failure taxonomy."""

    DNS = "dns"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    RESET = "reset"
    TLS = "tls"
    HTTP_4XX = "http_4xx"
    HTTP_5XX = "http_5xx"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    ROBOTS = "robots"
    TOO_LARGE = "too_large"
    FORBIDDEN_ADDRESS = "forbidden_address"
    BAD_RESPONSE = "bad_response"
    LEASE_EXPIRED = "lease_expired"
    BAD_RECORD = "bad_record"
    BUDGET = "budget"
    STOPPED = "stopped"
    WINDOW = "window"  # of a site that waits for the hours in which it may be visited


class Outcome(StrEnum):
    """`retry` puts the page back behind the host's back-off until its attempts are used up; `dead` does not."""

    DONE = "done"
    RETRY = "retry"
    DEAD = "dead"


class SiteState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class CampaignState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Campaign:
    """One round over a list of sites, or where `every_seconds` is set a standing one: a round each so many seconds, until it is stopped.

    `today` (ISO date) is the day that dates are judged against; "" is each day's own date.
    `max_pages` counts the pages of a site that are fetched in a round (robots.txt and style sheets aside); None is no limit.
    """

    id: str
    started: datetime
    today: str = ""
    max_pages: int | None = None
    delay_seconds: float = 1.0
    priority: int = 0
    every_seconds: float | None = None


class Lease(msgspec.Struct, frozen=True, gc=False):
    """A page handed to a worker for a limited time. `token` names this hand-out: a result under an old token counts for nothing.

    `campaign` is with its round where it is a standing one (`rounds.round_name`). `etag` and `last_modified` are headers of the last answer
    that was read in full, `judged_by` what it was read with (as the Result said), `memo` what it left for this visit.
    """

    token: str
    campaign: str
    site: str
    url: str
    host: str
    page_class: PageClass
    depth: int = 0
    attempt: int = 1
    etag: str = ""
    last_modified: str = ""
    judged_by: str = ""
    key: str = ""  # of a guest's request, as its Child had it
    memo: str = ""


class Child(msgspec.Struct, frozen=True, gc=False):
    """An address found on a page that belongs to the same site. `url` is canonical.

    `pattern` is what it has in common with the other addresses of a trap; "" where nothing speaks for one. `key` names the request where the address alone does not (another method, another body).
    """

    url: str
    page_class: PageClass = PageClass.OTHER
    key: str = ""
    pattern: str = ""


class Result(msgspec.Struct, frozen=True, gc=False):
    """What became of a lease: handed back in one call with all its children.

    Of a standing campaign: `signature`, 64 bits in hexadecimal of what the page says; "" where the next round must look at it whatever
    the host says. Only with one do `etag`, `last_modified` and `judged_by` come back with the next lease. `memo` does in any case: up to
    16 characters of base64 that only the crawl can read, kept until another visit leaves some.
    """

    lease: Lease
    outcome: Outcome
    reason: Reason | None = None
    status: int = 0
    response_seconds: float = 0.0
    retry_after_seconds: float | None = None
    children: tuple[Child, ...] = ()
    body_bytes: int = 0  # unpacked
    signature: str = ""
    etag: str = ""
    last_modified: str = ""
    judged_by: str = ""
    memo: str = ""
    robots: str | None = None  # body of robots.txt, of a ROBOTS lease only; "" allows all
    crawl_delay_seconds: float | None = None  # what robots.txt asks of us
    started: float | None = None  # kit.clock.monotonic() when the request went out; the host's delay is counted from it
    address: str = ""  # IP address that the request went to; "": a proxy's, or nobody asks
    label: str = ""  # what a dead letter keeps in place of the address, which may hold a secret; "" the address


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """What the workers of a campaign know of a style sheet's address. Neither text nor reason: one of them is fetching it."""

    text: str | None = None
    reason: Reason | None = None

    @property
    def pending(self) -> bool:
        return self.text is None and self.reason is None


@dataclass(frozen=True, slots=True)
class Closing:
    """A site with nothing left to fetch, handed to one worker (leased) to conclude: judge its columns, sweep its findings."""

    token: str
    campaign: str
    site: str
    state: SiteState  # what it will be: complete, partial or failed
    reason: Reason | None
    pages: int
    failed_pages: int
    before: str = ""  # campaign of the round before; "": there was none
    left_out: Mapping[str, int] = field(default_factory=dict)  # addresses of traps that were not visited, by their pattern


@dataclass(frozen=True, slots=True)
class Claim:
    """What a worker got. `wait_seconds`: nothing more is due before; None: nothing will come unless somebody adds work."""

    leases: tuple[Lease, ...] = ()
    closing: tuple[Closing, ...] = ()
    wait_seconds: float | None = None
    running: int = 0  # campaigns that are not finished


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """A line of the completeness ledger: each site of a campaign is in exactly one state."""

    id: str
    url: str
    state: SiteState
    reason: Reason | None = None
    pages: int = 0
    failed_pages: int = 0
    queued: int = 0
    leased: int = 0
    touched: datetime | None = None
    round: int = 0  # of a standing campaign; what is told is of this round
    next_round: datetime | None = None  # when it begins
    unchanged_pages: int = 0  # of `pages`, those that the host said to be as they were
    left_out: int = 0  # addresses of traps that were not visited: beyond the limit for one pattern


@dataclass(frozen=True, slots=True)
class CampaignStatus:
    """Of a standing campaign pages are those of the latest round of each site, `round` is the latest, and `next_round` the soonest."""

    campaign: Campaign
    state: CampaignState
    finished: datetime | None
    pages: int
    failed_pages: int
    queued: int
    leased: int
    dead: int
    sites: dict[SiteState, int] = field(default_factory=dict)
    max_pages: int | None = None  # as set now; the campaign has what it was started with
    delay_seconds: float = 1.0
    round: int = 0
    next_round: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """What a worker last said of itself. Speeds, `recent` and `failures` are of its last half minute.

    `leased` pages are in its hands: `fetching` of them on the wire, in one of `slots`, and `storing` had and not stored yet.
    `recent` pages were handed back, and of those `failures` says how many were not had for which reason. `spooled_bytes` wait on its
    disk for a store that takes no writes; with `store_away` it waits for the store itself.
    """

    id: str
    host: str
    pid: int
    seen: datetime
    pages: int
    pages_per_second: float
    leased: int = 0
    slots: int = 0
    fetching: int = 0
    storing: int = 0
    recent: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    claim_seconds: float = 0.0  # one call for work, on the average
    lag_seconds: float = 0.0  # longest stall of its event loop since it last said something
    spooled_bytes: int = 0
    store_away: bool = False
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class FrontierStatus:
    hosts: int
    hosts_due: int
    queued: int
    leased: int
    done: int
    dead: int
    workers: tuple[WorkerStatus, ...] = ()
    oldest_unfinished: SiteStatus | None = None
    stale: tuple[SiteStatus, ...] = ()  # unfinished, and nothing happened to them for longer than asked about; the oldest first
    stale_sites: int = 0  # of which `stale` shows some
    waiting_sites: int = 0  # for the hours in which they may be visited
    next_due: datetime | None = None  # of the hosts with work that no worker holds


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that will not be tried again, or that could not be read; `text` is masked by whoever shows it."""

    campaign: str
    site: str
    url: str
    reason: Reason
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """A foreign domain as the fleet knows it: how many sites hide a link to it (16 at most are counted) and about how many show one.

    `others` are sightings that other sites left and nobody has stored yet, with the site's domain; only where the domain is suspect.
    """

    domain: str
    hidden_on: int
    linked_by: int
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Loaders:
    """A foreign domain from which home pages load scripts, as the fleet knows it: on about how many sites, on how many of these the home page
    carries dark links, and how many link it in sight. `fleet` and `fleet_tainted` are the same of all sites, whatever they load. `others` as
    in Acquaintance; only where several are tainted.
    """

    domain: str
    loaded_on: int
    tainted_on: int
    linked_by: int
    fleet: int
    fleet_tainted: int
    others: tuple[tuple[str, str], ...] = ()
