"""Dark links against the labelled pages: precision and recall by page, and every page on which we and the label differ.

Run alone: `python -m tests.eval.dark_links`.
"""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import govcrawl.detectors.dark_links as family
from govcrawl.detectors.base import Context, Detector
from govcrawl.detectors.inspector import Inspector
from govcrawl.findings.model import Finding
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.eval.corpus import Sample, samples
from tests.eval.table import Row

TODAY = date(2017, 4, 1)
UNKNOWN = "http://unknown.invalid/"
# Lists, licences and rule sets are no pages.
_NO_PAGE = ("lists/", "leaks/gitleaks", "leaks/idcard", "leaks/nuclei")
_NO_PAGE_ENDS = (".py", ".tsv", ".toml", ".json", ".md", ".csv", ".txt")


@dataclass(frozen=True, slots=True)
class Judged:
    sample: Sample
    dark: bool
    findings: tuple[Finding, ...]
    failed: tuple[str, ...]

    @property
    def outcome(self) -> str:
        return {(True, True): "tp", (True, False): "fn", (False, True): "fp", (False, False): "tn"}[
            self.dark, bool(self.findings)
        ]


def is_page(sample: Sample) -> bool:
    return not sample.path.startswith(_NO_PAGE) and not sample.path.endswith(_NO_PAGE_ENDS) and sample.file.is_file()


def is_dark(sample: Sample) -> bool:
    return sample.kind.startswith("darklink") or "+darklink" in sample.marks


def page_of(sample: Sample) -> Page:
    url = sample.url or UNKNOWN
    return Page(url=url if "://" in url else f"http://{url}", body=sample.body(), today=TODAY)


def detectors() -> list[Detector]:
    """The detectors of this family alone, so that a fault elsewhere does not silence them."""
    modules = [importlib.import_module(entry.name) for entry in pkgutil.walk_packages(family.__path__, f"{family.__name__}.")]
    kinds = {
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Detector)
        and hasattr(thing, "id")
        and thing.__module__ == module.__name__
    }
    return sorted((kind() for kind in kinds), key=lambda detector: detector.id)


@lru_cache(maxsize=1)
def judged() -> tuple[Judged, ...]:
    inspector = Inspector(detectors())
    return tuple(_judged(inspector, sample) for sample in samples() if is_page(sample) and "exclude:darklink" not in sample.marks)


def _judged(inspector: Inspector, sample: Sample) -> Judged:
    page = page_of(sample)
    inspection = inspector.inspect(page, Context(Site("eval", page.url), TODAY))
    return Judged(sample, is_dark(sample), tuple(inspection.findings), tuple(inspection.failed))


def techniques(sample: Sample) -> Iterator[str]:
    """The families of a page's label, without counts and remarks: `hidden:offscreen×5` is `hidden:offscreen`."""
    for part in sample.labels.get("technique", "").split("|"):
        name = re.sub(r"\s*(?:[×→(].*|with.*)$", "", part.strip())
        if name and not name.startswith("page="):
            yield name


def folder(sample: Sample) -> str:
    return "/".join(sample.path.split("/")[:2])


def evaluate() -> list[Row]:
    """The whole set first, then positives by technique and negatives by folder."""
    results = judged()
    rows = [_row("all pages", results)]
    families: dict[str, list[Judged]] = {}
    for result in results:
        if result.dark:
            for name in dict.fromkeys(techniques(result.sample)):
                families.setdefault(name, []).append(result)
    rows += [_row(name, entries) for name, entries in sorted(families.items(), key=lambda item: -len(item[1]))]
    quiet: dict[str, list[Judged]] = {}
    for result in results:
        if not result.dark:
            quiet.setdefault(folder(result.sample), []).append(result)
    return rows + [_row(f"clean: {name}", entries) for name, entries in sorted(quiet.items())]


def _row(name: str, results: tuple[Judged, ...] | list[Judged]) -> Row:
    outcomes = [result.outcome for result in results]
    note = "not inspected in full" if any(result.failed for result in results) else ""
    return Row("dark links", name, len(outcomes), outcomes.count("tp"), outcomes.count("fp"), outcomes.count("fn"), note)


def misses() -> list[str]:
    """Every page on which we and the label differ, with what we found or what the label says is there."""
    lines = []
    for result in judged():
        sample = result.sample
        if result.failed:
            lines.append(f"broken      {sample.path}: {', '.join(result.failed)}")
        if result.outcome == "fn":
            lines.append(
                f"missed      {sample.path}: {sample.labels.get('technique', '-')}; {sample.labels.get('title', '')[:60]}"
            )
        elif result.outcome == "fp":
            said = "; ".join(f"{finding.rule.id}: {finding.evidence.snippet[:60]}" for finding in result.findings[:3])
            lines.append(f"false alarm {sample.path}: {said}")
    return lines


def main() -> int:
    for row in evaluate():
        found, flagged = row.tp + row.fn, row.tp + row.fp
        recall = f"{row.tp / found:.3f}" if found else "-"
        precision = f"{row.tp / flagged:.3f}" if flagged else "-"
        print(
            f"{row.technique[:60]:60} n={row.n:4} tp={row.tp:3} fp={row.fp:3} fn={row.fn:3} P={precision} R={recall} {row.note}"
        )
    print("\n".join(misses()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
