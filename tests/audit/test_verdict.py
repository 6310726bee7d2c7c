"""Verdicts on both sides of every limit of both indicator sets."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from govcrawl.audit.indicators import Operator
from govcrawl.audit.reading import BUILT_IN, built_in
from govcrawl.audit.ruling import Outcome
from govcrawl.audit.verdict import Verdict, Word, judge
from govcrawl.detectors.stale_columns.intervals import intervals
from govcrawl.findings.model import Category, Confidence, Severity, State
from govcrawl.sites.model import ColumnClass
from tests.audit.sites import HOST, TODAY, blank, column, home, record, report, site, undated, unread

RULES = built_in("2019")
OLD_RULES = built_in("2015")
TWO_WEEKS, SIX_MONTHS, YEAR = date(2025, 8, 17), date(2025, 2, 28), date(2024, 8, 31)
DAY = timedelta(days=1)


def verdict(*columns, rules=RULES, **changed) -> Verdict:
    return judge(site(*columns, **changed), rules)


def outcome(judged: Verdict, name: str) -> Outcome:
    return next(one.outcome for one in judged.rulings if one.indicator.id == name)


def news(number: int, newest: date):
    return [column(ColumnClass.NEWS, f"dt{n}", newest) for n in range(number)]


def yearly(number: int, newest: date):
    return [column(ColumnClass.YEARLY, f"gh{n}", newest) for n in range(number)]


def test_a_site_that_is_kept_up_passes_and_what_a_person_must_decide_is_named():
    judged = verdict(*news(8, TODAY))
    assert judged.word is Word.PASS
    assert {one.indicator.id for one in judged.having(Outcome.NOT_JUDGED)} == {"V1", "V2", "V5a", "V5b", "V6a", "V6b"}


@pytest.mark.parametrize(
    ("columns", "word", "vetoes"),
    [
        (news(5, TWO_WEEKS), Word.PASS, ()),
        (news(5, TWO_WEEKS - DAY), Word.FAIL, ("V4a",)),
        (news(4, TWO_WEEKS - DAY), Word.PASS, ()),
        ([*news(4, TWO_WEEKS - DAY), column(ColumnClass.NOTICE, "tz", SIX_MONTHS)], Word.PASS, ()),
        ([*news(4, TWO_WEEKS - DAY), column(ColumnClass.NOTICE, "tz", SIX_MONTHS - DAY)], Word.FAIL, ("V4a",)),
        ([*news(4, TWO_WEEKS - DAY), column(ColumnClass.POLICY, "zc", SIX_MONTHS - DAY)], Word.FAIL, ("V4a",)),
        ([*news(4, TWO_WEEKS - DAY), column(ColumnClass.NOTICE, "tz", YEAR, first_level=False)], Word.PASS, ()),
        ([*news(4, TWO_WEEKS - DAY), column(ColumnClass.POLICY, "jd", YEAR, name="政策解读")], Word.PASS, ()),
        ([*news(4, TWO_WEEKS - DAY), column(ColumnClass.NEWS, "ls", YEAR, name="历史专题动态")], Word.PASS, ()),
        (yearly(10, YEAR), Word.PASS, ()),
        (yearly(10, YEAR - DAY), Word.FAIL, ("V4b",)),
        (yearly(9, YEAR - DAY), Word.PASS, ()),
        ([*yearly(9, YEAR - DAY), column(ColumnClass.NOTICE, "tz", SIX_MONTHS - DAY, first_level=False)], Word.FAIL, ("V4b",)),
        ([blank(f"b{n}") for n in range(4)], Word.PASS, ()),
        ([blank(f"b{n}") for n in range(5)], Word.FAIL, ("V4c",)),
        ([blank(f"b{n}", ColumnClass.SERVICE) for n in range(5)], Word.PASS, ()),
        ([blank(f"b{n}", ColumnClass.STATIC) for n in range(5)], Word.FAIL, ("V4c",)),
        ([home(TWO_WEEKS), *news(1, TODAY)], Word.PASS, ()),
        ([home(TWO_WEEKS - DAY)], Word.FAIL, ("V3",)),
        ([home(TWO_WEEKS - DAY), *news(5, TWO_WEEKS - DAY)], Word.FAIL, ("V3", "V4a")),
    ],
)
def test_the_line_falls_between_two_neighbours(columns, word, vetoes):
    judged = verdict(*columns)
    assert (judged.word, judged.vetoes) == (word, vetoes)


@pytest.mark.parametrize(
    ("indicator", "holds", "falls"),
    [("V3", 0, 1), ("V4a", 4, 5), ("V4b", 9, 10), ("V4c", 4, 5), ("V2", 4.99, 5), ("V5b", 3, 3.01)],
)
def test_at_least_and_more_than_are_told_apart(indicator, holds, falls):
    one = next(one for one in RULES.indicators if one.id == indicator)
    assert (one.reached(holds), one.reached(falls)) == (False, True)
    assert one.operator is (Operator.MORE_THAN if indicator == "V5b" else Operator.AT_LEAST)


def test_the_older_table_counts_a_list_without_days_and_notices_at_any_level():
    nameless = [undated(ColumnClass.NEWS, f"dt{n}") for n in range(4)]
    deep = column(ColumnClass.NOTICE, "tz", YEAR, first_level=False)
    assert verdict(*nameless, deep, rules=OLD_RULES).vetoes == ("P3a",)
    assert verdict(*nameless, deep).word is Word.PASS


def test_what_could_not_be_read_may_reach_the_limit_and_then_nothing_is_decided():
    judged = verdict(*news(3, TWO_WEEKS - DAY), *[unread(ColumnClass.NEWS, f"js{n}") for n in range(2)])
    assert judged.word is Word.CANNOT_JUDGE
    (open_one,) = judged.having(Outcome.UNDECIDED)
    assert (open_one.indicator.id, open_one.value, open_one.most) == ("V4a", 3, 5)
    assert {instance.why for instance in open_one.open} == {"the list is filled by script"}
    assert verdict(*news(2, TWO_WEEKS - DAY), *[unread(ColumnClass.NEWS, f"js{n}") for n in range(2)]).word is Word.PASS


def test_a_site_read_in_part_may_fail_and_cannot_pass():
    assert verdict(*news(5, YEAR), state="partial", reason="budget").vetoes == ("V4a",)
    judged = verdict(*news(5, TODAY), state="partial", reason="budget")
    assert judged.word is Word.CANNOT_JUDGE
    assert "read in part (budget)" in next(iter(judged.having(Outcome.UNDECIDED))).missing


def test_a_site_of_which_only_the_home_page_was_recognised_is_not_judged():
    judged = verdict(home())
    assert judged.word is Word.CANNOT_JUDGE
    assert {one.missing for one in judged.having(Outcome.UNDECIDED)} == {"no column was recognised on the site"}


def test_a_site_that_could_not_be_reached_is_not_judged():
    judged = judge(replace(site(state="failed", reason="dns", pages=0), cases=()), RULES)
    assert judged.word is Word.CANNOT_JUDGE
    assert all(one.value is None for one in judged.having(Outcome.UNDECIDED))


def test_a_grave_candidate_waits_for_a_person_and_a_slight_one_does_not():
    waiting = verdict(*news(1, TODAY), findings=(record(f"{HOST}/a"),))
    assert (waiting.word, outcome(waiting, "V1")) == (Word.CANNOT_JUDGE, Outcome.REVIEW)
    for slight in (
        record(f"{HOST}/a", severity=Severity.MEDIUM),
        record(f"{HOST}/a", confidence=Confidence.LOW),
        record(f"{HOST}/a", indicators=()),
        record(f"{HOST}/a", state=State.IGNORED),
        record(f"{HOST}/a", state=State.RESOLVED),
    ):
        assert verdict(*news(1, TODAY), findings=(slight,)).word is Word.PASS


def test_a_confirmed_candidate_fails_the_site():
    assert verdict(findings=(record(f"{HOST}/a", state=State.CONFIRMED),)).vetoes == ("V1",)


def test_a_column_that_a_person_found_in_order_is_not_counted():
    old = news(5, YEAR)
    ignored = record(old[0].url, Category.STALE_COLUMN, State.IGNORED, indicators=("V4a",))
    assert verdict(*old, findings=(ignored,)).word is Word.PASS
    empty = [blank(f"b{n}") for n in range(5)]
    ignored = record(empty[0].url, Category.BLANK_COLUMN, State.IGNORED, indicators=("V4c",))
    assert verdict(*empty, findings=(ignored,)).word is Word.PASS


def test_one_column_at_two_addresses_counts_once():
    old = news(4, YEAR)
    twin = replace(old[0], url=f"{old[0].url}index.html")
    elsewhere = replace(old[1], url=f"{HOST}/other/")
    assert verdict(*old, twin, elsewhere).word is Word.PASS


def test_a_home_page_of_navigation_stands_and_falls_with_what_is_below_it():
    assert verdict(home(None), *news(2, TWO_WEEKS)).word is Word.PASS
    assert verdict(home(None), *news(2, TWO_WEEKS - DAY)).vetoes == ("V3",)
    open_one = verdict(home(None), *news(2, TWO_WEEKS - DAY), unread(ColumnClass.NEWS, "js"))
    assert outcome(open_one, "V3") is Outcome.UNDECIDED
    assert outcome(verdict(home(None), *news(1, YEAR), state="partial"), "V3") is Outcome.UNDECIDED
    assert outcome(verdict(home(None), *news(1, TODAY), state="partial"), "V3") is Outcome.HELD


def test_an_indicator_whose_words_nobody_read_fails_no_site():
    unsure = replace(RULES, indicators=tuple(replace(one, verified=False) for one in RULES.indicators))
    judged = verdict(*news(5, YEAR), rules=unsure)
    assert (judged.word, outcome(judged, "V4a")) == (Word.CANNOT_JUDGE, Outcome.REVIEW)


def test_an_earlier_day_of_judgement_does_not_see_what_came_after_it():
    busy = column(ColumnClass.NEWS, "dt", TODAY, item_dates=(TODAY, YEAR))
    columns = [busy, *news(5, YEAR)[1:]]
    assert verdict(*columns).word is Word.PASS
    assert verdict(home(YEAR), *columns, day=TODAY - 30 * DAY).vetoes == ("V3", "V4a")


def test_a_later_day_of_judgement_does_not_condemn_what_was_in_time_when_it_was_seen():
    judged = verdict(*news(5, TODAY), day=TODAY + 30 * DAY)
    assert judged.word is Word.CANNOT_JUDGE
    assert "visit it again" in next(iter(judged.having(Outcome.UNDECIDED))).reason


def test_a_week_of_probes_decides_and_fewer_do_not():
    def judged(failed: int, number: int) -> Outcome:
        shut = [report(f"c{n}", state="failed" if n < failed else "complete", reason="timeout") for n in range(number)]
        return outcome(judge(replace(site(), reports=tuple(shut)), RULES), "V2")

    assert judged(7, 140) is Outcome.FELL
    assert judged(6, 140) is Outcome.HELD
    assert judged(139, 139) is Outcome.NOT_JUDGED


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_windows_of_the_sets_are_those_of_the_detectors(name):
    for one in built_in(name).indicators:
        for window in one.counting:
            for column_class in window.classes:
                limit = intervals()[column_class]
                assert (limit.days, limit.months) == (window.days, window.months)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_indicator_says_where_it_stands(name):
    rules = built_in(name)
    assert all(one.document == rules.document and one.source and one.text and one.unit for one in rules.indicators)


def test_a_class_that_only_the_entries_tell_may_count_and_fails_no_site():
    told, guessed = news(4, TWO_WEEKS - DAY), column(ColumnClass.NEWS, "yx", TWO_WEEKS - DAY, class_from="behaviour")
    ruling = next(one for one in verdict(*told, guessed).rulings if one.indicator.id == "V4a")
    assert (ruling.value, ruling.most, ruling.outcome) == (4, 5, Outcome.UNDECIDED)
    assert "nothing but its entries tells its class: NEWS" in ruling.open[0].why
    assert verdict(*told, replace(guessed, class_from="override")).word is Word.FAIL
