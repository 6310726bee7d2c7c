"""What all detectors of this family share about a page, worked out once."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from govcrawl.detectors.dark_links.blocks import Block, blocks, weights
from govcrawl.detectors.dark_links.titles import Pitch, pitch
from govcrawl.page.model import Page


@dataclass(eq=False)
class Analysis:
    page: Page

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return blocks(self.page.scene.links)

    @cached_property
    def hidden(self) -> tuple[Block, ...]:
        """Hidden blocks that are findings."""
        return tuple(block for block in self.blocks if block.hidden and block.score >= weights()["threshold"])

    @cached_property
    def visible(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if not block.hidden and block.score >= weights()["threshold"])

    @cached_property
    def pitches(self) -> tuple[tuple[str, str, Pitch], ...]:
        """Title, keywords and description that sell something, as far as the page has them."""
        meta = self.page.meta
        texts = (("title", self.page.title), ("keywords", meta.get("keywords", "")), ("description", meta.get("description", "")))
        return tuple((place, text, sold) for place, text in texts if text and (sold := pitch(text, _FIELDS[place])).points)


_FIELDS = {"title": "title", "keywords": "meta", "description": "meta"}


@lru_cache(maxsize=2)
def analysis(page: Page) -> Analysis:
    """Keyed by the page as an object: a page is judged by one detector after the other."""
    return Analysis(page)
