from datetime import UTC, datetime

import pytest

from govcrawl.frontier.model import Campaign, CampaignState, CampaignStatus, SiteState
from govcrawl.report.summary import Summary


@pytest.mark.parametrize(
    ("pages", "before", "words"),
    [
        (200, 0, "200 (20.0 a second), 3 not had"),
        (200, 150, "200 (5.0 a second), 150 of them earlier, 3 not had"),
        (200, 200, "200, all of them earlier, 3 not had"),
        (0, 0, "0, 3 not had"),
    ],
)
def test_the_rate_is_that_of_the_pages_of_this_run(pages, before, words):
    campaign = Campaign("c1", datetime(2026, 11, 26, tzinfo=UTC))
    status = CampaignStatus(campaign, CampaignState.FINISHED, campaign.started, pages, 3, 0, 0, 0, {SiteState.COMPLETE: 1})
    assert dict(Summary(status, {}, 10.0, before).lines())["pages"] == words
