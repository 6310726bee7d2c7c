"""Leaks by page: which labelled pages the leak detectors find, and which other pages they flag."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.model import Category, Finding
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.eval.corpus import Sample, samples
from tests.eval.table import Row

_TODAY = date(2017, 4, 1)
_PAGES = (".html", ".htm", ".js", ".shtml")


@dataclass(frozen=True, slots=True)
class Verdict:
    sample: Sample
    leaks: bool
    findings: tuple[Finding, ...]

    @property
    def technique(self) -> str:
        """`java-stacktrace`, `iis-500` ...: what the label says, without its remark in brackets."""
        named = self.sample.labels.get("leak_type", "").partition("(")[0]
        return named or ("other excerpt" if self.leaks else _group(self.sample))


def _group(sample: Sample) -> str:
    if sample.kind == "leak-negative":
        return "look-alikes"
    return f"other pages: {sample.path.partition('/')[0]}"


@lru_cache(maxsize=1)
def verdicts() -> tuple[Verdict, ...]:
    inspector = Inspector([detector for detector in all_detectors() if detector.id.startswith("leaks/")])
    return tuple(_judged(inspector, sample) for sample in leak_pages())


def leak_pages() -> Iterator[Sample]:
    """Every labelled page that says whether it leaks."""
    for sample in samples():
        if sample.path.endswith(_PAGES) and "exclude:leak" not in sample.marks and sample.file.is_file():
            yield sample


def leaks(sample: Sample) -> bool:
    return sample.kind in {"leak", "leak-excerpt"} or "+leak" in sample.marks


def _judged(inspector: Inspector, sample: Sample) -> Verdict:
    page = Page(sample.url or "http://www.qingshan.gov.cn/", sample.body(), today=_TODAY)
    inspection = inspector.inspect(page, Context(Site(id="eval", url=page.url), _TODAY))
    if inspection.failed:
        raise AssertionError(f"{sample.path}: detectors broke: {inspection.failed}")
    return Verdict(
        sample, leaks(sample), tuple(finding for finding in inspection.findings if finding.category is Category.SECURITY_LEAK)
    )


def evaluate() -> list[Row]:
    """One row a technique; a page counts once, however many findings it has."""
    tables: dict[str, list[Verdict]] = {}
    for verdict in verdicts():
        tables.setdefault(verdict.technique, []).append(verdict)
    return [_row(technique, found) for technique, found in sorted(tables.items())]


def _row(technique: str, found: list[Verdict]) -> Row:
    return Row(
        family="leaks",
        technique=technique,
        n=len(found),
        tp=sum(one.leaks and bool(one.findings) for one in found),
        fp=sum(not one.leaks and bool(one.findings) for one in found),
        fn=sum(one.leaks and not one.findings for one in found),
    )


def misses() -> list[str]:
    """One line for each page that was judged wrongly."""
    lines = []
    for verdict in verdicts():
        if verdict.leaks != bool(verdict.findings):
            rules = ", ".join(sorted({finding.rule.id for finding in verdict.findings}))
            lines.append(f"{verdict.sample.path}: {'missed' if verdict.leaks else f'flagged by {rules}'} ({verdict.technique})")
    return lines
