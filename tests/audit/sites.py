"""Hand-made sites as a store would hold them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from govcrawl.audit.dossier import Dossier, dossier
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Record, Rule, Severity, SiteLabel, State
from govcrawl.page.columns import NO_NEWS_AT_HOME, UNDATED
from govcrawl.sites.model import Column, ColumnClass
from govcrawl.store.protocol import ColumnRecord, SiteReport

TODAY = date(2025, 8, 31)
HOST = "http://www.qingshan.gov.cn"
SITE = SiteLabel("9900010001", "青山县人民政府")


def at(day: date) -> datetime:
    return datetime.combine(day, time(4), UTC)  # noon in China


def report(campaign: str = "now", day: date = TODAY, **changed: object) -> SiteReport:
    made = SiteReport(SITE, f"{HOST}/", campaign, "complete", "", 30, 0, at(day) + timedelta(hours=1))
    return replace(made, **changed)


def column(column_class: ColumnClass | None, slug: str, newest: date | None = None, **facts: object) -> Column:
    known = {"name": slug, "items": 10, "first_level": True} | facts
    if newest is not None:
        known |= {"newest_url": f"{HOST}/{slug}/{newest}.html", "dated_items": 10}
    return Column(f"{HOST}/{slug}/", column_class=column_class, newest=newest, **known)


def home(newest: date | None = TODAY, **facts: object) -> Column:
    seen = column(ColumnClass.HOME, "home", newest, **{"name": "首页", "first_level": False} | facts)
    return replace(seen, url=f"{HOST}/") if newest else replace(seen, url=f"{HOST}/", inspected=False, reason=NO_NEWS_AT_HOME)


def blank(slug: str, column_class: ColumnClass | None = None) -> Column:
    return column(column_class, slug, items=0, placeholder="暂无内容")


def undated(column_class: ColumnClass, slug: str, top: str = "a", items: int = 10) -> Column:
    return column(column_class, slug, items=items, reason=UNDATED, newest_title=top, newest_url=f"{HOST}/{slug}/{top}.html")


def unread(column_class: ColumnClass, slug: str) -> Column:
    return column(column_class, slug, items=0, inspected=False, reason="the list is filled by script")


def visits(columns: list[Column], campaign: str = "now", day: date = TODAY) -> list[ColumnRecord]:
    return [ColumnRecord(SITE.id, campaign, at(day), one) for one in columns]


def site(*columns: Column, findings: tuple[Record, ...] = (), day: date | None = None, **changed: object) -> Dossier:
    """One visit of a site, today, with a fresh home page unless one is given."""
    shown = list(columns) if any(one.column_class is ColumnClass.HOME for one in columns) else [home(), *columns]
    return dossier(report(**changed), visits(shown), findings, [report(**changed)], day)


def record(  # noqa: PLR0917 - a test names what it varies
    url: str,
    category: Category = Category.DARK_LINK,
    state: State = State.OPEN,
    severity: Severity = Severity.HIGH,
    confidence: Confidence = Confidence.HIGH,
    indicators: tuple[str, ...] = ("V1",),
) -> Record:
    finding = Finding(
        Rule("made/up", 1, "made up"), category, severity, confidence, "A fault", url, url, Evidence(mask.text("x")), indicators
    )
    return Record(finding.identity(SITE.id), finding, SITE, state, at(TODAY), at(TODAY), "now")
