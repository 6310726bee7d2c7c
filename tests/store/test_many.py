"""Listing, counting and reviewing where there are more findings than any answer of a server holds."""

from collections import Counter

import pytest

from govcrawl.findings.model import Review, Severity, SiteLabel, State
from govcrawl.store.protocol import FindingQuery
from tests.findings.observed import after, observation

FINDINGS, SITES, PORTION = 100_000, 97, 2_000
_SEVERITIES = list(Severity)


def seen(number):
    site = SiteLabel(f"{number % SITES:010}", f"第{number % SITES}市人民政府", f"第{number % 7}省", "市", f"第{number % 11}厅")
    severity = _SEVERITIES[number % len(_SEVERITIES)]
    return observation(f"http://{site.id}.test/{number}", str(number), site=site, minutes=number / 60, severity=severity)


@pytest.mark.slow
async def test_a_hundred_thousand_findings_are_listed_counted_and_reviewed_in_any_order(store):
    for first in range(0, FINDINGS, PORTION):
        await store.record([seen(number) for number in range(first, first + PORTION)])
    await store.flush()
    for order in ("newest", "oldest", "gravest", "site"):
        ids = [record.id async for record in store.findings(FindingQuery(order=order))]
        assert len(ids) == len(set(ids)) == FINDINGS
    newest = [record.last_seen async for record in store.findings(FindingQuery(limit=20_000))]
    assert newest == sorted(newest, reverse=True)
    assert newest[0] == after((FINDINGS - 1) / 60)
    expected = Counter(f"第{number % 11}厅" for number in range(FINDINGS))
    assert await store.count_findings(FindingQuery(), "organizer") == expected
    assert sum((await store.count_findings(FindingQuery(region="第3省"), "severity")).values()) == len(range(3, FINDINGS, 7))
    said = Review(State.IGNORED, "王", "their own", after(2000))
    reviewed = await store.review(seen(54_321).id, said)
    assert (reviewed.state, reviewed.review) == (State.IGNORED, said)
