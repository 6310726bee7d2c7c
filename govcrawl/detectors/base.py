"""The shape of a detector."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, NamedTuple, Protocol

from govcrawl.findings import mask
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Rule, Severity
from govcrawl.page.model import Page
from govcrawl.page.tls import TlsFault
from govcrawl.sites.model import Column, Site
from govcrawl.sites.scripts import ScriptHosts


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up page that a detector must flag or leave alone, and why it is there."""

    html: str | bytes
    reason: str
    url: str = "http://www.qingshan.gov.cn/"
    now: date = date(2025, 11, 20)
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    sheets: Mapping[str, str] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)  # by visitor, the same one once more first
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by picture, what its QR codes lead to
    leads: Mapping[str, str] = field(default_factory=dict)  # by short link, where it leads
    tls: TlsFault | None = None
    others: Mapping[str, str] = field(default_factory=dict)  # more pages of the site, by address
    verdicts: Mapping[str, str] = field(default_factory=dict)  # of the fleet, by foreign domain
    earlier: Mapping[date, str] = field(default_factory=dict)  # what stood at the address on earlier visits, oldest first
    loads: Mapping[str, tuple[int, int, int, int, int]] = field(
        default_factory=dict
    )  # of the fleet, by foreign domain; see Loading
    # By foreign domain: pages sampled before, pages sampled now, pages of these that load from it, whether it is new.
    scripts: Mapping[str, tuple[int, int, int, bool]] = field(default_factory=dict)


class Loading(NamedTuple):
    """About how many `sites` have their home page load scripts from a domain, how many of these home pages carry dark links (`tainted`), and
    how many sites link the domain in sight (`shown`). How many sites of the `fleet` there are, and home pages with dark links among theirs.
    """

    sites: int = 0
    tainted: int = 0
    shown: int = 0
    fleet: int = 0
    fleet_tainted: int = 0


class Fleet(Protocol):
    """What the whole fleet knows of a foreign domain."""

    def hidden_on(self, domain: str) -> int:
        """How many unrelated sites hide a link to it."""
        ...

    def linked_by(self, domain: str) -> int:
        """How many sites link to it in plain sight."""
        ...

    def verdict(self, domain: str) -> str:
        """`spam`, `parked`, `dead`, `gone` (dead on several days), `redirected`, `ok`, or "" where nobody looked yet."""
        ...

    def loading(self, domain: str) -> Loading:
        """Who loads scripts from it, as far as anybody said."""
        ...


class NoFleet:
    """A fleet that knows nothing: single pages, first crawls."""

    def hidden_on(self, domain: str) -> int:  # noqa: ARG002 - the Protocol's shape
        return 0

    def linked_by(self, domain: str) -> int:  # noqa: ARG002
        return 0

    def verdict(self, domain: str) -> str:  # noqa: ARG002
        return ""

    def loading(self, domain: str) -> Loading:  # noqa: ARG002
        return Loading()


@dataclass(frozen=True, slots=True)
class Context:
    """What a judgement may know besides the page. `today` is the day that dates are judged against."""

    site: Site
    today: date
    campaign: str = ""
    fleet: Fleet = field(default_factory=NoFleet)


@dataclass(frozen=True, slots=True)
class Directory:
    """What a visit saw of the pages of one directory, those of its subdirectories aside.

    `address` is host and path up to the last slash. Of `pages` that were inspected `faulty` carry findings that a detector `builds_on`; of
    these are `samples`, the shortest addresses, `words`, the most frequent ones, and `first_seen`.
    """

    address: str
    pages: int = 0
    faulty: int = 0
    samples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class SiteView:
    """What a finished visit saw of a whole site: its columns, its directories, and how much of it was read.

    There are directories only where one has a faulty page, and then as many as the frontier tells apart. `scripts` is a sample.
    """

    site: Site
    columns: tuple[Column, ...] = ()
    pages: int = 0
    complete: bool = True
    directories: tuple[Directory, ...] = ()
    scripts: ScriptHosts = field(default_factory=ScriptHosts)


class Gate(Protocol):
    """A quick question about a page, answered without the dear ones."""

    def __call__(self, page: Page) -> bool: ...


class Detector:
    """Judges a page (`inspect`) or, once all pages of a site are in, the site (`conclude`). It holds no state.

    `builds_on` are ids of detectors of pages whose findings `conclude` is shown by directory. `gate` says of a page whether `inspect` can
    find anything there at all: many detectors may share one, which is then asked once a page.
    """

    id: ClassVar[str]
    version: ClassVar[int] = 1
    title: ClassVar[str]
    category: ClassVar[Category]
    severity: ClassVar[Severity] = Severity.MEDIUM
    confidence: ClassVar[Confidence] = Confidence.MEDIUM
    indicators: ClassVar[tuple[str, ...]] = ()
    builds_on: ClassVar[tuple[str, ...]] = ()
    gate: ClassVar[Gate | None] = None
    flagged: ClassVar[tuple[Example, ...]] = ()
    clean: ClassVar[tuple[Example, ...]] = ()
    misses: ClassVar[tuple[Example, ...]] = ()

    def inspect(self, page: Page, context: Context) -> Iterable[Finding]:  # noqa: ARG002 - the shape of a judgement
        return ()

    def conclude(self, view: SiteView, context: Context) -> Iterable[Finding]:  # noqa: ARG002
        return ()

    @property
    def rule(self) -> Rule:
        return Rule(self.id, self.version, self.title)

    def finding(
        self,
        url: str,
        subject: str,
        evidence: str | Masked,
        *,
        reason: str = "",
        target: str = "",
        locator: str = "",
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        title: str = "",
        rule: Rule | None = None,
        extra: Mapping[str, Masked | int | float | bool] | None = None,
    ) -> Finding:
        """A finding of this detector; every text goes through the mask on its way in."""
        return Finding(
            rule=rule or self.rule,
            category=self.category,
            severity=severity or self.severity,
            confidence=confidence or self.confidence,
            title=mask.text(title or self.title),
            url=mask.url(url),
            subject=subject,
            evidence=Evidence(
                snippet=mask.text(evidence),
                locator=mask.text(locator),
                target=(mask.url(target) if "://" in target else mask.text(target)) if target else None,
                reason=mask.text(reason) if reason else None,
                extra=extra or {},
            ),
            indicators=self.indicators,
        )
