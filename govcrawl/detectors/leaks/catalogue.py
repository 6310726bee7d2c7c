"""Every rule of the leak family behind one keyword filter, and what a page sets off."""

from functools import cache, lru_cache
from weakref import WeakKeyDictionary

from govcrawl.detectors.leaks import checks
from govcrawl.detectors.leaks.quoted import is_quoted
from govcrawl.detectors.leaks.view import view_of
from govcrawl.detectors.rules import Hit, Rule
from govcrawl.detectors.rules_engine import RuleSet
from govcrawl.detectors.rules_load import load_package
from govcrawl.page.model import Page

PACKAGE = "govcrawl.detectors.leaks"
FILES = ("errors.toml", "listings.toml", "keys.toml")
_HITS: WeakKeyDictionary[Page, list[Hit]] = WeakKeyDictionary()


@cache
def rules_of(name: str) -> tuple[Rule, ...]:
    return tuple(load_package(PACKAGE, [name]))


@lru_cache(maxsize=1)
def rule_set() -> RuleSet:
    return RuleSet.of([rule for name in FILES for rule in rules_of(name)], validators=checks.VALIDATORS)


def hits_on(page: Page) -> list[Hit]:
    """What all rules say of a page, found in one pass; each detector takes those of its file."""
    hits = _HITS.get(page)
    if hits is None:
        view = view_of(page)
        found = rule_set().scan(view.pieces, view.status, view.headers)
        hits = _HITS[page] = [
            hit
            for hit in found
            if hit.rule.stands != "unquoted" or hit.piece.target != "source" or not is_quoted(view, hit.start, hit.end)
        ]
    return hits
