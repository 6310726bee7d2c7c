"""`govcrawl detectors`: the catalogue of judgements."""

import click

from govcrawl.cli import options
from govcrawl.cli.faults import DONE, LOOK, Fault
from govcrawl.cli.output import print_json, print_table, say
from govcrawl.detectors.base import Detector
from govcrawl.detectors.check import disagreements
from govcrawl.detectors.registry import all_detectors


@click.group(help="Show the catalogue of detectors and check their examples.")
def command() -> None:
    pass


@options.example("govcrawl detectors list")
@command.command("list")
@options.as_json
def list_detectors(as_json: bool) -> None:
    """Show every detector: id, what it reports, how bad and how sure."""
    if as_json:
        for detector in all_detectors():
            print_json(_facts(detector))
        return
    print_table(
        ("id", "category", "severity", "confidence", "indicators", "title"),
        [(d.id, d.category, d.severity, d.confidence, " ".join(d.indicators), d.title) for d in all_detectors()],
    )


@options.example("govcrawl detectors check", "govcrawl detectors check dark-links/hidden-by-style")
@command.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@options.as_json
def check(ids: tuple[str, ...], as_json: bool) -> int:
    """Run detectors on their own examples. Exit status 1 where one judges otherwise."""
    chosen = [detector for detector in all_detectors() if not ids or detector.id in ids]
    if missing := set(ids) - {detector.id for detector in chosen}:
        raise Fault(f"no detector {', '.join(sorted(missing))}; `govcrawl detectors list` shows them all")
    wrong = list(disagreements(chosen))
    if as_json:
        for one in wrong:
            print_json({"detector": one.detector, "kind": one.kind, "number": one.number, "reason": one.reason, "said": one.said})
    elif wrong:
        print_table(
            ("detector", "example", "why it is there", "said"),
            [(one.detector, f"{one.kind} {one.number}", one.reason, one.said) for one in wrong],
        )
    examples = sum(len(d.flagged) + len(d.clean) + len(d.misses) for d in chosen)
    say(f"{len(chosen)} detectors, {examples} examples, {len(wrong)} judged otherwise")
    return LOOK if wrong else DONE


def _facts(detector: Detector) -> dict[str, object]:
    return {
        "id": detector.id,
        "version": detector.version,
        "title": detector.title,
        "category": detector.category,
        "severity": detector.severity,
        "confidence": detector.confidence,
        "indicators": detector.indicators,
        "flagged": len(detector.flagged),
        "clean": len(detector.clean),
        "misses": len(detector.misses),
    }
