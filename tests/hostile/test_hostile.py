import pytest

from tests.hostile.__main__ import summary
from tests.hostile.crawl import crawl
from tests.hostile.table import BEHAVIOURS

MOST_BYTES = 400 * 2**20


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return crawl(BEHAVIOURS, tmp_path_factory.mktemp("hostile"))


def test_two_workers_come_through_the_hostile_web_with_an_account_of_every_page(report, capsys):
    with capsys.disabled():
        print(f"\n{summary(report)}")
    assert len(BEHAVIOURS) >= 120
    assert (report.crashes, report.hangs) == (0, 0)
    assert report.accounts["sites_with_an_end"] == report.accounts["sites"] == len(BEHAVIOURS)
    assert report.accounts["unaccounted"] == 0
    assert not [f"{one.behaviour.name}: expected {one.behaviour.word}; {'; '.join(one.faults)}" for one in report.wrong]
    assert report.peak_bytes <= MOST_BYTES
