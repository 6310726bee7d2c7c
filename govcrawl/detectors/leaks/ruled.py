"""The detector that a rule file makes."""

from collections.abc import Iterator
from typing import ClassVar

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.leaks.catalogue import alarm_on, rules_of
from govcrawl.detectors.rules import Hit, Sample
from govcrawl.findings import mask
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Finding
from govcrawl.findings.model import Rule as RuleName
from govcrawl.page.model import Page

_WINDOW = 80  # characters to each side


class RuledDetector(Detector):
    """Findings carry the id of the rule; the samples of the rules are the examples of the detector."""

    file: ClassVar[str]
    category = Category.SECURITY_LEAK
    indicators = ("V1",)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.flagged = tuple(_example(sample) for rule in rules_of(cls.file) for sample in rule.flagged)
        cls.clean = tuple(_example(sample) for rule in rules_of(cls.file) for sample in rule.clean)

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - a rule looks at the page alone
        own = {rule.id for rule in rules_of(self.file)}
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
            locator=f"{hit.piece.target}@{hit.start}",
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
    """The place with its surroundings; the secret is cut to its first and last characters."""
    data = hit.piece.data
    first, last = max(0, hit.secret_start - 4 * _WINDOW), hit.secret_start + len(hit.secret)
    before = data[first : hit.secret_start].decode("utf-8", "ignore")
    secret = hit.secret.decode("utf-8", "ignore")
    after = data[last : last + 4 * _WINDOW].decode("utf-8", "ignore")
    show = mask.text if hit.rule.mask == "none" else mask.secret
    return mask.within(before + secret + after, len(before), len(before) + len(secret), window=_WINDOW, show=show)
