"""Words of spam, and words that only contain their letters."""

import pytest

from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.vocabulary import Vocabulary, data, vocabulary

FAMILIES = data("vocabulary.toml")["families"]
INNOCENT = data("context.toml")["innocent"]


@pytest.mark.parametrize("word", INNOCENT)
def test_a_word_that_only_has_the_letters_of_spam_is_none(word):
    assert list(vocabulary().words(fold(f"关于{word}的通知"))) == []
    # Each is listed because of a word: one without is taken out again.
    assert list(Vocabulary(FAMILIES, ()).words(fold(f"关于{word}的通知")))


@pytest.mark.parametrize(
    "title",
    [
        "特色网站建设情况通报", "三级网格员名单", "慢性药长期处方", "毒性药品管理办法", "增值税发票代开办事指南", "公章刻制单位名单",
        "溜冰场开放时间", "红色色彩展", "现金盘点表", "黄网格线施划公告", "成人网络教育招生", "笑气管控科普", "军人妻子座谈会", "五分彩虹",
    ],
)  # fmt: skip
def test_ordinary_words_of_offices_have_no_spam_in_them(title):
    assert [hit.term.word for hit in vocabulary().words(fold(title)) if hit.term.tier == "A"] == []
