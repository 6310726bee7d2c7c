"""Columns whose newest item is older than their class allows."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example, SiteView
from govcrawl.detectors.stale_columns.intervals import Interval, intervals
from govcrawl.detectors.stale_columns.sureness import confidence_in
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.behaviour import BEHAVIOUR
from govcrawl.page.trust import trust_of
from govcrawl.sites.model import Column, ColumnClass
from govcrawl.sites.whole import NO_OLDER

_ROW = '<li><a href="/art/{n}.html">关于{n}号工作情况的报道</a><span>{day}</span></li>'


def _page(name: str, *days: str, column_type: str = "") -> str:
    rows = "".join(_ROW.format(n=n, day=day) for n, day in enumerate(days))
    return (
        f'<meta name="ColumnName" content="{name}"><meta name="ColumnType" content="{column_type}"><title>{name}</title>'
        f'<div>当前位置：首页 &gt; {name}</div><ul class="list">{rows}</ul>'
    )


_AT = "http://www.qingshan.gov.cn/zwgk/lanmu/"


class StaleColumn(Detector):
    """Only columns of a known class with dated items are judged; an undated or unread list is neither fresh nor stale here."""

    id = "stale-columns/stale"
    title = "Column not updated within its interval"
    category = Category.STALE_COLUMN
    severity, confidence = Severity.MEDIUM, Confidence.HIGH
    indicators = ("V4a", "V4b")
    flagged = (
        Example(
            _page("工作动态", "2025-11-05", "2025-11-01", "2025-10-20", "2025-10-11", "2025-10-01"),
            "news of 15 days ago",
            url=_AT,
        ),
        Example(
            _page("通知公告", "2025-05-19", "2025-05-01", "2025-04-20", "2025-04-11", "2025-04-01"),
            "a day over six months",
            url=_AT,
        ),
        Example(
            _page("工作动态", "2099-01-01", "2024-02-03", "2024-02-01", "2024-01-30", "2024-01-20"),
            "a day of the future saves nothing",
            url=_AT,
        ),
    )
    clean = (
        Example(
            _page("工作动态", "2025-11-06", "2025-11-01", "2025-10-20", "2025-10-11", "2025-10-01"), "exactly two weeks", url=_AT
        ),
        Example(
            _page("通知公告", "2025-05-20", "2025-05-01", "2025-04-20", "2025-04-11", "2025-04-01"), "exactly six months", url=_AT
        ),
        Example(
            _page("领导信息", "2019-01-01", "2018-05-01", "2018-04-20", "2018-04-11", "2018-04-01"),
            "a column that stands still",
            url=_AT,
        ),
        Example(
            _page("工作动态", "2019-01-01", "2018-05-01", "2018-04-20", "2018-04-11", "2018-04-01"),
            "old news stand on later pages of a list",
            url=f"{_AT}index_7.html",
        ),
        Example(
            _page("工作动态", "2024-01-01", "2024-01-05", "2024-02-01", "2024-02-03", "2024-03-01"),
            "a list from old to new, whose newest entries stand on its last page",
            url=_AT,
            others={
                f"{_AT}index_3.html": _page("工作动态", "2025-10-01", "2025-10-11", "2025-10-20", "2025-11-01", "2025-11-18")
            },
        ),
    )

    def conclude(self, view: SiteView, context: Context) -> Iterator[Finding]:
        for column in view.columns:
            if column.column_class is None or column.column_class is ColumnClass.HOME:
                continue
            interval = intervals().get(column.column_class)
            known = column.inspected and column.reason not in NO_OLDER
            if interval and known and column.newest and column.newest < interval.oldest(context.today):
                yield self._finding(column, interval, context)

    def _finding(self, column: Column, interval: Interval, context: Context) -> Finding:
        newest = column.newest or context.today
        over = f"newest item is {(context.today - newest).days} days old; {column.column_class} must change within {interval.words} ({interval.document})"
        guessed = "nothing but its entries tells its class" if column.class_from == BEHAVIOUR else ""
        return self.finding(
            column.url,
            subject=column.url,
            evidence=f"{column.name}: {newest} {column.newest_title}".rstrip(),
            target=column.newest_url,
            reason="; ".join(filter(None, (over, guessed, column.reason))),
            locator=column.newest_from,
            confidence=confidence_in(column, self.confidence),
            extra={
                "column": mask.text(column.name),
                "column_class": mask.text(str(column.column_class)),
                "class_from": mask.text(column.class_from),
                "newest": mask.text(newest.isoformat()),
                "date_confidence": trust_of(column.newest_from),
                "days_over": (interval.oldest(context.today) - newest).days,
                "items": column.items,
                "first_level": column.first_level,
                "indicator": mask.text(interval.indicator),
            },
        )
