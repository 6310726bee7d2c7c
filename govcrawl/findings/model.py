"""A finding as a detector states it and as the store keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b

from govcrawl.findings import mask
from govcrawl.findings.mask import Masked


class Category(StrEnum):
    DARK_LINK = "dark_link"
    STALE_COLUMN = "stale_column"
    BLANK_COLUMN = "blank_column"
    SECURITY_LEAK = "security_leak"
    WORDING = "wording"
    BROKEN_LINK = "broken_link"
    AVAILABILITY = "availability"
    INTERACTION = "interaction"
    IDENTITY = "identity"
    NEW_MEDIA = "new_media"


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class State(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    IGNORED = "ignored"
    RESOLVED = "resolved"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    version: int
    name: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a person needs to check a finding. Text gets in only as Masked, so no full secret can be stored.

    `extra` holds what one family adds: flat, text masked, numbers and booleans as they are.
    """

    snippet: Masked
    locator: str = ""
    target: Masked | None = None
    reason: Masked | None = None
    extra: Mapping[str, Masked | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault on one page. `subject` is what makes it the same fault again, on any page and in any campaign.

    The subject is hashed and never stored; where it is itself a secret, hand in `mask.fingerprint(secret)`.
    """

    rule: Rule
    category: Category
    severity: Severity
    confidence: Confidence
    title: str
    url: str
    subject: str
    evidence: Evidence
    indicators: tuple[str, ...] = ()

    def identity(self, site: str) -> str:
        """The id of this fault in the store: 32 hex digits over site, rule and subject."""
        return blake2b(f"{site}\0{self.rule.id}\0{self.subject}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class SiteLabel:
    """The site's words that every stored finding carries, so that a search needs no join."""

    id: str
    name: str = ""
    region: str = ""
    level: str = ""
    organizer: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A finding seen on a page of a site in a campaign: what the crawl hands to the store."""

    finding: Finding
    site: SiteLabel
    campaign: str
    seen_at: datetime

    @property
    def id(self) -> str:
        return self.finding.identity(self.site.id)


@dataclass(frozen=True, slots=True)
class NotInspected:
    """Something that a detector or the crawl could not look at. It is never taken for clean. Address and reason are masked on the way in."""

    url: str
    site: str
    campaign: str
    what: str
    reason: str
    seen_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", mask.url(self.url))
        object.__setattr__(self, "reason", mask.text(self.reason))


@dataclass(frozen=True, slots=True)
class Review:
    """What a person said of a finding; kept across campaigns."""

    state: State
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """The current state of one finding, as the store keeps it and the searches return it.

    `occurrences` counts the distinct pages that showed it in `last_campaign`; `samples` are up to 5 of their addresses.
    """

    id: str
    finding: Finding
    site: SiteLabel
    state: State
    first_seen: datetime
    last_seen: datetime
    last_campaign: str
    occurrences: int = 1
    samples: tuple[str, ...] = ()
    review: Review | None = None
    resolved_at: datetime | None = None
