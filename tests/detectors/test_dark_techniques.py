"""Every technique of dark links that a page can show, in every place and encoding, and the honest page that looks like it."""

from collections import Counter
from datetime import date

import pytest

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.model import Finding
from govcrawl.sites.model import Site
from tests.detectors.dark_links.cases import ENCODINGS, Case, cases

_CONTEXT = Context(Site("test", "http://www.qingshan.gov.cn/"), date(2025, 11, 20))


def judged(dark: bool) -> tuple[list[Case], list[str]]:
    """The cases of one side, and those on which the detectors say something else than the data."""
    inspector = Inspector([detector for detector in all_detectors() if detector.id.startswith("dark-links/")])
    chosen = [case for case in cases() if case.dark is dark]
    wrong = []
    for case in chosen:
        inspection = inspector.inspect(case.page, _CONTEXT)
        assert not inspection.failed, case.name
        if not _as_said(case, inspection.findings):
            wrong.append(
                f"{case.name} ({case.why})"
                + "".join(f"\n    {finding.rule.id}: {finding.evidence.reason}" for finding in inspection.findings)
            )
    return chosen, wrong


def _as_said(case: Case, findings: list[Finding]) -> bool:
    """Where the technique hides, it is the hiding that must be found, not only words that would be found in plain sight too."""
    if not case.dark:
        return not findings
    return any(not case.hides or finding.evidence.extra.get("technique") != "visible" for finding in findings)


@pytest.mark.parametrize("dark", [True, False], ids=["flagged", "clean"])
def test_every_technique_is_found_everywhere_and_no_look_alike_is(dark, capsys):
    chosen, wrong = judged(dark)
    with capsys.disabled():
        print(
            f"\ngenerated dark links: {len(chosen) - len(wrong)} of {len(chosen)} {'techniques found' if dark else 'look-alikes clean'}"
        )
    assert not wrong, "\n".join(wrong)


def test_the_cases_cover_every_place_in_every_encoding():
    made = Counter((case.place, case.encoding) for case in cases() if case.dark)
    assert (
        min(made[place, encoding] for place in ("inline", "style block", "sheet", "script", "written") for encoding in ENCODINGS)
        >= 20
    )
