from dataclasses import replace
from itertools import permutations

import pytest

from govcrawl.findings import lifecycle
from govcrawl.findings.lifecycle import decide, event, opened, recount, resolve, review, review_event
from govcrawl.findings.model import Record, Review, State
from tests.findings.observed import after, observation


def seen_first() -> Record:
    return opened(observation())


def said(state: State) -> Review:
    return Review(state, "王", "checked by phone", after(9))


def in_state(state: State) -> Record:
    return replace(seen_first(), state=state)


def test_a_new_finding_is_open_and_counts_its_page():
    record = decide(None, opened(observation()), new_page=True)
    assert (record.state, record.occurrences, record.samples) == (State.OPEN, 1, ("http://www.example.gov.cn/",))


def test_a_page_seen_twice_in_a_campaign_counts_once():
    record = decide(seen_first(), opened(observation(minutes=3)), new_page=False)
    assert record.occurrences == 1
    assert record.last_seen == after(3)


def test_the_outcome_does_not_depend_on_the_order_of_the_pages():
    pages = [opened(observation(f"http://www.example.gov.cn/{name}", minutes=at)) for at, name in enumerate(("b", "aa", "c"))]
    outcomes = set()
    for order in permutations(pages):
        record = None
        for page in order:
            record = decide(record, page, new_page=True)
        outcomes.add((record.finding.url, record.samples, record.occurrences, record.first_seen, record.last_seen))
    assert outcomes == {
        ("http://www.example.gov.cn/b", tuple(f"http://www.example.gov.cn/{n}" for n in ("b", "c", "aa")), 3, after(0), after(2))
    }


def test_samples_are_few_however_many_pages_show_it():
    record = seen_first()
    for number in range(50):
        record = decide(record, opened(observation(f"http://www.example.gov.cn/{number}")), new_page=True)
    assert record.occurrences == 51
    assert len(record.samples) == lifecycle.MAX_SAMPLES


def test_the_next_campaign_counts_from_one_and_keeps_the_first_sight():
    before = replace(seen_first(), occurrences=20_000)
    record = decide(before, opened(observation(campaign="2026-q2", minutes=60)), new_page=True)
    assert (record.occurrences, record.first_seen, record.last_campaign) == (1, after(0), "2026-q2")


def test_late_news_of_an_old_campaign_changes_only_the_first_sight():
    now = opened(observation(campaign="2026-q2", minutes=60))
    record = decide(now, opened(observation(minutes=-5)), new_page=True)
    assert record == replace(now, first_seen=after(-5))


@pytest.mark.parametrize(
    ("before", "then"),
    [
        (State.OPEN, State.OPEN),
        (State.CONFIRMED, State.CONFIRMED),
        (State.IGNORED, State.IGNORED),
        (State.RESOLVED, State.REOPENED),
        (State.REOPENED, State.REOPENED),
    ],
)
@pytest.mark.parametrize("campaign", ["2026-q1", "2026-q2"])
def test_seen_again_only_a_resolved_finding_changes_its_state(before, then, campaign):
    record = decide(in_state(before), opened(observation(campaign=campaign, minutes=60)), new_page=True)
    assert record.state is then


@pytest.mark.parametrize(
    ("before", "then"),
    [
        (State.OPEN, State.RESOLVED),
        (State.CONFIRMED, State.RESOLVED),
        (State.REOPENED, State.RESOLVED),
        (State.IGNORED, State.IGNORED),
    ],
)
def test_a_complete_crawl_resolves_all_but_what_is_ignored(before, then):
    assert resolve(in_state(before), after(60)).state is then


def test_a_resolved_finding_says_when_and_forgets_it_when_seen_again():
    resolved = resolve(seen_first(), after(60))
    assert resolved.resolved_at == after(60)
    again = decide(resolved, opened(observation(campaign="2026-q2", minutes=90)), new_page=True)
    assert again.resolved_at is None


def test_a_sighting_from_before_the_sweep_takes_the_verdict_back():
    resolved = resolve(seen_first(), after(60))
    late = decide(resolved, opened(observation(campaign="2026-q2", minutes=59)), new_page=True)
    assert (late.state, late.resolved_at) == (State.OPEN, None)


@pytest.mark.parametrize("state", [State.CONFIRMED, State.IGNORED, State.REOPENED])
def test_a_review_sets_the_state_and_is_kept_in_the_next_campaign(state):
    reviewed = review(seen_first(), said(state))
    later = decide(reviewed, opened(observation(campaign="2026-q2", minutes=60)), new_page=True)
    assert (later.state, later.review) == (state, said(state))


@pytest.mark.parametrize("state", [State.OPEN, State.RESOLVED])
def test_a_reviewer_cannot_resolve_a_finding(state):
    with pytest.raises(lifecycle.NotReviewable, match="only a complete crawl"):
        review(seen_first(), said(state))


def test_a_recount_trusts_the_sightings_but_not_their_absence():
    record = replace(seen_first(), occurrences=4)
    assert recount(record, 5).occurrences == 5
    assert recount(record, 0).occurrences == 4


def test_an_event_is_told_when_a_finding_opens_changes_or_comes_in_a_new_campaign():
    first = seen_first()
    second_page = decide(first, opened(observation("http://www.example.gov.cn/b")), new_page=True)
    resolved = resolve(first, after(60))
    next_campaign = decide(first, opened(observation(campaign="2026-q2", minutes=60)), new_page=True)
    assert event(None, first, "2026-q1", after(0)).action == "opened"
    assert event(first, second_page, "2026-q1", after(0)) is None
    assert event(first, resolved, "2026-q2", after(60)).action == "resolved"
    assert event(first, next_campaign, "2026-q2", after(60)).action == "seen"


def test_an_event_told_twice_has_one_id_and_two_reviews_have_two():
    first = seen_first()
    assert event(None, first, "2026-q1", after(0)).id == event(None, first, "2026-q1", after(5)).id
    one, other = said(State.IGNORED), replace(said(State.IGNORED), at=after(10))
    assert review_event(first, one).id != review_event(first, other).id
