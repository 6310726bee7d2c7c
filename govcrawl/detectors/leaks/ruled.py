"""The detector that a rule file makes."""

import re
from collections.abc import Iterator
from typing import ClassVar

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.leaks.catalogue import alarm_on, own_rules, rules_of, sets_off_a_rule
from govcrawl.detectors.rules import Hit, Sample
from govcrawl.findings import mask
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Finding
from govcrawl.findings.model import Rule as RuleName
from govcrawl.page.model import Page

_WINDOW = 80  # characters to each side
# Of a tag that the window cuts, what is left.
_TAGS = re.compile(r"^[^<>]{0,200}(?<![\w)])>|<[^<>]{0,2000}(?:>|$)|&nbsp;|&#9;")
_SPACES, _LINES = re.compile(r"[ \t\r\f\v]+"), re.compile(r"\s*\n\s*")
_FIRST_WORD, _LAST_WORD = re.compile(r"^[\w+/=-]+"), re.compile(r"[\w+/=-]+$")


class RuledDetector(Detector):
    """Findings carry the id of the rule; the samples of the rules are the examples of the detector."""

    file: ClassVar[str]
    fosters: ClassVar[bool] = False  # also judges by the rules that an overlay adds
    category = Category.SECURITY_LEAK
    indicators = ("V1",)
    gate = staticmethod(sets_off_a_rule)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.flagged = tuple(_example(sample) for rule in rules_of(cls.file) for sample in rule.flagged)
        cls.clean = tuple(_example(sample) for rule in rules_of(cls.file) for sample in rule.clean)

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - a rule looks at the page alone
        own = {rule.id for rule in rules_of(self.file)} | (own_rules() if self.fosters else frozenset())
        told: set[tuple[str, str]] = set()
        for hit in alarm_on(page).hits:
            if hit.rule.id not in own:
                continue
            subject = _subject(hit, page)
            if (hit.rule.id, subject) not in told:
                told.add((hit.rule.id, subject))
                yield self._finding(page, hit, subject)

    def _finding(self, page: Page, hit: Hit, subject: str) -> Finding:
        rule = hit.rule
        return self.finding(
            page.url,
            subject,
            snippet(hit),
            locator=hit.piece.at(hit.start),
            reason=rule.title,
            severity=rule.severity,
            confidence=rule.confidence,
            title=rule.title,
            rule=RuleName(rule.id, rule.version, rule.title),
        )


def _example(sample: Sample) -> Example:
    return Example(sample.text, sample.reason, url=sample.url, headers=sample.headers, status=sample.status)


def _subject(hit: Hit, page: Page) -> str:
    """What makes it the same fault again. Only hashes of what was found: it may be the secret itself."""
    if hit.rule.subject == "host":
        return page.host
    if hit.rule.subject == "path":
        return page.url.partition("?")[0]
    return mask.fingerprint((hit.match if hit.rule.subject == "match" else hit.secret).decode("utf-8", "replace"))


def snippet(hit: Hit) -> Masked:
    """The place with its surroundings; a secret is cut to its first and last characters."""
    return _fault_text(hit) if hit.rule.mask == "none" else _secret_place(hit)


def _secret_place(hit: Hit) -> Masked:
    data = hit.piece.data
    first, last = max(0, hit.secret_start - 4 * _WINDOW), hit.secret_start + len(hit.secret)
    before = data[first : hit.secret_start].decode("utf-8", "ignore")
    secret = hit.secret.decode("utf-8", "ignore")
    after = data[last : last + 4 * _WINDOW].decode("utf-8", "ignore")
    return mask.within(before + secret + after, len(before), len(before) + len(secret), window=_WINDOW)


def _fault_text(hit: Hit) -> Masked:
    """What the server shows, without its markup; of a short message also what stands around it."""
    data = hit.piece.data
    shown = _readable(data[hit.start : hit.end])
    if len(shown) >= _WINDOW:
        return mask.text(mask.beside(shown))
    first, last = max(0, hit.start - _WINDOW), hit.end + 3 * _WINDOW
    around = _readable(data[first:last])
    if shown not in around:  # the match is part of a tag
        return mask.text(mask.beside(shown))
    # The cuts may fall into a number, half of which no mask knows.
    around = _FIRST_WORD.sub("", around) if first else around
    around = _LAST_WORD.sub("", around) if last < len(data) else around
    return mask.text(mask.beside(around.strip()))


def _readable(markup: bytes) -> str:
    text = _TAGS.sub(" ", markup.decode("utf-8", "ignore"))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
