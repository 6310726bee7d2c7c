"""Blocks of links that leave the site, each scored by hiding, target, theme and context."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from msgspec import Struct, structs
from selectolax.lexbor import LexborNode

from govcrawl.detectors.dark_links.folding import fold_each
from govcrawl.detectors.dark_links.sounds import heard
from govcrawl.detectors.dark_links.vocabulary import Hit, data, surroundings, vocabulary
from govcrawl.kit.remember import remembered
from govcrawl.page.concealment import Concealment
from govcrawl.page.scene import SeenLink

_CONTAINERS = frozenset(
    ("div", "td", "table", "tbody", "ul", "ol", "dl", "p", "body", "section", "footer", "header", "aside", "article", "center", "marquee", "main", "html")
)  # fmt: skip
MAX_STEPS = 6
_FEW_ELEMENTS = 40
_LONGEST = 300  # characters of an anchor that are read
_BETWEEN = "\0"  # anchors
_SPOKEN = re.compile(r"[\u4e00-\u9fff]{3,12}").fullmatch  # an anchor in other characters is a word, not a headline
_PITCH = frozenset(("A", "B", "C"))


@lru_cache(maxsize=1)
def weights() -> Mapping[str, Any]:
    return data("scoring.toml")


@lru_cache(maxsize=1)
def _trusted() -> tuple[frozenset[str], tuple[str, ...]]:
    known = data("trusted.toml")
    return frozenset(known["domains"]), tuple(f".{suffix}" for suffix in known["suffixes"])


@remembered(32768, 300)
def trusted(domain: str) -> bool:
    """Whether public-sector pages link this registrable domain as a matter of course."""
    domains, suffixes = _trusted()
    return domain in domains or f".{domain}".endswith(suffixes)


class Themed(Struct, frozen=True, eq=False):
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
    """Links of one element (hidden) or one container (visible), with their score. `more` are factors that came to it later."""

    links: tuple[Themed, ...]
    hidden: Concealment | None
    score: float
    more: tuple[tuple[str, float], ...] = ()

    @property
    def factors(self) -> tuple[tuple[str, float], ...]:
        """What the score is made of, in words: asked only of blocks that are told of."""
        return (*((part.words, part.factor) for part in _parts(self.links, self.hidden)), *self.more)

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
    links = list(links)
    if not links:
        return []
    texts, found = _said(_BETWEEN.join([link.text[:_LONGEST].replace(_BETWEEN, " ") for link in links]))
    return [
        _themed(link, texts[at], found.get(at, [])) if at in found or _may_whisper(link) else Themed(link, 0)
        for at, link in enumerate(links)
    ]


def _may_whisper(link: SeenLink) -> bool:
    """What leads to a trusted place and says nothing is no advertisement, in sight or not."""
    return not trusted(link.domain) and link.hidden is not None


# The links that leave a site are mostly those of its template, the same on page after page.
@remembered(512)
def _said(together: str) -> tuple[list[str], dict[int, list[Hit]]]:
    """The folded words of anchors, and what they advertise by position. All are scanned in one go: they are long and many, calls are dear."""
    texts = fold_each(together.split(_BETWEEN))
    whole = "\n".join(texts)
    starts: list[int] = []
    position = 0
    for text in texts:
        starts.append(position)
        position += len(text) + 1
    found: dict[int, list[Hit]] = {}
    place = 0
    for hit in sorted(vocabulary().scan(whole, "anchor"), key=attrgetter("start")):
        while place + 1 < len(starts) and starts[place + 1] <= hit.start:
            place += 1
        at = starts[place]
        found.setdefault(place, []).append(Hit(hit.term, hit.start - at, hit.end - at))
    return texts, found


def _themed(link: SeenLink, text: str, hits: list[Hit]) -> Themed:
    if not hits and link.hidden and not link.hidden.revealed and _SPOKEN(text):
        hits = list(heard(text))
    if not hits or (surroundings().bare_place(text) and trusted(link.domain)):
        return Themed(link, 0)
    excused = surroundings().excused
    counted = tuple([hit for hit in hits if not excused(text, hit)])
    tiers = [hit.term.tier for hit in counted]
    ambiguous = len({hit.term.word for hit in counted if hit.term.tier == "B"})
    # A headline of a news list may hold a brand; an advertisement is short.
    if "A" in tiers and len(text) <= 40:
        return Themed(link, 3, counted)
    if "A" in tiers or ambiguous >= 2 or (ambiguous and "C" in tiers) or (ambiguous and len(text) <= 6):
        return Themed(link, 2, counted)
    return Themed(link, 1 if ambiguous else 0, counted)


def _plain(_node: LexborNode) -> None:
    return None


def seen_through(links: Iterable[SeenLink], unseen: Callable[[LexborNode], Concealment | None] = _plain) -> tuple[Themed, ...]:
    """The links with what they say. `unseen` is asked of links that nothing hides and whose words are suspicious; of all, where it says so of
    one: those beside it are of the same block.
    """
    said = themed(links)
    entries = [_looked_at(entry, unseen) if entry.level else entry for entry in said]
    if any(entry is not before and _is_of_block(entry.link) for entry, before in zip(entries, said, strict=True)):
        entries = [entry if entry.level else _looked_at(entry, unseen) for entry in entries]
    return tuple(entries)


def _is_of_block(link: SeenLink) -> bool:
    """Whether what hides the link hides those beside it, too; a colour is each one's own."""
    return link.hidden is not None and link.hidden.technique != "colour"


def _looked_at(entry: Themed, unseen: Callable[[LexborNode], Concealment | None]) -> Themed:
    if entry.link.hidden is None and (hidden := unseen(entry.link.node)):
        return structs.replace(entry, link=structs.replace(entry.link, place=hidden))
    return entry


def blocks(entries: Iterable[Themed]) -> tuple[Block, ...]:
    """Hidden links by the element that hides them, visible ones by the container that holds them."""
    groups: dict[tuple[bool, int], list[Themed]] = {}
    containers = _Containers()
    for entry in entries:
        hidden = entry.link.hidden
        apart = hidden is not None and hidden.technique != "colour"
        key = (hidden is not None, hidden.root if hidden and apart else containers.of(entry.link.node))
        groups.setdefault(key, []).append(entry)
    return tuple(_scored(tuple(group)) for group in groups.values())


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
            if place.tag in _CONTAINERS and _holds_several(place):
                break
            place = place.parent
        self._known.update(dict.fromkeys(chain, found))
        return found


def _holds_several(place: LexborNode) -> bool:
    """Whether there is more than one link in it. The second one stands near the first as a rule: a look at a few elements is cheaper
    than a query.
    """
    links = 0
    for seen, inner in enumerate(place.traverse()):
        if seen == _FEW_ELEMENTS:
            return len(place.css("a[href]")) > 1
        if inner.tag == "a" and "href" in inner.attributes:
            links += 1
            if links > 1:
                return True
    return False


def weighed(block: Block, name: str, factor: float) -> Block:
    """The block with one more factor."""
    return replace(block, score=block.score * factor, more=(*block.more, (name, factor)))


class _Part(NamedTuple):
    """One factor of a score, and what its words are made of."""

    factor: float
    template: str
    values: tuple[object, ...] = ()

    @property
    def words(self) -> str:
        return self.template.format(*self.values)


def _scored(links: tuple[Themed, ...]) -> Block:
    hidden = links[0].link.hidden
    score = 1.0
    for part in _parts(links, hidden):
        score *= part.factor
    return Block(links, hidden, score)


def _parts(links: tuple[Themed, ...], hidden: Concealment | None) -> Iterator[_Part]:
    values = weights()
    technique = hidden.technique if hidden else "visible"
    yield _Part(values["hiding"].get(technique, values["hiding"]["display-none"]), "hiding: {}", (technique,))
    yield _offsite(links)
    yield _theme(links)
    if hidden is None:
        return
    context = values["context"]
    if hidden.revealed:
        yield _Part(context["revealed"], "context: shown again in another state")
    if hidden.by_script:
        yield _Part(context["scripted"], "context: hidden by a script that runs at once")


def _offsite(links: tuple[Themed, ...]) -> _Part:
    values = weights()["offsite"]
    count = len({entry.link.domain for entry in links if entry.level >= 2 or not trusted(entry.link.domain)})
    if not count:
        return _Part(0.0, "offsite: trusted domains only")
    if count == 1:
        name = "many_links" if len(links) >= 5 else "one"
    else:
        name = "few" if count < 5 else "several" if count < 10 else "many"
    return _Part(values[name], "offsite: {} domains", (count,))


def _theme(links: tuple[Themed, ...]) -> _Part:
    values = weights()["theme"]
    levels = [entry.level for entry in links]
    sure, likely, weak = levels.count(3), levels.count(2), levels.count(1)
    if sure >= 2:
        name = "spam"
    elif sure and any(entry.blatant for entry in links):
        name = "blatant"
    elif sure:
        name = "strong"
    elif likely >= 2 or (likely >= len(links) / 5 > 0 and likely):
        name = "some"
    else:
        name = "weak" if likely or weak else "none"
    return _Part(values[name], "theme: {} ({} sure, {} likely, {} weak of {})", (name, sure, likely, weak, len(links)))
