"""All detectors run over one page or one site; the only place where a fault of a detector is survived."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from govcrawl.detectors.base import Context, Detector, Gate, SiteView
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.model import Category, Finding
from govcrawl.kit.clock import Turn
from govcrawl.page.model import Page

# Of one detector on one page. A page of a hundred thousand hidden links is as bad after the first thousand.
_MOST_FINDINGS = 1_000
_TOO_MANY = f"more than {_MOST_FINDINGS:,} findings; these are the first"
_TOO_LONG = "stopped: the page took {seconds:g} seconds of the processor"
_TOO_LATE = "not run: the page had taken {seconds:g} seconds of the processor"
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Inspection:
    """What the detectors said. `failed` names those that broke or were stopped, and why: what they would have said is unknown, not clean.
    `seconds` are of the processor.
    """

    findings: list[Finding] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Inspector:
    """`accepted` are ids of findings that nobody wants to hear of any more, `disabled` ids of detectors that are not run.

    `most_seconds` of the processor are for one page: the detector that uses them up is stopped with its next finding, and none follows.
    """

    def __init__(
        self,
        detectors: Sequence[Detector] | None = None,
        accepted: frozenset[str] = frozenset(),
        disabled: frozenset[str] = frozenset(),
        most_seconds: float = 10.0,
    ) -> None:
        chosen = all_detectors() if detectors is None else detectors
        self.detectors = tuple(detector for detector in chosen if detector.id not in disabled)
        self.accepted, self.most_seconds = accepted, most_seconds
        self._of_pages = [detector for detector in self.detectors if type(detector).inspect is not Detector.inspect]
        self._of_sites = [detector for detector in self.detectors if type(detector).conclude is not Detector.conclude]

    def of(self, family: str) -> "Inspector":
        """The same for the detectors alone whose ids begin like this."""
        family_of = [detector for detector in self.detectors if detector.id.startswith(family)]
        return Inspector(family_of, self.accepted, most_seconds=self.most_seconds)

    def looks_for(self, *categories: Category) -> bool:
        return any(detector.category in categories for detector in self.detectors)

    @property
    def builders(self) -> frozenset[str]:
        """Ids of the detectors that build on findings of pages."""
        return frozenset(detector.id for detector in self.detectors if detector.builds_on)

    @property
    def builds_on(self) -> frozenset[str]:
        return frozenset(rule for detector in self.detectors for rule in detector.builds_on)

    def inspect(self, page: Page, context: Context) -> Inspection:
        gates = _Gates(page)

        def judge(detector: Detector) -> Iterable[Finding] | None:
            return detector.inspect(page, context) if detector.gate is None or gates[detector.gate] else None

        return self._run(self._of_pages, page.url, context, judge)

    def conclude(self, view: SiteView, context: Context) -> Inspection:
        return self._run(self._of_sites, view.site.url, context, lambda detector: detector.conclude(view, context))

    def _run(
        self, detectors: Sequence[Detector], url: str, context: Context, judge: Callable[[Detector], Iterable[Finding] | None]
    ) -> Inspection:
        inspection, turn, over = Inspection(), Turn(self.most_seconds), False
        for detector in detectors:
            try:
                said = None if over else judge(detector)
                if said is None and not over:
                    continue
                stopped = _TOO_LATE if said is None else _gather(said, inspection.findings, turn)
            except Exception as fault:  # noqa: BLE001 - one broken detector must not cost the page its other judgements
                where = {"site": context.site.id, "campaign": context.campaign, "url": url}
                log.warning("a detector failed", extra={"detector": detector.id, "fault": type(fault).__name__} | where)
                inspection.failed[detector.id] = type(fault).__name__
            else:
                if stopped:
                    inspection.failed[detector.id] = stopped.format(seconds=self.most_seconds)
            over = turn.lap(detector.id)
        inspection.seconds = turn.seconds()
        if self.accepted:
            inspection.findings = [one for one in inspection.findings if one.identity(context.site.id) not in self.accepted]
        return inspection


class _Gates(dict[Gate, bool]):
    """What the gates of detectors say of one page, each asked when a detector first needs it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def __missing__(self, gate: Gate) -> bool:
        answer = self[gate] = gate(self._page)
        return answer


def _gather(said: Iterable[Finding], findings: list[Finding], turn: Turn) -> str:
    """Why a detector was stopped; "" where it said everything."""
    for number, finding in enumerate(said):
        if number == _MOST_FINDINGS:
            return _TOO_MANY
        findings.append(finding)
        if turn.over():
            return _TOO_LONG
    return ""
