"""Home pages on which nothing is newer than two weeks."""

from collections.abc import Iterator
from datetime import date

from govcrawl.detectors.base import Context, Detector, Example, SiteView
from govcrawl.detectors.stale_columns.intervals import intervals
from govcrawl.detectors.stale_columns.sureness import confidence_in
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.trust import trust_of
from govcrawl.sites.model import Column, ColumnClass

_ROW = '<li><a href="/art/{n}.html">关于{n}号工作情况的报道</a><span>{day}</span></li>'
_MENU = '<a href="/zwgk/">政务公开</a><a href="/wsbs/">网上办事</a><a href="/hdjl/">互动交流</a>'


def _home(*days: str) -> str:
    rows = "".join(_ROW.format(n=n, day=day) for n, day in enumerate(days))
    return f'<title>青山县人民政府</title>{_MENU}<div class="box"><h2>政务要闻</h2><ul>{rows}</ul></div>'


class StaleHome(Detector):
    """A home page of navigation only is judged by all columns below it, and only where the whole site was read."""

    id = "stale-columns/home"
    title = "Home page not updated for two weeks"
    category = Category.STALE_COLUMN
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V3",)
    flagged = (
        Example(_home("2025-11-05", "2025-11-01", "2025-10-20"), "nothing for 15 days"),
        Example(_home("2024-05-01", "2024-04-11", "2024-03-11"), "nothing for a year and a half"),
        Example(_home("2025-11-05", "2025-11-01") + "<div>今天是2025年11月20日 星期四</div>", "the clock of the page is no news"),
    )
    clean = (
        Example(_home("2025-11-06", "2025-11-01", "2025-10-20"), "exactly two weeks"),
        Example(
            _home("2025-09-01") + '<ul><li><a href="/n.html">通知公告里的一条新通知</a>[11-19]</li></ul>',
            "one list of several is fresh",
        ),
        Example(f"<title>青山县人民政府</title>{_MENU}", "navigation only, and no column was seen"),
    )

    def conclude(self, view: SiteView, context: Context) -> Iterator[Finding]:
        home = next((column for column in view.columns if column.column_class is ColumnClass.HOME), None)
        if home is None:
            return
        shown = home if home.newest else _newest(view)
        limit = intervals()[ColumnClass.HOME]
        if shown and shown.newest and shown.newest < limit.oldest(context.today):
            yield self._finding(home, shown, context.today)

    def _finding(self, home: Column, shown: Column, today: date) -> Finding:
        limit = intervals()[ColumnClass.HOME]
        newest = shown.newest or today
        where = "home page" if shown is home else "site, whose home page shows no entries"
        return self.finding(
            home.url,
            subject=home.url,
            evidence=f"首页: {newest} {shown.newest_title}",
            target=shown.newest_url,
            reason=f"the newest item of the {where} is {(today - newest).days} days old; it must change within {limit.words} ({limit.document})",
            locator=shown.newest_from,
            confidence=confidence_in(shown, self.confidence),
            extra={
                "column": mask.text("首页"),
                "newest": mask.text(newest.isoformat()),
                "date_confidence": trust_of(shown.newest_from),
                "days_over": (limit.oldest(today) - newest).days,
                "indicator": mask.text(limit.indicator),
            },
        )


def _newest(view: SiteView) -> Column | None:
    """The column with the newest item; None unless the whole site was read and each of its lists could be."""
    if not view.complete or any(not column.inspected for column in view.columns if column.column_class is not ColumnClass.HOME):
        return None
    dated = [column for column in view.columns if column.newest]
    return max(dated, key=lambda column: column.newest or date.min, default=None)
