"""What every store promises of the pages that show findings of certain rules: by them the directories of a site are judged."""

import pytest

from govcrawl.findings.model import Review, Rule, State
from tests.findings.observed import SITE, after, observation
from tests.store.asked import OTHER, conclude, found, page

TITLE, FARM, HIDDEN = (
    Rule("dark-links/spam-title", 1, "t"),
    Rule("dark-links/link-farm", 1, "f"),
    Rule("dark-links/hidden", 1, "h"),
)
RULES = frozenset((TITLE.id, FARM.id))


async def shown(store, campaign="2026-q1", site=SITE.id):
    """Subject words aside, what is shown where: rule and page."""
    return [(record.finding.rule.id, url) async for record, url in store.shown(site, campaign, RULES)]


async def test_each_finding_of_the_rules_comes_with_each_of_its_pages(store):
    await store.record([observation(page(number), "one", rule=TITLE) for number in range(3)])
    await store.record([observation(page(1), "two", rule=FARM), observation(page(2), "three", rule=HIDDEN)])
    expected = [(TITLE.id, page(number)) for number in range(3)] + [(FARM.id, page(1))]
    assert sorted(await shown(store)) == sorted(expected)


async def test_the_pages_of_a_finding_come_one_after_the_other(store):
    await store.record([observation(page(f"{n}/{m}"), str(n), rule=TITLE) for m in range(3) for n in range(600)])
    ids = [record.id async for record, _ in store.shown(SITE.id, "2026-q1", RULES)]
    assert len(ids) == 1800
    assert all(ids[first : first + 3] == [ids[first]] * 3 for first in range(0, 1800, 3))


async def test_a_finding_is_shown_with_its_words_and_when_it_was_first_seen(store):
    await store.record([observation(rule=TITLE)])
    await store.record([observation(rule=TITLE, campaign="2026-q2", minutes=60)])
    ((record, url),) = [pair async for pair in store.shown(SITE.id, "2026-q2", RULES)]
    assert (record.first_seen, record.finding.evidence, url) == (after(0), observation().finding.evidence, page(""))


async def test_other_sites_and_other_campaigns_are_not_shown(store):
    await store.record([observation(page(1), rule=TITLE), observation(page(2), rule=TITLE, site=OTHER)])
    await store.record([observation(page(3), rule=TITLE, campaign="2026-q2", minutes=60)])
    assert await shown(store) == [(TITLE.id, page(1))]
    assert await shown(store, "2026-q2") == [(TITLE.id, page(3))]
    assert await shown(store, "2026-q3") == []


@pytest.mark.parametrize(("state", "pages"), [(State.CONFIRMED, 1), (State.IGNORED, 0)])
async def test_what_a_person_ignores_is_not_shown(store, state, pages):
    await store.record([observation(rule=TITLE)])
    (record,) = await found(store)
    await store.review(record.id, Review(state, "王", "", after(1)))
    assert len(await shown(store)) == pages


async def test_what_is_resolved_is_shown_once_it_is_back(store):
    await store.record([observation(rule=TITLE)])
    await conclude(store, "2026-q2", 60)
    assert await shown(store, "2026-q2") == []
    await store.record([observation(rule=TITLE, campaign="2026-q3", minutes=90)])
    assert await shown(store, "2026-q3") == [(TITLE.id, page(""))]
