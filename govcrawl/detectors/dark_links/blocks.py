"""Blocks of links that leave the site, each scored by hiding, target, theme and context."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from selectolax.lexbor import LexborNode

from govcrawl.detectors.dark_links.folding import fold_short
from govcrawl.detectors.dark_links.sounds import heard
from govcrawl.detectors.dark_links.vocabulary import Hit, data, surroundings, vocabulary
from govcrawl.page.concealment import Concealment
from govcrawl.page.scene import SeenLink

_CONTAINERS = frozenset(
    ("div", "td", "table", "tbody", "ul", "ol", "dl", "p", "body", "section", "footer", "header", "aside", "article", "center", "marquee", "main", "html")
)  # fmt: skip
MAX_STEPS = 6
_SPOKEN = re.compile(r"[\u4e00-\u9fff]{3,12}").fullmatch  # an anchor in other characters is a word, not a headline
_PITCH = frozenset(("A", "B", "C"))


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Any]:
    return data("scoring.toml")


@lru_cache(maxsize=1)
def _trusted() -> tuple[frozenset[str], tuple[str, ...]]:
    known = data("trusted.toml")
    return frozenset(known["domains"]), tuple(f".{suffix}" for suffix in known["suffixes"])


@lru_cache(maxsize=65536)
def trusted(domain: str) -> bool:
    """Whether public-sector pages link this registrable domain as a matter of course."""
    domains, suffixes = _trusted()
    return domain in domains or f".{domain}".endswith(suffixes)


class Themed(NamedTuple):
    """A link with what its words say: 3 a word that fires alone, 2 and 1 company needed, 0 nothing."""

    link: SeenLink
    level: int
    hits: tuple[Hit, ...] = ()

    @property
    def blatant(self) -> bool:
        """Whether a short anchor says a word that fires alone and a pitch beside it: a whole advertisement."""
        return self.level == 3 and any(hit.term.tier in _PITCH and self._beside(hit) for hit in self.hits)

    def _beside(self, hit: Hit) -> bool:
        return any(other.term.tier == "A" and (other.end <= hit.start or hit.end <= other.start) for other in self.hits)


@dataclass(frozen=True, slots=True)
class Block:
    """Links of one element (hidden) or one container (visible), with the factors of their score."""

    links: tuple[Themed, ...]
    hidden: Concealment | None
    score: float
    factors: tuple[tuple[str, float], ...]

    @property
    def domains(self) -> tuple[str, ...]:
        """Target domains, sorted; those of plain words to trusted places left out."""
        return tuple(
            sorted({themed.link.domain for themed in self.links if themed.level >= 2 or not trusted(themed.link.domain)})
        )

    @property
    def technique(self) -> str:
        return self.hidden.technique if self.hidden else "visible"

    @property
    def by_script(self) -> bool:
        """Whether a script hides the block or wrote it or its wrapper."""
        return any(entry.link.written for entry in self.links) or (self.hidden is not None and self.hidden.by_script)

    @property
    def themed(self) -> tuple[Themed, ...]:
        return tuple(themed for themed in self.links if themed.level >= 2)


def themed(links: Iterable[SeenLink]) -> list[Themed]:
    """All anchors scanned in one go; anchor texts are long and many, calls are dear."""
    links = list(links)
    texts = [fold_short(link.text[:300]).replace("\n", " ") for link in links]
    whole = "\n".join(texts)
    starts: list[int] = []
    position = 0
    for text in texts:
        starts.append(position)
        position += len(text) + 1
    found: dict[int, list[Hit]] = {}
    place = 0
    for hit in sorted(vocabulary().scan(whole, "anchor"), key=lambda hit: hit.start):
        while place + 1 < len(starts) and starts[place + 1] <= hit.start:
            place += 1
        found.setdefault(place, []).append(hit._replace(start=hit.start - starts[place], end=hit.end - starts[place]))
    return [_themed(link, texts[at], found.get(at, [])) for at, link in enumerate(links)]


def _themed(link: SeenLink, text: str, hits: list[Hit]) -> Themed:
    if not hits and link.hidden and not link.hidden.revealed and _SPOKEN(text):
        hits = list(heard(text))
    if not hits:
        return Themed(link, 0)
    counted = tuple(hit for hit in hits if not surroundings().excused(text, hit))
    tiers = [hit.term.tier for hit in counted]
    ambiguous = len({hit.term.word for hit in counted if hit.term.tier == "B"})
    # A headline of a news list may hold a brand; an advertisement is short.
    if "A" in tiers and len(text) <= 40:
        return Themed(link, 3, counted)
    if "A" in tiers or ambiguous >= 2 or (ambiguous and "C" in tiers) or (ambiguous and len(text) <= 6):
        return Themed(link, 2, counted)
    return Themed(link, 1 if ambiguous else 0, counted)


def _unpainted(_node: LexborNode) -> None:
    return None


def blocks(links: Iterable[SeenLink], painted: Callable[[LexborNode], Concealment | None] = _unpainted) -> tuple[Block, ...]:
    """Hidden links by the element that hides them, visible ones by the container that holds them. `painted` is asked of links in
    sight whose words are suspicious: whether they have the colour of what lies behind them.
    """
    groups: dict[tuple[bool, int], list[Themed]] = {}
    containers = _Containers()
    for entry in _seen_through(themed(links), painted):
        hidden = entry.link.hidden
        key = (True, hidden.root) if hidden and hidden.technique != "colour" else (False, containers.of(entry.link.node))
        key = (hidden is not None, key[1])
        groups.setdefault(key, []).append(entry)
    return tuple(_scored(tuple(group)) for group in groups.values())


def _seen_through(entries: Iterable[Themed], painted: Callable[[LexborNode], Concealment | None]) -> Iterator[Themed]:
    for entry in entries:
        if entry.level and entry.link.hidden is None and (hidden := painted(entry.link.node)):
            yield entry._replace(link=entry.link._replace(hidden=hidden))
        else:
            yield entry


class _Containers:
    """The element that holds the list of which a link is an entry, remembered by the link's parent."""

    def __init__(self) -> None:
        self._known: dict[int, int] = {}

    def of(self, node: LexborNode) -> int:
        place: LexborNode | None = node.parent
        chain: list[int] = []
        found = 0
        for _ in range(MAX_STEPS):
            if place is None:
                break
            key = place.mem_id
            if key in self._known:
                found = self._known[key]
                break
            chain.append(key)
            found = key
            if place.tag in _CONTAINERS and len(place.css("a[href]")) > 1:
                break
            place = place.parent
        self._known.update(dict.fromkeys(chain, found))
        return found


def weighed(block: Block, name: str, factor: float) -> Block:
    """The block with one more factor."""
    return replace(block, score=block.score * factor, factors=(*block.factors, (name, factor)))


def _scored(links: tuple[Themed, ...]) -> Block:
    hidden = links[0].link.hidden
    factors = tuple(_factors(links, hidden))
    score = 1.0
    for _name, factor in factors:
        score *= factor
    return Block(links, hidden, score, factors)


def _factors(links: tuple[Themed, ...], hidden: Concealment | None) -> Iterator[tuple[str, float]]:
    values = weights()
    technique = hidden.technique if hidden else "visible"
    yield f"hiding: {technique}", values["hiding"].get(technique, values["hiding"]["display-none"])
    yield _offsite(links)
    yield _theme(links)
    if hidden is None:
        return
    context = values["context"]
    if hidden.revealed:
        yield "context: shown again in another state", context["revealed"]
    if hidden.by_script:
        yield "context: hidden by a script that runs at once", context["scripted"]


def _offsite(links: tuple[Themed, ...]) -> tuple[str, float]:
    values = weights()["offsite"]
    domains = {entry.link.domain for entry in links if entry.level >= 2 or not trusted(entry.link.domain)}
    count = len(domains)
    if not count:
        return "offsite: trusted domains only", 0.0
    if count == 1:
        name = "many_links" if len(links) >= 5 else "one"
    else:
        name = "few" if count < 5 else "several" if count < 10 else "many"
    return f"offsite: {count} domains", values[name]


def _theme(links: tuple[Themed, ...]) -> tuple[str, float]:
    values = weights()["theme"]
    sure = sum(entry.level == 3 for entry in links)
    likely = sum(entry.level == 2 for entry in links)
    weak = sum(entry.level == 1 for entry in links)
    if sure >= 2:
        name = "spam"
    elif any(entry.blatant for entry in links):
        name = "blatant"
    elif sure:
        name = "strong"
    elif likely >= 2 or (likely >= len(links) / 5 > 0 and likely):
        name = "some"
    else:
        name = "weak" if likely or weak else "none"
    return f"theme: {name} ({sure} sure, {likely} likely, {weak} weak of {len(links)})", values[name]
