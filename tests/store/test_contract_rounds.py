"""What every store promises to the rounds of a standing campaign."""

from govcrawl.findings import lifecycle
from govcrawl.findings.model import Review, State
from govcrawl.store.protocol import FindingQuery
from tests.findings.observed import SITE, after, observation
from tests.store.asked import OTHER, conclude, found, only, page


async def carried(store, campaign, pages):
    """What the crawl does with findings on pages that a round did not read."""
    record = await only(store)
    await store.confirm([lifecycle.carried(record, page(name), campaign, record.last_seen) for name in pages])


async def test_the_pages_that_showed_a_finding_in_a_campaign_are_known(store):
    await store.record([observation(page(number)) for number in range(3)])
    await store.record([observation(page(3), campaign="2026-q2", minutes=60), observation(page(4), site=OTHER)])
    seen = {pair async for pair in store.sightings(SITE.id, "2026-q1")}
    assert seen == {(observation().id, page(number)) for number in range(3)}


async def test_what_stands_on_pages_that_a_round_did_not_read_is_neither_resolved_nor_doubled(store):
    await store.record([observation(page(number), campaign="watch@1") for number in range(3)])
    for _ in range(2):
        await carried(store, "watch@2", [0, 1])
    assert await conclude(store, "watch@2", 60) == 0
    record = await only(store)
    assert (record.state, record.occurrences, record.last_campaign, record.last_seen) == (State.OPEN, 2, "watch@2", after(0))
    await store.record([observation(page(9), campaign="watch@2", minutes=61)])
    assert (await only(store)).occurrences == 3
    assert await conclude(store, "watch@3", 90) == 1


async def test_a_review_is_kept_on_pages_that_a_round_did_not_read(store):
    await store.record([observation(campaign="watch@1")])
    said = Review(State.IGNORED, "王", "their own mirror", after(9))
    await store.review((await only(store)).id, said)
    await carried(store, "watch@2", [""])
    record = await only(store)
    assert (record.state, record.review, record.last_campaign) == (State.IGNORED, said, "watch@2")


async def test_the_name_of_a_standing_campaign_stands_for_its_rounds(store):
    names = ("watch@1", "watch@2", "watch", "watch2", "watchdog@1", "q1")
    await store.record([observation(subject=f"http://{name}.test/", campaign=name) for name in names])
    asked = {
        name: {one.last_campaign for one in await found(store, FindingQuery(campaign=name))}
        for name in ("watch", "watch@1", "q1")
    }
    assert asked == {"watch": {"watch@1", "watch@2", "watch"}, "watch@1": {"watch@1"}, "q1": {"q1"}}
    assert await store.count_findings(FindingQuery(campaign="watch")) == {"dark_link": 3}
