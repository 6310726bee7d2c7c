"""Stale and blank columns, judged by hand-made columns on both sides of each limit."""

from datetime import date, timedelta

import pytest

from govcrawl.detectors.base import Context, SiteView
from govcrawl.detectors.stale_columns.blank import BlankColumn
from govcrawl.detectors.stale_columns.home import StaleHome
from govcrawl.detectors.stale_columns.intervals import intervals, months_before
from govcrawl.detectors.stale_columns.stale import StaleColumn
from govcrawl.detectors.stale_columns.sudden import SuddenUpdate
from govcrawl.findings.model import Confidence
from govcrawl.sites.model import Column, ColumnClass, Site

TODAY = date(2025, 8, 31)
SITE = Site("s", "http://www.qingshan.gov.cn/")


def said(detector, *columns, complete=True, today=TODAY):
    return list(detector.conclude(SiteView(SITE, columns, complete=complete), Context(SITE, today)))


def column(column_class, newest=None, **facts):
    return Column(f"http://www.qingshan.gov.cn/{column_class}/", "栏目", column_class, items=5, newest=newest, **facts)


LIMITS = {
    ColumnClass.NEWS: date(2025, 8, 17),
    ColumnClass.NOTICE: date(2025, 2, 28),
    ColumnClass.POLICY: date(2025, 2, 28),
    ColumnClass.YEARLY: date(2024, 8, 31),
    ColumnClass.INTERACT_EVENT: date(2024, 8, 31),
}


@pytest.mark.parametrize(("column_class", "limit"), LIMITS.items())
def test_the_last_day_in_time_is_fresh_and_the_day_before_is_stale(column_class, limit):
    assert said(StaleColumn(), column(column_class, limit)) == []
    (finding,) = said(StaleColumn(), column(column_class, limit - timedelta(days=1)))
    assert finding.evidence.extra["days_over"] == 1
    assert intervals()[column_class].document in finding.evidence.reason


@pytest.mark.parametrize("column_class", [*(one for one in ColumnClass if one not in LIMITS), None])
def test_other_classes_have_no_interval(column_class):
    assert said(StaleColumn(), column(column_class, date(2001, 1, 1))) == []


def test_what_was_not_read_or_not_dated_is_not_judged():
    assert said(StaleColumn(), column(ColumnClass.NEWS), column(ColumnClass.NEWS, date(2001, 1, 1), inspected=False)) == []


@pytest.mark.parametrize(
    ("source", "confidence"),
    [
        ("item", Confidence.HIGH),
        ("data:publishTime", Confidence.HIGH),
        ("", Confidence.HIGH),
        ("address", Confidence.MEDIUM),
        ("item, year by order", Confidence.MEDIUM),
        ("item, year from its address", Confidence.MEDIUM),
        ("sign-off", Confidence.LOW),
        ("a place that nobody knows", Confidence.LOW),
    ],
)
def test_a_finding_is_as_sure_as_the_place_where_the_day_was_read(source, confidence):
    (finding,) = said(StaleColumn(), column(ColumnClass.NEWS, date(2025, 1, 1), newest_from=source))
    assert finding.confidence is confidence
    (home,) = said(StaleHome(), column(ColumnClass.HOME, date(2025, 1, 1), newest_from=source))
    assert home.confidence is max(confidence, StaleHome.confidence, key=list(Confidence).index)


def test_the_confidence_of_the_day_is_part_of_the_evidence():
    (finding,) = said(StaleColumn(), column(ColumnClass.NEWS, date(2025, 1, 1), newest_from="address"))
    assert finding.evidence.extra["date_confidence"] == 0.85


def test_a_column_of_which_a_day_was_changed_is_less_sure_and_says_why():
    (finding,) = said(StaleColumn(), column(ColumnClass.NEWS, date(2025, 1, 1), newest_from="item", reason="1 entry was changed"))
    assert finding.confidence is Confidence.MEDIUM
    assert finding.evidence.reason.endswith("; 1 entry was changed")


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2025, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, before):
    assert months_before(day, months) == before


def test_a_home_page_is_stale_after_two_weeks():
    assert said(StaleHome(), column(ColumnClass.HOME, date(2025, 8, 17))) == []
    assert len(said(StaleHome(), column(ColumnClass.HOME, date(2025, 8, 16)))) == 1


def test_a_home_page_of_navigation_is_judged_by_all_columns_of_a_whole_site():
    home = column(ColumnClass.HOME, inspected=False)
    old = column(ColumnClass.NEWS, date(2025, 7, 1))
    assert len(said(StaleHome(), home, old)) == 1
    assert said(StaleHome(), home, old, complete=False) == []
    assert said(StaleHome(), home, old, column(ColumnClass.STATIC, date(2025, 8, 30))) == []
    assert said(StaleHome(), home, old, column(ColumnClass.NOTICE, inspected=False)) == []


def test_a_blank_column_is_one_that_was_read_and_shows_no_entry():
    blank = Column("http://www.qingshan.gov.cn/zdxm/", "重点项目", placeholder="暂无内容")
    assert len(said(BlankColumn(), blank)) == 1
    unread = Column("http://www.qingshan.gov.cn/a/", "甲", inspected=False, reason="the list is filled by script")
    filled = Column("http://www.qingshan.gov.cn/b/", "乙", items=1, placeholder="暂无内容")
    service = Column("http://www.qingshan.gov.cn/c/", "办事", ColumnClass.SERVICE, placeholder="暂无内容")
    assert said(BlankColumn(), unread, filled, service) == []


def test_a_burst_counts_only_after_a_silence_longer_than_the_interval():
    burst = (TODAY,) * 5
    assert len(said(SuddenUpdate(), column(ColumnClass.NEWS, TODAY, item_dates=(*burst, date(2025, 8, 16))))) == 1
    assert said(SuddenUpdate(), column(ColumnClass.NEWS, TODAY, item_dates=(*burst, date(2025, 8, 17)))) == []
    assert said(SuddenUpdate(), column(ColumnClass.NEWS, TODAY, item_dates=())) == []


def test_a_class_that_only_the_entries_tell_makes_less_sure_and_is_told():
    (finding,) = said(StaleColumn(), column(ColumnClass.NEWS, date(2025, 8, 1), newest_from="item", class_from="behaviour"))
    assert finding.confidence is Confidence.MEDIUM
    assert "nothing but its entries tells its class" in finding.evidence.reason
    assert finding.evidence.extra["class_from"] == "behaviour"
