"""What all detectors of this family share about a page, worked out once."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from govcrawl.detectors.base import Fleet, NoFleet
from govcrawl.detectors.dark_links.blocks import Block, Themed, blocks, seen_through, trusted, weighed, weights
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.titles import Pitch, may_pitch, pitch
from govcrawl.kit.lazy import lazy
from govcrawl.page.model import Page


@dataclass(eq=False)
class Analysis:
    page: Page

    @lazy
    def links(self) -> tuple[Themed, ...]:
        """The links that leave the site, with what they say."""
        return seen_through(self.page.scene.links, self.page.scene.concealments.painted)

    @lazy
    def quiet(self) -> bool:
        """Whether all links that leave say nothing and lead to trusted places or are in sight: no block of such is a finding unless the
        fleet knows a target.
        """
        return not any(entry.hits or (not trusted(entry.link.domain) and entry.link.hidden) for entry in self.links)

    @lazy
    def blocks(self) -> tuple[Block, ...]:
        return blocks(self.links)

    def standing(self, fleet: Fleet) -> tuple[Block, ...]:
        """The blocks that are findings, once the fleet has spoken on their targets."""
        alone = isinstance(fleet, NoFleet)
        if self.quiet and (alone or not any(_suspect(domain, fleet) for domain in {entry.link.domain for entry in self.links})):
            return ()
        known = self.blocks if alone else tuple(_with_fleet(block, fleet) for block in self.blocks)
        return tuple(block for block in known if block.score >= weights()["threshold"])

    @lazy
    def dormant(self) -> tuple[Block, ...]:
        """Blocks in comments, text areas and templates that are findings."""
        return tuple(block for block in blocks(seen_through(self.page.scene.dormant)) if block.score >= weights()["threshold"])

    @lazy
    def words(self) -> str:
        """The folded words of the page's links: what the site itself speaks of."""
        return fold(" ".join(link.text for link in islice(self.page.links, MAX_WORDS)))

    @lazy
    def pitches(self) -> tuple[tuple[str, str, Pitch], ...]:
        """Title, keywords and description that sell something, as far as the page has them."""
        meta = self.page.meta
        texts = (("title", self.page.title), ("keywords", meta.get("keywords", "")), ("description", meta.get("description", "")))
        if not may_pitch(text for _place, text in texts):
            return ()
        return tuple(
            (place, text, sold)
            for place, text in texts
            if text and (sold := pitch(text, _FIELDS[place], lambda: self.words)).points
        )

    @lazy
    def title_points(self) -> float:
        """The title, helped by the description where that carries a seller's address."""
        points = {place: sold for place, _text, sold in self.pitches}
        own = points["title"].points if "title" in points else 0.0
        seller = "description" in points and "contact-pitch" in points["description"].families
        return own + (weights()["title"]["seller"] if seller and own else 0.0)


def _with_fleet(block: Block, fleet: Fleet) -> Block:
    """A target that three unrelated sites hide, or that was seen to be spam, weighs; one that hundreds link openly excuses."""
    values = weights()
    domains = block.domains[:MAX_ASKED]
    if not domains or not block.score:
        return block
    known = [domain for domain in domains if _suspect(domain, fleet)]
    # Among many friends in plain sight one that was lost is no block of spam.
    if known and (block.hidden or len(known) >= values["fleet"]["shown_share"] * len(domains)):
        return weighed(block, f"context: the fleet knows {known[0]} as spam", values["context"]["fleet"])
    if all(fleet.linked_by(domain) >= values["fleet"]["linked_by"] for domain in domains):
        return weighed(block, "context: hundreds of sites link the targets openly", values["context"]["plain"])
    return block


def _suspect(domain: str, fleet: Fleet) -> bool:
    """A vendor's address is hidden on some sites of many that show it; spam is hidden wherever it is."""
    values = weights()["fleet"]
    if fleet.verdict(domain) == "spam":
        return True
    hidden, shown = fleet.hidden_on(domain), fleet.linked_by(domain)
    return bool(hidden >= values["hidden_on"] and shown < min(values["linked_by"], values["shown_for_hidden"] * hidden))


MAX_WORDS = 400
MAX_ASKED = 50
_FIELDS = {"title": "title", "keywords": "meta", "description": "meta"}


@lru_cache(maxsize=1)
def analysis(page: Page) -> Analysis:
    """Keyed by the page as an object: a page is judged by one detector after the other."""
    return Analysis(page)
