"""Many texts folded in one go."""

from hypothesis import given
from hypothesis import strategies as st

from govcrawl.detectors.dark_links.folding import fold, fold_each

PIECES = st.sampled_from(
    ["澳-门-新*葡*京", "澳", "-", " ", "&amp", ";", "&#3", "&copy", "&hearts", "4;", "ＢＥＴ365", "\n", "\0", "&", "門", "é", "a"]
)


@given(st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=6))
def test_each_is_folded_as_if_it_stood_alone(texts):
    assert fold_each(texts) == [fold(text).replace("\n", " ") for text in texts]
