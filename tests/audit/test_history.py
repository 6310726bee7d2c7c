"""Windows measured over what several visits stored."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from govcrawl.audit.dossier import dossier
from govcrawl.audit.indicators import Undated, Window
from govcrawl.audit.standing import Standing, stand
from govcrawl.sites.model import ColumnClass
from tests.audit.sites import HOST, TODAY, column, report, undated, visits

FORTNIGHT = Window(frozenset({ColumnClass.NEWS}), days=14)


def stood(*seen, day: date | None = None, policy: Undated = Undated.UNKNOWN):
    """Each of `seen` is the days before today of a visit and the column that it saw, the last one the campaign that is judged."""
    rows = []
    for number, (ago, shown) in enumerate(seen):
        campaign = "now" if number == len(seen) - 1 else f"c{number}"
        rows += visits([shown], campaign, TODAY - timedelta(days=ago))
    (case,) = dossier(report(), rows).cases
    return stand(case, FORTNIGHT, day or TODAY, policy)


def test_a_list_without_days_needs_a_second_visit_and_says_when():
    found = stood((0, undated(ColumnClass.NEWS, "dt")))
    assert found.standing is Standing.UNKNOWN
    assert "on or after 2025-09-14, 1 stored" in found.why


@pytest.mark.parametrize(("ago", "standing"), [(13, Standing.UNKNOWN), (14, Standing.STALE), (60, Standing.STALE)])
def test_the_same_entries_for_the_whole_window_are_no_update(ago, standing):
    same = undated(ColumnClass.NEWS, "dt")
    assert stood((ago, same), (7, same), (0, same)).standing is standing


@pytest.mark.parametrize(
    ("before", "after", "standing"),
    [(14, 0, Standing.FRESH), (15, 14, Standing.UNKNOWN), (30, 15, Standing.STALE), (30, 3, Standing.UNKNOWN)],
)
def test_entries_that_changed_between_two_visits_were_updated_between_them(before, after, standing):
    old, new = undated(ColumnClass.NEWS, "dt", "a"), undated(ColumnClass.NEWS, "dt", "b")
    seen = [(before, old), (after, new)] + ([(0, new)] if after else [])
    assert stood(*seen).standing is standing


def test_the_older_table_counts_a_list_without_days_at_once():
    assert stood((0, undated(ColumnClass.NEWS, "dt")), policy=Undated.STALE).standing is Standing.STALE


def test_an_entry_that_was_withdrawn_since_was_an_update():
    fresh = column(ColumnClass.NEWS, "dt", TODAY - timedelta(days=12))
    old = column(ColumnClass.NEWS, "dt", TODAY - timedelta(days=90))
    assert stood((10, fresh), (0, old)).standing is Standing.FRESH
    assert stood((0, old)).standing is Standing.STALE
    assert stood((40, column(ColumnClass.NEWS, "dt", TODAY - timedelta(days=41))), (0, old)).standing is Standing.STALE


def test_a_campaign_that_was_told_the_day_saw_everything_on_that_day():
    later = TODAY + timedelta(days=400)
    rows = visits([undated(ColumnClass.NEWS, "dt")], "c0", later) + visits([undated(ColumnClass.NEWS, "dt")], "now", later)
    told = [report("c0", later, today=TODAY - timedelta(days=20)), report("now", later, today=TODAY)]
    (case,) = dossier(told[1], rows, reports=told).cases
    found = stand(case, FORTNIGHT, TODAY, Undated.UNKNOWN)
    assert found.standing is Standing.STALE
    assert "2025-08-11" in found.why


def test_a_list_whose_later_page_shows_days_is_fresh_by_them_and_never_stale():
    bare = undated(ColumnClass.NEWS, "dt")

    def with_second(newest):
        second = replace(
            column(None, "dt", newest), url=f"{HOST}/dt/index_2.html", part_of=f"{HOST}/dt/index.html", item_dates=(newest,)
        )
        (case,) = dossier(report(), visits([bare, second])).cases
        assert case.column.pages == (bare.url, second.url)
        return stand(case, FORTNIGHT, TODAY, Undated.UNKNOWN)

    assert with_second(TODAY - timedelta(days=14)).standing is Standing.FRESH
    found = with_second(TODAY - timedelta(days=15))
    assert (found.standing, "no entry carries a day" in found.why) == (Standing.UNKNOWN, True)


def test_a_later_page_is_of_the_visit_that_saw_it():
    first = column(ColumnClass.NEWS, "dt", TODAY - timedelta(days=30))
    second = replace(column(None, "dt", TODAY), url=f"{HOST}/dt/index_2.html", part_of=f"{HOST}/dt/")
    told = dossier(report(), [*visits([first, second], "before", TODAY - timedelta(days=1)), *visits([first])])
    assert [visit.column.newest for visit in told.cases[0].visits] == [TODAY, TODAY - timedelta(days=30)]


def test_a_later_page_that_one_visit_did_not_see_is_no_change_of_the_entries():
    bare = undated(ColumnClass.NEWS, "dt")
    old = TODAY - timedelta(days=90)
    second = replace(column(None, "dt", old), url=f"{HOST}/dt/index_2.html", part_of=f"{HOST}/dt/")
    rows = [*visits([bare, second], "before", TODAY - timedelta(days=10)), *visits([bare])]
    (case,) = dossier(report(), rows).cases
    assert stand(case, FORTNIGHT, TODAY, Undated.UNKNOWN).standing is Standing.UNKNOWN
