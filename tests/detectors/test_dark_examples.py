"""The examples that dark-link detectors and wordings carry."""

import pytest

from govcrawl.detectors.check import judge
from govcrawl.detectors.dark_links.folding import fold, original
from govcrawl.detectors.dark_links.vocabulary import TIERS, vocabulary
from govcrawl.detectors.registry import all_detectors

FAMILY = [detector for detector in all_detectors() if detector.id.startswith("dark-links/")]


def examples(side: str) -> list:
    return [
        pytest.param(detector, example, id=f"{detector.id}: {example.reason}")
        for detector in FAMILY
        for example in getattr(detector, side)
    ]


@pytest.mark.parametrize(("detector", "example"), examples("flagged"))
def test_a_detector_flags_its_examples(detector, example):
    assert judge(detector, example)


@pytest.mark.parametrize(("detector", "example"), examples("clean"))
def test_a_detector_leaves_its_clean_examples_alone(detector, example):
    assert not judge(detector, example)


@pytest.mark.parametrize("pattern", vocabulary().patterns, ids=lambda pattern: pattern.term.family)
def test_a_wording_matches_its_samples_and_no_others(pattern):
    keyed = [text for text in pattern.flagged if any(keyword in fold(text) for keyword in pattern.keywords)]
    assert keyed == list(pattern.flagged)
    assert all(pattern.regex.search(fold(text)) for text in pattern.flagged)
    assert not [text for text in pattern.clean if pattern.regex.search(fold(text))]


def test_every_word_has_a_tier_and_finds_itself():
    known = vocabulary()
    assert {term.tier for term in known.terms} <= set(TIERS)
    lost = [term.word for term in known.terms if term.word not in {hit.term.word for hit in known.words(term.word)}]
    assert lost == []


@pytest.mark.parametrize(
    "written",
    ["澳-门-新*葡*京", "&#28595;&#38376;&#26032;&#33889;&#20140;", "澳\u200b门新\u00ad葡京", "澳門新葡京", "澳门新葡亰"],
)
def test_a_disguised_word_is_found_and_shown_as_written(written):
    text = f"点击{written}官网"
    hits = [hit for hit in vocabulary().words(fold(text)) if hit.term.tier == "A"]
    assert hits
    assert original(text, hits[0].start, hits[0].end) in text or "&" in written
