"""The normal form of texts, one by one and many in one go."""

from hypothesis import given
from hypothesis import strategies as st

from govcrawl.detectors.dark_links.folding import _LETTERS, UNALTERED, _altered, fold, fold_each

PIECES = st.sampled_from(
    ["澳-门-新*葡*京", "澳", "-", " ", "&amp", ";", "&#3", "&copy", "&hearts", "4;", "ＢＥＴ365", "\n", "\0", "&", "門", "é", "a"]
)


@given(st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=6))
def test_each_is_folded_as_if_it_stood_alone(texts):
    assert fold_each(texts) == [fold(text).replace("\n", " ") for text in texts]


def test_what_is_leapt_over_stays_as_it_is():
    for char in UNALTERED:
        assert _LETTERS[ord(char)] == char
    kept = [chr(point) for point in range(0x20, 0x10000) if not 0xD800 <= point < 0xE000 and not _altered().search(chr(point))]
    assert len(kept) > 10_000
    assert [char for char in kept if _LETTERS[ord(char)] != char] == []


def test_a_text_is_folded_where_it_has_to_be_and_nowhere_else():
    assert fold("县人民政府，澳門新葡亰 ＢＥＴ365 愽彩") == "县人民政府,澳门新葡京 bet365 博彩"
    assert fold("澳-门-新*葡*京") == "澳门新葡京"
    assert fold("目 录") == "目 录"
    assert fold("六\n合\n彩") == "六合彩"
