"""The memory of one worker stays level: the short form; the full one is `python -m tests.hostile.soak`."""

import pytest

from tests.hostile.soak import HOSTS, MOST_GROWTH, lively, soak

# What is remembered of addresses and scripts fills up in the first twenty thousand pages: 30 MiB, a sixth, in the first two thousand at
# most. A worker that kept the tree of each page, or its body and findings, would grow by half.
SHORT_PAGES, SHORT_FROM, SHORT_GROWTH = 2_000, 800, 1.2


def test_a_worker_keeps_nothing_of_the_pages_that_it_is_done_with(tmp_path, capsys):
    line = soak(SHORT_PAGES, tmp_path)
    found = line.document(SHORT_FROM)
    with capsys.disabled():
        print(f"\nsoak: {found}")
    assert found["pages"] >= SHORT_PAGES
    assert found["growth"] <= SHORT_GROWTH


@pytest.mark.slow
def test_the_memory_of_a_worker_is_level_over_two_hundred_thousand_pages(tmp_path):
    found = soak(200_000, tmp_path).document(20_000)
    assert found["pages"] >= 200_000
    assert found["growth"] <= MOST_GROWTH


def test_every_page_of_the_soak_is_its_own():
    pages = {lively(host, number, 50) for host in range(HOSTS) for number in range(50)}
    assert len(pages) == HOSTS * 50
