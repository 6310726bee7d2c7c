"""Every panel of every dashboard against a filled store, the real Elasticsearch among them."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from govcrawl.findings import mask
from govcrawl.findings.document import to_document
from govcrawl.findings.model import Category, Evidence, NotInspected, Review, Rule, Severity, SiteLabel, State
from govcrawl.report import panels
from govcrawl.report.answers import answers
from govcrawl.store import documents
from govcrawl.store.protocol import FindingQuery, SiteReport, WorkersSample
from govcrawl.store.questions import Group, Match, Metric, NotAskable, Question
from tests.findings.observed import after, observation
from tests.store.panel_oracle import expected
from tests.store.test_contract import column

NOW = after(60 * 24)
SITES = [
    SiteLabel(f"11000000{number:02}", f"第{number}市人民政府", f"示例省{'甲乙丙'[number % 3]}市", "市", f"第{number % 4}办公室")
    for number in range(6)
]
CATEGORIES = (Category.DARK_LINK, Category.DARK_LINK, Category.STALE_COLUMN, Category.BLANK_COLUMN, Category.SECURITY_LEAK)


def seen(dice, number, campaign, minutes):
    site = SITES[min(dice.randrange(6), dice.randrange(6))]
    category = CATEGORIES[number % len(CATEGORIES)]
    evidence = Evidence(
        mask.text(f"证据 {number}"),
        target=mask.text(f"http://www{number}.bet{number % 4}.com/") if category is Category.DARK_LINK else None,
        extra={"technique": mask.text(f"technique-{number % 3}")} if number % 2 else {},
    )
    return observation(
        f"http://{site.id}.test/{number}/{minutes}",
        str(number),
        campaign=campaign,
        minutes=minutes,
        site=site,
        category=category,
        severity=dice.choice(list(Severity)),
        rule=Rule(f"{category}/rule-{number % 3}", 1, "made up"),
        evidence=evidence,
    )


@pytest.fixture
async def filled(store):
    """Two campaigns over six sites, with reviews, a sweep, columns, gaps and looks at the workers."""
    dice = random.Random(8)
    first = [seen(random.Random(number), number, "2026-q1", number * 7 % 300) for number in range(60)]
    again = [seen(random.Random(number), number, "2026-q2", 400 + number) for number in range(0, 60, 3)]
    await store.record(first)
    await store.flush()
    for number in (4, 9, 16, 30):
        await store.review(first[number].id, Review(dice.choice([State.IGNORED, State.CONFIRMED]), "王", "", after(310)))
    await store.record(again)
    await store.flush()
    await store.resolve_unseen(SITES[0].id, "2026-q2", after(500))
    await store.record_columns([_column(dice, number) for number in range(40)])
    for site in SITES:
        for minutes, campaign in ((350, "2026-q1"), (510, "2026-q2")):
            await store.record_site(_report(dice, site, campaign, minutes))
    await store.record_not_inspected([_gap(dice, number) for number in range(20)])
    await store.record_workers(SAMPLES)
    await store.flush()
    return store


def _column(dice, number):
    day = date(2025, 1, 1) + timedelta(days=dice.randrange(400))
    made = column(f"http://x.test/{number}/", minutes=number, newest=day if number % 5 else None, items=dice.randrange(50))
    told = replace(made.column, column_class=made.column.column_class if number % 3 else None, inspected=bool(number % 4))
    reason = "" if told.inspected else dice.choice(["script", "timeout"])
    return replace(made, site=dice.choice(SITES).id, column=replace(told, name=f"栏目{number % 9}", reason=reason))


def _report(dice, site, campaign, minutes):
    state, reason = dice.choice([("complete", ""), ("partial", "budget"), ("failed", "dns"), ("partial", "http_5xx")])
    counts = {"dark_link": dice.randrange(4)}
    return SiteReport(
        site, "http://x.test/", campaign, state, reason, dice.randrange(90), dice.randrange(9), after(minutes), counts
    )


def _gap(dice, number):
    return NotInspected(
        f"http://x.test/{number}", dice.choice(SITES).id, "2026-q1", dice.choice(["page", "attachment"]), "password", after(1)
    )


SAMPLES = [
    WorkersSample(
        after(look * 20),
        {
            "hosts": 6 - look % 4, "hosts_due": look % 3, "queued": 900 - 10 * look, "leased": look, "done": 10 * look,
            "dead": look // 3, "stale_sites": look % 2, "workers": 2, "pages_per_second": 4.5 + look,
        },
        {f"w{one}": {"host": f"machine{one % 2}", "pages": look * one, "pages_per_second": one / 4, "leased": one,
            "slots": 64, "fetching": 7 * one, "storing": look, "memory_bytes": (1 + one) << 28, "spooled_bytes": look * one << 10,
            "claim_seconds": 0.01 * one, "lag_seconds": 0.5 * look} for one in range(3)},
        {reason: pages for reason, pages in (("timeout", look), ("dns", 1), ("http_5xx", look % 3)) if pages},
    )
    for look in range(10)
]  # fmt: skip


async def everything(store):
    """What is stored, by index, as listings tell it and not as aggregations count it."""
    findings = [record async for record in store.findings(FindingQuery())]
    history = [documents.event_document(event) for one in findings for event in [e async for e in store.history(one.id)]]
    return {
        "findings": [to_document(record) for record in findings],
        "events": history,
        "columns": [documents.column_document(one) for site in SITES for one in [c async for c in store.columns(site.id)]],
        "sites": [documents.site_report_document(report) async for report in store.sites()],
        "site-history": [
            documents.site_report_document(report)
            for site in SITES
            for report in [r async for r in store.site_history(site.id, after(-1))]
        ],
        "not-inspected": [documents.not_inspected_document(gap) async for gap in store.not_inspected("2026-q1")],
        "workers": [document for sample in SAMPLES for document in documents.workers_documents(sample)],
    }


def _close(rows):
    return [tuple(pytest.approx(value) if isinstance(value, float) else value for value in row) for row in rows]


async def test_every_panel_of_every_dashboard_shows_the_right_numbers(filled):
    stored = await everything(filled)
    assert {name: len(found) for name, found in stored.items() if not found} == {}
    shown = 0
    for name in panels.NAMES:
        file = panels.source(name)
        told = {panel["id"]: panel for panel in file["panels"]}
        for answer in await answers(filled, panels.dashboard(name, NOW)):
            assert answer.rows == _close(expected(file, told[answer.panel.id], stored)), f"{name}/{answer.panel.id}"
            assert answer.rows, f"{name}/{answer.panel.id} shows nothing"
            shown += 1
    assert shown >= 45


async def test_a_dashboard_of_one_site_counts_only_that_site(filled):
    stored = await everything(filled)
    site = Match("site.id", (SITES[0].id,))
    own = {name: [one for one in found if one.get("site", {}).get("id") == SITES[0].id] for name, found in stored.items()}
    file = panels.source("site")
    told = {panel["id"]: panel for panel in file["panels"]}
    for answer in await answers(filled, panels.dashboard("site", NOW), (site,)):
        assert answer.rows == _close(expected(file, told[answer.panel.id], own)), answer.panel.id


async def test_the_time_range_of_a_dashboard_leaves_out_what_happened_before_it(filled):
    late = {answer.panel.id: answer.rows for answer in await answers(filled, panels.dashboard("overview", after(60 * 24 * 200)))}
    assert late["events-by-day"] == []
    assert late["open-findings"][0][0] > 0


async def test_documents_without_a_value_are_left_out_and_negated_tests_let_them_in(filled):
    async def total(*tests, groups=()):
        return sum(row[-1] for row in await filled.answer(Question("findings", tests, groups)))

    everything = await total()
    named = await total(Match("finding.evidence.technique"))
    assert 0 < named < everything
    assert await total(groups=(Group("finding.evidence.technique"),)) == named
    assert await total(Match("finding.evidence.technique", negated=True)) == everything - named
    first = await total(Match("finding.evidence.technique", ("technique-0",)))
    assert await total(Match("finding.evidence.technique", ("technique-0",), negated=True)) == everything - first


@pytest.mark.parametrize(
    "question",
    [
        Question("nothing"),
        Question("findings", groups=(Group("finding.id') --"),)),
        Question("findings", tests=(Match("site.url", ("x",)),)),
        Question("findings", metrics=(Metric("median", "finding.occurrences"),)),
        Question("events", groups=(Group("@timestamp", "year"),)),
    ],
)
async def test_a_question_for_what_is_not_there_is_refused(sqlite, question):
    with pytest.raises(NotAskable):
        await sqlite.answer(question)


async def test_an_index_of_an_older_version_gets_the_new_fields_and_keeps_its_documents(
    elasticsearch_url, fresh_prefix, tmp_path
):
    from elasticsearch import AsyncElasticsearch

    from govcrawl.store import elastic_indices, mappings
    from govcrawl.store.elastic import ElasticStore
    from govcrawl.store.server import Server

    async with AsyncElasticsearch(elasticsearch_url, request_timeout=300) as client:
        planned = await elastic_indices.changes(client, fresh_prefix)
        assert {line.split()[0] for line in planned} == {"make"}
        await elastic_indices.set_up(client, fresh_prefix)
        assert await elastic_indices.changes(client, fresh_prefix) == []
        await client.indices.delete(index=f"{fresh_prefix}-findings-000001")
        old = mappings.template("findings", fresh_prefix)
        fields = old["template"]["mappings"]["properties"]["finding"]["properties"]["evidence"]["properties"]
        for name in ("target_domain", "technique"):
            del fields[name]
        old["template"]["mappings"]["_meta"]["version"] = 1
        made = {"template": old["template"], "composed_of": old["composed_of"], "index_patterns": old["index_patterns"]}
        await client.indices.put_index_template(name=f"{fresh_prefix}-findings", priority=500, version=1, **made)
        alias = {f"{fresh_prefix}-findings": {"is_write_index": True}}
        await client.indices.create(index=f"{fresh_prefix}-findings-000001", aliases=alias)
        await client.index(index=f"{fresh_prefix}-findings", id="1", document={"finding": {"id": "1"}}, refresh=True)
        template, index = await elastic_indices.changes(client, fresh_prefix)
        assert template == f"replace the template {fresh_prefix}-findings, version 1, by version 2"
        assert index.endswith("-findings: finding.evidence.target_domain, finding.evidence.technique")
        await elastic_indices.set_up(client, fresh_prefix)
        assert await elastic_indices.changes(client, fresh_prefix) == []
        assert (await client.count(index=f"{fresh_prefix}-findings"))["count"] == 1
    store = await ElasticStore.open(Server(elasticsearch_url), tmp_path, fresh_prefix)
    await store.aclose()
