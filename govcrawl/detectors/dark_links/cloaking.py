"""What a page shows to a spider or a visitor from a search, beside what it shows to everybody."""

from collections.abc import Iterable
from dataclasses import dataclass

from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.blocks import trusted, weights
from govcrawl.page.model import Page
from govcrawl.page.views import View

# Two fetches of one page by one visitor share most of their links and words; below this the page is too lively to compare.
CALM = 0.6


@dataclass(frozen=True, slots=True)
class Difference:
    """What only the other visitor gets. `lively` says that the page differs from itself, so that nothing can be concluded."""

    who: str
    likeness: float
    noise: float
    new_domains: tuple[str, ...] = ()
    spam: tuple[str, ...] = ()
    title: str = ""
    redirected: str = ""
    lively: bool = False

    @property
    def cloaked(self) -> bool:
        """Spam, a foreign redirect, or another title with foreign links: never mere difference."""
        return bool(self.spam or self.redirected or (self.title and self.new_domains)) and not (self.lively and not self.spam)


def compare(first: View, again: View, other: View) -> Difference:
    """The noise of one profile (two fetches) first, then the other profile against both. Pure; fetching is somebody else's work.

    Addresses by which hosts tell visitors apart (IP, region) are not covered: one vantage point cannot see them.
    """
    noise = 1 - likeness(first.page, again.page)
    known = _domains(first.page) | _domains(again.page)
    spam = _spam(other.page) - _spam(first.page) - _spam(again.page)
    titles = {first.page.title, again.page.title}
    moved = other.arrived if other.arrived and other.arrived not in (first.arrived, again.arrived) else ""
    view = Page(moved, b"") if moved else None
    return Difference(
        who=other.who,
        likeness=max(likeness(first.page, other.page), likeness(again.page, other.page)),
        noise=noise,
        new_domains=tuple(sorted(_domains(other.page) - known)),
        spam=tuple(sorted(spam)),
        title="" if other.page.title in titles else other.page.title,
        redirected=moved if view and view.domain not in (first.page.domain, "") and not trusted(view.domain) else "",
        lively=1 - noise < CALM,
    )


def likeness(one: Page, other: Page) -> float:
    """Share of common links and three-character shingles, 0 to 1."""
    mine, theirs = _shingles(one), _shingles(other)
    if not mine and not theirs:
        return 1.0
    return len(mine & theirs) / len(mine | theirs)


def _shingles(page: Page, size: int = 3) -> set[str]:
    text = page.text[:20_000]
    links: Iterable[str] = (link.url for link in page.links)
    return {text[at : at + size] for at in range(max(0, len(text) - size + 1))} | set(links)


def _domains(page: Page) -> set[str]:
    return {link.domain for link in page.scene.links if not trusted(link.domain)}


def _spam(page: Page) -> set[str]:
    """Words of spam that the page sells in its title, descriptions and anchors."""
    found = analysis(page)
    words = {word for _place, _text, sold in found.pitches if sold.points >= weights()["title_threshold"] for word in sold.words}
    return words | {
        hit.term.word for entry in found.links if entry.level >= 2 for hit in entry.hits if hit.term.tier in ("A", "B")
    }
