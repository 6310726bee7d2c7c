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
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.eval.corpus import samples
from tests.eval.dark_links import TODAY, detectors, is_dark, is_page, page_of

_USERS = (blocks, titles, link_farm, mixed_encoding, poisoned_feed, sounds)


def spoken(page: Page) -> frozenset[str]:
    """The words of the vocabulary on a page, in its text, its scripts' output and its head."""
    scene = page.scene
    texts = [page.html, scene.written, *(link.text for link in (*scene.links, *scene.dormant))]
    known = words.vocabulary()
    # Shorter words inside longer ones are on the page too, hence no automaton, which gives the longest.
    said = fold("\n".join(texts))
    return frozenset(term.word for term in known.terms if term.word in said)


@contextmanager
def without(gone: frozenset[str]) -> Iterator[None]:
    """The detectors with a vocabulary that lacks some words."""
    families = [{**family, "words": [word for word in family["words"] if _folded(word) not in gone]} for family in _FAMILIES]
    poor = words.Vocabulary(families, _PATTERNS)
    rich = words.vocabulary
    try:
        for module in _USERS:
            module.vocabulary = lambda: poor  # the seam is the module's own name: every call asks anew
        analysis.analysis.cache_clear()
        yield
    finally:
        for module in _USERS:
            module.vocabulary = rich


_FAMILIES = words.data("vocabulary.toml")["families"]
_PATTERNS = words.data("patterns.toml")["patterns"]
_FORMS = {word: fold(word) for family in _FAMILIES for word in family["words"]}


def _folded(word: str) -> str:
    return _FORMS[word]


def main() -> int:
    dark = [sample for sample in samples() if is_page(sample) and is_dark(sample) and "exclude:darklink" not in sample.marks]
    pages = {sample.path: page_of(sample) for sample in dark}
    said = {path: spoken(page) for path, page in pages.items()}
    seen = Counter(word for found in said.values() for word in found)
    inspector = Inspector(detectors())
    missed = []
    for path, page in pages.items():
        gone = frozenset(word for word in said[path] if seen[word] == 1)
        with without(gone):
            if not inspector.inspect(page, Context(Site("eval", page.url), TODAY)).findings:
                missed.append(f"missed {path} without {len(gone)} words: {' '.join(sorted(gone))[:160]}")
    print("\n".join(missed))
    print(f"recall without the words of the page itself: {1 - len(missed) / len(dark):.3f} of {len(dark)} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
