"""What all detectors of this family share about a page, worked out once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from govcrawl.detectors.base import Fleet, NoFleet
from govcrawl.detectors.dark_links.blocks import Block, Themed, blocks, seen_through, trusted, weighed, weights
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.titles import NO_PITCH, Pitch, may_pitch, pitch
from govcrawl.kit.lazy import lazy
from govcrawl.page.model import Page


@dataclass(eq=False)
class Analysis:
    page: Page
    _sold: dict[str, Pitch] = field(default_factory=dict)

    @lazy
    def links(self) -> tuple[Themed, ...]:
        """The links that leave the site, with what they say."""
        return seen_through(self.page.scene.links, self.page.scene.unseen)

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
    def _texts(self) -> dict[str, str]:
        """Title, keywords and description; none of them where none can sell anything."""
        meta = self.page.meta
        texts = {"title": self.page.title, "keywords": meta.get("keywords", ""), "description": meta.get("description", "")}
        return texts if may_pitch(texts.values()) else {}

    def sold(self, place: str) -> Pitch:
        """What the title, the keywords or the description sell. Looked at when somebody asks: a title may say enough."""
        if place not in self._sold:
            text = self._texts.get(place, "")
            self._sold[place] = pitch(text, _FIELDS[place], lambda: self.words) if text else NO_PITCH
        return self._sold[place]

    @property
    def pitches(self) -> Iterator[tuple[str, str, Pitch]]:
        """Place, text and what it sells, of those that sell something."""
        return ((place, text, sold) for place, text in self._texts.items() if (sold := self.sold(place)).points)

    @property
    def title_sells(self) -> bool:
        """Whether the title advertises, be it with the help of the description where that carries a seller's address."""
        values = weights()
        own, enough = self.sold("title").points, values["title_threshold"]
        if own >= enough or not own:
            return bool(own)
        return "contact-pitch" in self.sold("description").families and own + values["title"]["seller"] >= enough


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
