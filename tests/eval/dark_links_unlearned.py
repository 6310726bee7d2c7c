"""How much of the recall hangs on words that a single labelled page may have taught us.

    python -m tests.eval.dark_links_unlearned

Every labelled dark page is judged once more with all words taken out of the vocabulary that stand on no other labelled
dark page: an estimate, from below, of the recall on pages that nobody here has read.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from govcrawl.detectors.base import Context
from govcrawl.detectors.dark_links import analysis, blocks, link_farm, mixed_encoding, poisoned_feed, sounds, titles
from govcrawl.detectors.dark_links import vocabulary as words
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.inspector import Inspector
from govcrawl.sites.model import Site
from tests.eval.corpus import Sample
from tests.eval.dark_links import TODAY, detectors, judged, page_of

_USERS = (blocks, titles, link_farm, mixed_encoding, poisoned_feed, sounds)


def spoken(sample: Sample) -> frozenset[str]:
    """The words of the vocabulary on a page, in its text, its scripts' output and its head."""
    page = page_of(sample)
    texts = [
        page.html,
        page.scene.written,
        *(link.text for link in page.scene.links),
        *(link.text for link in page.scene.dormant),
    ]
    said = fold("\n".join(texts))
    return frozenset(term.word for term in words.vocabulary().terms if term.word in said)


@contextmanager
def without(gone: frozenset[str]) -> Iterator[None]:
    """The detectors with a vocabulary that lacks some words."""
    families = [
        {**family, "words": [word for word in family["words"] if fold(word) not in gone]}
        for family in words.data("vocabulary.toml")["families"]
    ]
    poor = words.Vocabulary(families, words.data("patterns.toml")["patterns"])
    rich = words.vocabulary
    try:
        for module in _USERS:
            module.vocabulary = lambda: poor  # the seam is the module's own name: every call asks anew
        analysis.analysis.cache_clear()
        yield
    finally:
        for module in _USERS:
            module.vocabulary = rich


def main() -> int:
    dark = [result.sample for result in judged() if result.dark]
    said = {sample.path: spoken(sample) for sample in dark}
    seen = Counter(word for found in said.values() for word in found)
    inspector = Inspector(detectors())
    missed = []
    for sample in dark:
        gone = frozenset(word for word in said[sample.path] if seen[word] == 1)
        page = page_of(sample)
        with without(gone):
            if not inspector.inspect(page, Context(Site("eval", page.url), TODAY)).findings:
                missed.append(f"missed {sample.path} without {len(gone)} words: {' '.join(sorted(gone))[:160]}")
    print("\n".join(missed))
    print(f"recall without the words of the page itself: {1 - len(missed) / len(dark):.3f} of {len(dark)} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
