"""Titles, keywords and descriptions that sell something, and those that only sound like it."""

import pytest

from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.titles import pitch


def sells(text: str, place: str = "title") -> bool:
    return pitch(text, place).points >= weights()[f"{place}_threshold"]


@pytest.mark.parametrize(
    "title",
    [
        "武汉国际博览中心-武汉国际会展中心", "上海国际电影节开幕 上海国际电影节官网", "哈尔滨国际冰雪节开幕式 哈尔滨国际冰雪节首页",
        "昆明国际花卉展 昆明国际花卉节", "义乌国际商贸城,义乌国际小商品博览会", "张家界国际森林保护节-张家界国际旅游诗歌节",
    ],
)  # fmt: skip
def test_a_hall_a_fair_or_a_festival_that_is_international_twice_sells_nothing(title):
    assert not sells(title)
    assert not sells(title, "meta")


def test_an_international_school_names_itself_more_than_once():
    assert not sells("碧桂园国际学校,广东碧桂园国际学校官网,碧桂园国际学校招生", "meta")


@pytest.mark.parametrize("title", ["恒达国际_恒达国际平台", "恒达国际官网-恒达国际开户", "恒达娱乐-恒达国际"])
def test_a_casino_that_calls_itself_international_sells_accounts(title):
    assert sells(title)
