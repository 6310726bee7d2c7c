import pytest

from tests.hostile.__main__ import summary
from tests.hostile.crawl import crawl
from tests.hostile.table import BEHAVIOURS


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return crawl(BEHAVIOURS, tmp_path_factory.mktemp("hostile"))


def test_two_workers_come_through_the_hostile_web_with_an_account_of_every_page(report, capsys):
    with capsys.disabled():
        print(f"\n{summary(report)}")
    assert len(BEHAVIOURS) >= 120
    assert len(report.came) == report.accounts["sites"] == len(BEHAVIOURS)
    assert not [f"{one.behaviour.name}: expected {one.behaviour.word}; {'; '.join(one.faults)}" for one in report.wrong]
    assert not report.faults()
