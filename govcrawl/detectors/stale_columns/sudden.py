"""Columns filled in one day after a long silence."""

from collections.abc import Iterator
from datetime import date

from govcrawl.detectors.base import Context, Detector, Example, SiteView
from govcrawl.detectors.stale_columns.intervals import intervals
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.sites.model import Column, ColumnClass

_ROW = '<li><a href="/art/{n}.html">关于{n}号工作情况的报道</a><span>{day}</span></li>'
_AT = "http://www.qingshan.gov.cn/zwgk/lanmu/"
_BURST = 5  # 5 items all on one day: 四川 2017 (domain: 3.4 突击更新)


def _page(name: str, *days: str) -> str:
    rows = "".join(_ROW.format(n=n, day=day) for n, day in enumerate(days))
    return f'<meta name="ColumnName" content="{name}"><title>{name}</title><ul class="list">{rows}</ul>'


class SuddenUpdate(Detector):
    """Filling a column before the inspectors come is no fault by itself: a person must look at what was published."""

    id = "stale-columns/sudden"
    title = "Column filled in one day after a long silence"
    category = Category.STALE_COLUMN
    severity, confidence = Severity.LOW, Confidence.LOW
    indicators = ("V1",)
    flagged = (
        Example(
            _page("工作动态", *["2025-11-18"] * 5, "2025-08-02", "2025-07-11"), "five items in a day after 108 days", url=_AT
        ),
        Example(_page("通知公告", *["2025-11-01"] * 6, "2024-12-30"), "six items in a day after ten months", url=_AT),
    )
    clean = (
        Example(
            _page("工作动态", *["2025-11-18"] * 5, "2025-11-10", "2025-11-02"), "a busy day in a column that is kept up", url=_AT
        ),
        Example(_page("工作动态", *["2025-11-18"] * 4, "2025-08-02", "2025-07-11"), "four items are no burst", url=_AT),
        Example(_page("通知公告", *["2025-11-18"] * 8), "a list of one day tells of no silence before it", url=_AT),
        Example(_page("领导信息", *["2025-11-18"] * 8, "2021-08-02"), "a column without an interval", url=_AT),
    )

    def conclude(self, view: SiteView, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        for column in view.columns:
            interval = intervals().get(column.column_class) if column.column_class else None
            days = sorted(column.item_dates, reverse=True)
            burst = days.count(days[0]) if days and column.column_class is not ColumnClass.HOME else 0
            if interval and burst >= _BURST and burst < len(days) and days[burst] < interval.oldest(days[0]):
                yield self._finding(column, burst, days[0], days[burst])

    def _finding(self, column: Column, burst: int, day: date, before: date) -> Finding:
        return self.finding(
            column.url,
            subject=column.url,
            evidence=f"{column.name}: {burst} items of {day}, the one before of {before}",
            reason=f"{burst} items carry one day after {(day - before).days} days without any; published in one go, or dated back",
            extra={"column": mask.text(column.name), "items": burst, "silent_days": (day - before).days},
        )
