"""What the rest of the line may ask of a store."""

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from govcrawl.findings import mask
from govcrawl.findings.model import NotInspected, Observation, Record, Review, SiteLabel
from govcrawl.sites.model import Column
from govcrawl.sites.scripts import ScriptHosts
from govcrawl.store.questions import Question, Row

# How a listing of findings may be sorted; findings that are equal come newest first, then by id.
ORDERS = ("newest", "oldest", "gravest", "site", "pages")
# What findings may be counted by.
GROUPS = ("category", "site", "rule", "severity", "state", "organizer", "region")


class StoreUnreachable(Exception):  # noqa: N818 - a state of the world, and the name an operator searches for
    """The store does not answer. The message names its address and the way out."""


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """Filters of a search; "" and None leave a field open.

    `site` matches id or name, `campaign` also the rounds of a standing one (`watch@3`), `kind` the category; `rule`, `organizer` and `region` the start of theirs. `order` is one of ORDERS.
    """

    site: str = ""
    kind: str = ""
    rule: str = ""
    severity: str = ""
    state: str = ""
    campaign: str = ""
    organizer: str = ""
    region: str = ""
    since: datetime | None = None
    text: str = ""
    limit: int | None = None
    order: str = "newest"


@dataclass(frozen=True, slots=True)
class SiteReport:
    """What a campaign found out about a site as a whole. `findings` counts its open findings by category.

    `today` is the day that dates were judged against; None in reports of versions that did not keep it. `scripts` is a sample.
    """

    site: SiteLabel
    url: str
    campaign: str
    state: str
    reason: str
    pages: int
    failed_pages: int
    concluded_at: datetime
    findings: Mapping[str, int] = field(default_factory=dict)
    today: date | None = None
    scripts: ScriptHosts = field(default_factory=ScriptHosts)


@dataclass(frozen=True, slots=True)
class ColumnRecord:
    """What a visit saw of a column; names, titles and addresses are masked on the way in."""

    site: str
    campaign: str
    seen_at: datetime
    column: Column

    def __post_init__(self) -> None:
        seen = self.column
        masked = replace(
            seen,
            url=mask.url(seen.url),
            name=mask.text(seen.name),
            newest_title=mask.text(seen.newest_title),
            newest_url=mask.url(seen.newest_url),
            placeholder=mask.text(seen.placeholder),
            reason=mask.text(seen.reason),
            pages=tuple(map(mask.url, seen.pages)),
            part_of=mask.url(seen.part_of),
        )
        object.__setattr__(self, "column", masked)


@dataclass(frozen=True, slots=True)
class WorkersSample:
    """One look at frontier and workers: the numbers of the frontier, those of each worker by its id, and the pages that were not had in
    the half minute before, by reason.
    """

    at: datetime
    frontier: Mapping[str, int | float]
    workers: Mapping[str, Mapping[str, str | int | float]] = field(default_factory=dict)
    failures: Mapping[str, int] = field(default_factory=dict)


class Store(Protocol):
    """Every write may be repeated: a page that is inspected twice in a campaign counts once."""

    async def setup(self) -> None:
        """Creates what is missing; changes nothing that is there."""
        ...

    async def record(self, observations: Sequence[Observation]) -> None:
        """Stores what was seen. On return it is durable, here or in the spool."""
        ...

    async def confirm(self, records: Sequence[Record]) -> None:
        """As `record`, of findings that are stored already (`lifecycle.carried`)."""
        ...

    def sightings(self, site: str, campaign: str) -> AsyncIterator[tuple[str, str]]:
        """Each finding of a site with each page that showed it in a campaign."""
        ...

    def shown(self, site: str, campaign: str, rules: Collection[str]) -> AsyncGenerator[tuple[Record, str], None]:
        """Each unresolved finding of a site by these rules, nobody ignoring it, with each page that showed it in a campaign; read in
        portions, the pages of one finding after the other.
        """
        ...

    async def record_columns(self, columns: Sequence[ColumnRecord]) -> None: ...

    async def record_not_inspected(self, records: Sequence[NotInspected]) -> None: ...

    async def record_site(self, report: SiteReport) -> None: ...

    async def resolve_unseen(self, site: str, campaign: str, at: datetime) -> int:
        """After a complete crawl only: findings of the site that this campaign did not see become resolved. Returns how many."""
        ...

    def findings(self, query: FindingQuery) -> AsyncGenerator[Record, None]:
        """As many as match, read in portions, in the order that the query names."""
        ...

    async def finding(self, finding_id: str) -> Record | None:
        """By id or by a prefix of it that names only one."""
        ...

    async def count_findings(self, query: FindingQuery, by: str = "category") -> Mapping[str, int]:
        """Counts by one of GROUPS, the greatest first. Values that no finding has are left out."""
        ...

    async def review(self, finding_id: str, review: Review) -> Record | None: ...

    def columns(self, site: str) -> AsyncIterator[ColumnRecord]:
        """Latest state of each column of a site, its later pages aside."""
        ...

    def column_history(self, site: str, since: datetime) -> AsyncIterator[ColumnRecord]:
        """Every stored visit of the columns of a site and of their later pages, oldest first."""
        ...

    def sites(self, campaign: str = "") -> AsyncIterator[SiteReport]: ...

    def site_history(self, site: str, since: datetime) -> AsyncIterator[SiteReport]:
        """Every stored report of a site, one a campaign, oldest first."""
        ...

    async def record_workers(self, samples: Sequence[WorkersSample]) -> None:
        """Keeps what frontier and workers said of themselves. It may be lost with the server: nothing is spooled."""
        ...

    async def answer(self, question: Question) -> list[Row]:
        """The numbers that a panel shows, a row a group, in any order. Raises NotAskable."""
        ...

    def not_inspected(self, campaign: str, site: str = "") -> AsyncIterator[NotInspected]: ...

    @property
    def spooled_bytes(self) -> int:
        """What waits on this machine for a server that takes no writes; 0 where there is no server."""
        ...

    async def flush(self) -> None:
        """Makes what was written visible to searches, and replays the spool where there is one."""
        ...

    async def aclose(self) -> None: ...
