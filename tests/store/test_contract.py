"""What every store promises."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from govcrawl.findings import mask
from govcrawl.findings.lifecycle import NotReviewable
from govcrawl.findings.model import Category, Evidence, NotInspected, Review, Rule, Severity, State
from govcrawl.sites.model import Column, ColumnClass
from govcrawl.sites.scripts import ScriptHost, ScriptHosts
from govcrawl.store.protocol import ColumnRecord, FindingQuery, SiteReport
from tests.findings.observed import SITE, after, observation
from tests.store.asked import EVERYTHING, OTHER, conclude, found, only, page


async def test_a_finding_comes_back_as_it_was_seen(store):
    seen = observation()
    await store.record([seen])
    record = await only(store)
    assert record.id == seen.id
    assert record.finding == replace(seen.finding, subject="")
    assert (record.site, record.last_campaign, record.first_seen, record.last_seen) == (SITE, "2026-q1", after(0), after(0))


async def test_one_fault_on_many_pages_is_one_finding(store):
    await store.record([observation(page(number)) for number in range(12)])
    await store.record([observation(page(number)) for number in range(8, 20)])
    record = await only(store)
    assert (record.occurrences, len(record.samples)) == (20, 5)


async def test_the_same_pages_told_again_change_nothing(store):
    seen = [observation(page(number)) for number in range(4)]
    await store.record(seen)
    first = await only(store)
    for _ in range(3):
        await store.record(seen)
        await store.record(seen[2:])
    assert await only(store) == first


async def test_two_subjects_or_two_sites_are_two_findings(store):
    await store.record([observation(), observation(subject="http://lottery.test/"), observation(site=OTHER)])
    assert len(await found(store)) == 3


async def test_the_next_campaign_counts_anew(store):
    await store.record([observation(page(number)) for number in range(3)])
    await store.record([observation(campaign="2026-q2", minutes=90)])
    record = await only(store)
    assert (record.occurrences, record.first_seen, record.last_seen) == (1, after(0), after(90))


async def test_a_complete_crawl_resolves_what_it_did_not_see(store):
    await store.record([observation(), observation(subject="http://lottery.test/"), observation(site=OTHER)])
    await store.record([observation(campaign="2026-q2", minutes=60)])
    assert await conclude(store, "2026-q2", 90) == 1
    states = {(record.site.id, record.state) for record in await found(store)}
    assert states == {(SITE.id, State.OPEN), (SITE.id, State.RESOLVED), (OTHER.id, State.OPEN)}


async def test_a_resolved_finding_is_reopened_when_it_is_back(store):
    await store.record([observation()])
    await conclude(store, "2026-q2", 60)
    assert (await only(store)).resolved_at == after(60)
    await store.record([observation(campaign="2026-q3", minutes=120)])
    record = await only(store)
    assert (record.state, record.resolved_at, record.first_seen) == (State.REOPENED, None, after(0))


async def test_a_sweep_done_twice_resolves_once(store):
    await store.record([observation()])
    assert await conclude(store, "2026-q2", 60) == 1
    assert await conclude(store, "2026-q2", 61) == 0
    assert (await only(store)).resolved_at == after(60)


async def test_a_campaign_that_saw_a_finding_never_resolves_it_even_after_another_saw_it_too(store):
    await store.record([observation()])
    await store.record([observation(campaign="2026-extra", minutes=5)])
    await store.flush()
    assert await conclude(store, "2026-q1", 60) == 0


async def test_what_is_ignored_stays_ignored_on_new_pages_in_new_campaigns_and_through_sweeps(store):
    await store.record([observation()])
    record = await only(store)
    said = Review(State.IGNORED, "王", "their own mirror", after(9))
    await store.review(record.id, said)
    await store.record([observation(campaign="2026-q2", minutes=60), observation(page("new"), campaign="2026-q2", minutes=61)])
    assert await conclude(store, "2026-q3", 90) == 0
    kept = await only(store)
    assert (kept.state, kept.review, kept.occurrences) == (State.IGNORED, said, 2)


async def test_a_review_answers_with_the_reviewed_finding(store):
    await store.record([observation()])
    record = await only(store)
    reviewed = await store.review(record.id[:8], Review(State.CONFIRMED, "王", "", after(9)))
    assert reviewed == await store.finding(record.id)
    assert reviewed.state is State.CONFIRMED


async def test_a_review_of_an_unknown_finding_answers_none_and_one_that_resolves_is_refused(store):
    await store.record([observation()])
    record = await only(store)
    assert await store.review("ffff" * 8, Review(State.CONFIRMED, "王", "", after(9))) is None
    with pytest.raises(NotReviewable):
        await store.review(record.id, Review(State.RESOLVED, "王", "", after(9)))


async def test_a_finding_is_found_by_a_prefix_that_names_only_one(store):
    await store.record([observation(subject=f"http://{number}.test/") for number in range(40)])
    records = await found(store)
    first = records[0]
    assert await store.finding(first.id) == first
    assert await store.finding(first.id[:12]) == first
    shared = next(digit for digit in "0123456789abcdef" if sum(r.id.startswith(digit) for r in records) > 1)
    assert await store.finding(shared) is None
    assert await store.finding("") is None
    assert await store.finding("not-an-id") is None


async def test_findings_come_newest_first_then_by_id(store):
    await store.record([observation(subject=f"http://{number}.test/", minutes=number % 3) for number in range(9)])
    records = await found(store)
    assert records == sorted(records, key=lambda record: (-record.last_seen.timestamp(), record.id))
    assert [r.id for r in await found(store, FindingQuery(limit=4))] == [r.id for r in records[:4]]


async def test_a_listing_reads_past_one_portion(store):
    await store.record([observation(subject=f"http://{number}.test/") for number in range(1203)])
    assert len({record.id for record in await found(store)}) == 1203


@pytest.fixture
async def varied(store):
    """Three findings that differ in everything a filter looks at."""
    stale = {
        "rule": Rule("stale-columns/notice", 1, "Notice column"),
        "category": Category.STALE_COLUMN,
        "severity": Severity.MEDIUM,
        "title": "Column not updated for six months",
        "evidence": Evidence(mask.text("通知公告 最后更新 2025-08-01")),
    }
    await store.record(
        [
            observation(),
            observation(page("tzgg/"), "tzgg", campaign="2026-q2", minutes=60, **stale),
            observation("http://www.other.gov.cn/", site=OTHER, minutes=5),
        ]
    )
    await store.flush()
    return store


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        (FindingQuery(site=SITE.id), 2),
        (FindingQuery(site="另一市人民政府"), 1),
        (FindingQuery(kind="stale_column"), 1),
        (FindingQuery(rule="dark-links/"), 2),
        (FindingQuery(rule="dark-links/hidden-by-style"), 2),
        (FindingQuery(rule="links/hidden"), 0),
        (FindingQuery(severity="critical"), 2),
        (FindingQuery(state="open"), 3),
        (FindingQuery(state="resolved"), 0),
        (FindingQuery(campaign="2026-q2"), 1),
        (FindingQuery(since=after(5)), 2),
        (FindingQuery(organizer="示例市人民政府办公室"), 2),
        (FindingQuery(organizer="示例市"), 2),
        (FindingQuery(organizer="办公室"), 0),
        (FindingQuery(region="示例省"), 2),
        (FindingQuery(region="示例省示例市", kind="stale_column", state="open"), 1),
        (FindingQuery(text="时时彩"), 2),
        (FindingQuery(text="通知公告"), 1),
        (FindingQuery(text="公告通知"), 0),
        (FindingQuery(text="另一市人民政府"), 1),
        (FindingQuery(text="six months"), 1),
        (FindingQuery(text="Hidden By Style"), 2),
        (FindingQuery(site=SITE.id, kind="dark_link", text="时时彩"), 1),
    ],
)
async def test_a_filter_lets_through_what_it_names(varied, query, subjects):
    assert len(await found(varied, query)) == subjects
    assert sum((await varied.count_findings(query)).values()) == subjects


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("category", {"dark_link": 2, "stale_column": 1}),
        ("site", {SITE.id: 2, OTHER.id: 1}),
        ("rule", {"dark-links/hidden-by-style": 2, "stale-columns/notice": 1}),
        ("severity", {"critical": 2, "medium": 1}),
        ("state", {"open": 3}),
        ("organizer", {SITE.organizer: 2, "": 1}),
        ("region", {SITE.region: 2, "": 1}),
    ],
)
async def test_findings_are_counted_by_a_field(varied, by, counts):
    assert await varied.count_findings(EVERYTHING, by) == counts


@pytest.fixture
async def graded(store):
    """Eight findings on two sites, of four gravities, on one to three pages, a minute apart."""
    for number in range(8):
        severity = (Severity.LOW, Severity.CRITICAL, Severity.INFO, Severity.MEDIUM)[number % 4]
        site = (SITE, OTHER)[number % 2]
        pages = [page(f"{number}/{one}") for one in range(1 + number % 3)]
        await store.record([observation(url, str(number), minutes=number, site=site, severity=severity) for url in pages])
    await store.flush()
    return store


_GRAVITY = list(Severity)


@pytest.mark.parametrize(
    ("order", "key"),
    [
        ("newest", lambda record: -record.last_seen.timestamp()),
        ("oldest", lambda record: record.last_seen.timestamp()),
        ("gravest", lambda record: _GRAVITY.index(record.finding.severity)),
        ("site", lambda record: record.site.id),
        ("pages", lambda record: -record.occurrences),
    ],
)
async def test_findings_come_in_the_order_asked_for_and_then_newest_first(graded, order, key):
    newest_first = sorted(await found(graded), key=lambda record: (-record.last_seen.timestamp(), record.id))
    ordered = await found(graded, FindingQuery(order=order))
    assert ordered == sorted(newest_first, key=key)
    assert await found(graded, FindingQuery(order=order, limit=5)) == ordered[:5]


async def test_the_gravest_of_one_severity_are_only_those(graded):
    records = await found(graded, FindingQuery(order="gravest", severity="low"))
    assert [record.finding.severity for record in records] == [Severity.LOW, Severity.LOW]


async def test_a_finding_has_a_history(store):
    await store.record([observation(), observation(page("b"))])
    record = await only(store)
    await store.review(record.id, Review(State.CONFIRMED, "王", "seen", after(9)))
    await conclude(store, "2026-q2", 60)
    await store.record([observation(campaign="2026-q3", minutes=120)])
    await store.flush()
    told = [(event.action, event.campaign, event.by) async for event in store.history(record.id)]
    assert told == [
        ("opened", "2026-q1", ""),
        ("reviewed", "2026-q1", "王"),
        ("resolved", "2026-q2", ""),
        ("reopened", "2026-q3", ""),
    ]


def column(url="http://www.example.gov.cn/tzgg/", campaign="2026-q1", minutes=0.0, **changed):
    facts = {
        "name": "通知公告",
        "column_class": ColumnClass.NOTICE,
        "first_level": True,
        "items": 20,
        "dated_items": 19,
        "newest": date(2026, 2, 27),
        "newest_title": "关于公开征求意见的通知",
        "newest_from": "list",
        "pages": (url,),
        "item_dates": (date(2026, 2, 27), date(2026, 1, 4)),
    }
    return ColumnRecord(SITE.id, campaign, after(minutes), Column(url=url, **facts | changed))


async def test_a_column_comes_back_as_it_was_seen(store):
    empty = column("http://www.example.gov.cn/ldjh/", newest=None, column_class=None, items=0, item_dates=(), reason="script")
    await store.record_columns([column(), empty])
    await store.flush()
    assert [record async for record in store.columns(SITE.id)] == [empty, column()]
    assert [record async for record in store.columns(OTHER.id)] == []


async def test_a_later_page_is_in_the_history_and_no_column(store):
    first = column()
    later = column("http://www.example.gov.cn/tzgg/index_2.html", minutes=1, part_of=first.column.url, item_marks=("0a1b2c3d",))
    await store.record_columns([later, first])
    assert [record async for record in store.columns(SITE.id)] == [first]
    assert [record async for record in store.column_history(SITE.id, after(-1))] == [first, later]


async def test_columns_tell_the_latest_visit_and_the_history_every_one(store):
    old, new = column(), column(campaign="2026-q2", minutes=60, newest=date(2026, 3, 1))
    await store.record_columns([new])
    await store.record_columns([old, old])
    await store.flush()
    assert [record async for record in store.columns(SITE.id)] == [new]
    assert [record async for record in store.column_history(SITE.id, after(-1))] == [old, new]
    assert [record async for record in store.column_history(SITE.id, after(1))] == [new]


async def test_a_site_has_one_report_a_campaign_and_the_latest_stands_for_all(store):
    first = SiteReport(SITE, page(""), "2026-q1", "partial", "http_5xx", 12, 3, after(30), {"dark_link": 2})
    scripts = ScriptHosts(10, 10, (ScriptHost("js.test.com", 9, 3, after(0), new=True, seen="ok"),))
    second = replace(
        first, campaign="2026-q2", state="complete", reason="", concluded_at=after(90), today=date(2026, 3, 1), scripts=scripts
    )
    other = replace(first, site=OTHER, state="failed", reason="dns", pages=0, findings={})
    for report in (second, first, first, other):
        await store.record_site(report)
    await store.flush()
    assert [report async for report in store.sites()] == [second, other]
    assert [report async for report in store.sites("2026-q1")] == [first, other]
    assert [report async for report in store.site_history(SITE.id, after(0))] == [first, second]
    assert [report async for report in store.site_history(SITE.id, after(60))] == [second]


async def test_what_could_not_be_inspected_is_told_once_a_page_and_reason(store):
    gap = NotInspected(page("a.rar"), SITE.id, "2026-q1", "attachment", "archive needs a password", after(1))
    other = replace(gap, site=OTHER.id)
    await store.record_not_inspected([gap, other])
    await store.record_not_inspected([gap])
    await store.flush()
    assert [record async for record in store.not_inspected("2026-q1")] == [gap, other]
    assert [record async for record in store.not_inspected("2026-q1", OTHER.id)] == [other]
    assert [record async for record in store.not_inspected("2026-q2")] == []


async def test_setting_up_again_loses_nothing(store):
    await store.record([observation()])
    await store.setup()
    await store.setup()
    assert (await only(store)).occurrences == 1


async def test_writes_of_one_process_at_the_same_time_all_count(store):
    await asyncio.gather(*(store.record([observation(page(number))]) for number in range(25)))
    assert (await only(store)).occurrences == 25


async def test_nothing_to_record_is_no_fault(store):
    await store.record([])
    await store.record_columns([])
    await store.record_not_inspected([])
    assert await found(store) == []


async def test_text_that_no_utf8_can_hold_is_stored(store):
    broken = observation("http://www.example.gov.cn/\udce9", evidence=Evidence(mask.text("政府\ud83d网")))
    await store.record([broken, broken])
    await store.record_columns([column("http://www.example.gov.cn/\udce9")])
    await store.record_not_inspected([NotInspected("http://x.test/\udce9", SITE.id, "2026-q1", "page", "broken", after(0))])
    assert (await only(store)).occurrences == 1


async def test_an_address_of_eight_thousand_characters_is_stored(store):
    url = page("x" * 8000)
    await store.record([observation(url)])
    assert (await only(store)).samples == (url,)
