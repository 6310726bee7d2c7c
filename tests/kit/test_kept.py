"""Answers kept for a while."""

import time

from govcrawl.kit.kept import Kept


def test_the_oldest_goes_first_and_one_told_again_is_new():
    kept: Kept[str, int] = Kept(2)
    for key in ("a", "b", "a", "c"):
        kept.put(key, 1)
    assert [key in kept for key in "abc"] == [True, False, True]


def test_one_that_is_no_longer_fresh_can_still_be_asked_for():
    kept: Kept[str, str] = Kept(2, seconds=0.01)
    kept.put("a", "told")
    assert kept.fresh("a")
    time.sleep(0.02)
    assert not kept.fresh("a")
    assert kept.get("a") == "told"


def test_what_was_never_told_is_neither_fresh_nor_there():
    kept: Kept[str, str] = Kept(2)
    assert not kept.fresh("a")
    assert (kept.get("a"), kept.get("a", "")) == (None, "")
