from dataclasses import replace
from datetime import timedelta

import pytest

from govcrawl.frontier.model import Campaign, CampaignState, CampaignStatus, FrontierStatus, SiteState, WorkerStatus
from govcrawl.report.hindrance import hindrances
from tests.findings.observed import NOON

WORKER = WorkerStatus(
    "w1", "crawl1", 7, NOON, 900, 20.0, leased=20, slots=64, fetching=20, storing=4, recent=600, claim_seconds=0.01
)
STATUS = FrontierStatus(
    hosts=30, hosts_due=0, queued=5000, leased=20, done=900, dead=3, workers=(WORKER,), next_due=NOON + timedelta(seconds=0.4)
)


def campaign(state=CampaignState.RUNNING):
    return CampaignStatus(Campaign("c1", NOON), state, None, 0, 0, 0, 0, 0)


def said(status=STATUS, *campaigns, **worker):
    changed = replace(status, workers=tuple(replace(one, **worker) for one in status.workers)) if worker else status
    return hindrances(changed, campaigns or [campaign()], NOON)


def test_free_slots_mean_that_the_hosts_set_the_pace():
    (sentence,) = said()
    assert sentence.startswith("politeness: 30 hosts rest between two pages, the next one for 0.4 s; 44 of 64 slots are free")


def test_hosts_that_all_have_a_page_under_way_set_the_pace_too():
    (sentence,) = said(replace(STATUS, hosts=0, next_due=None))
    assert sentence == "politeness: 44 of 64 slots are free, so more workers would not help"


def test_full_slots_mean_too_few_workers():
    (sentence,) = said(replace(STATUS, hosts_due=210), fetching=63)
    assert sentence == "slots: 63 of 64 are taken and 210 hosts are due; start more workers, or raise --slots"


@pytest.mark.parametrize(
    ("worker", "sentence"),
    [
        ({"claim_seconds": 1.24}, "Redis: a call for work takes up to 1.2 s on w1"),
        ({"store_away": True}, "store: takes nothing in from w1"),
        ({"spooled_bytes": 3 << 20}, "store: takes no writes from w1; 3.0 MiB wait on disk, the crawl goes on"),
        ({"storing": 65}, "store: slow; 65 pages on w1 are fetched and wait to be stored"),
        ({"lag_seconds": 2.5}, "processor: w1 stall for seconds"),
        (
            {"recent": 100, "failures": {"timeout": 30, "dns": 9, "http_4xx": 50}},
            "network: 39 of the last 100 pages were not had (30 timeout, 9 dns)",
        ),
    ],
)
def test_what_can_be_mended_is_said_before_the_pace_of_the_hosts(worker, sentence):
    first, second = said(**worker)
    assert first.startswith(sentence)
    assert second.startswith("politeness: ")


@pytest.mark.parametrize(
    "worker",
    [
        {"failures": {"http_4xx": 400, "robots": 100}},  # pages that are not there are no trouble
        {"recent": 12, "failures": {"timeout": 9}},  # too few to say
        {"recent": 600, "failures": {"timeout": 150}},
        {"claim_seconds": 0.3, "lag_seconds": 1.0, "storing": 40},
    ],
)
def test_what_is_usual_is_not_mentioned(worker):
    assert [sentence.partition(":")[0] for sentence in said(**worker)] == ["politeness"]


def test_a_crawl_without_workers_says_so_whatever_else():
    assert said(replace(STATUS, workers=())) == ["workers: none was heard of lately; start `govcrawl worker`"]
    assert said(seen=NOON - timedelta(minutes=1)) == ["workers: none was heard of lately; start `govcrawl worker`"]


def test_a_worker_that_fell_silent_is_named_beside_those_that_work():
    gone = replace(WORKER, id="w2", seen=NOON - timedelta(minutes=1))
    first, _ = said(replace(STATUS, workers=(WORKER, gone)))
    assert first.startswith("workers: w2 not heard of lately")


def test_many_workers_are_not_all_named():
    many = tuple(replace(WORKER, id=f"w{number}", lag_seconds=9.0) for number in range(12))
    assert said(replace(STATUS, workers=many))[0].startswith("processor: w0, w1, w2 and 9 more stall")


def test_a_site_that_waits_for_its_hours_is_counted():
    assert said(replace(STATUS, queued=0, waiting_sites=2)) == ["hours: 2 sites wait for the hours in which they may be visited"]


def test_paused_and_finished_campaigns_hold_nobody_back():
    assert said(STATUS, campaign(CampaignState.PAUSED))[0].startswith("paused: 1 campaigns")
    assert said(STATUS, campaign(CampaignState.FINISHED)) == ["nothing to do: no campaign runs"]


def test_nothing_in_the_way_is_said_too():
    assert said(replace(STATUS, queued=0)) == ["nothing: pages are fetched as they come due"]


def test_between_its_rounds_a_standing_campaign_holds_nobody_up_and_says_when_it_goes_on():
    rests = CampaignStatus(
        Campaign("watch", NOON, every_seconds=86_400.0), CampaignState.RUNNING, None, 9, 0, 0, 0, 0,
        {SiteState.COMPLETE: 3}, round=2, next_round=NOON + timedelta(days=1),
    )  # fmt: skip
    idle = replace(STATUS, queued=0, leased=0, hosts=0)
    assert said(idle, rests) == ["rounds: watch is through with round 2; the next begins 2026-03-03T12:00:00.250Z"]
    assert said(idle, replace(rests, sites={SiteState.RUNNING: 1}))[0].startswith("nothing: ")
