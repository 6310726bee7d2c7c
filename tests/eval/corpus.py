"""The labelled pages beside the checkout, with their corrections applied."""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(os.environ.get("GOVCRAWL_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus"))
DISPUTED = Path(__file__).with_name("disputed.tsv")


@dataclass(slots=True)
class Sample:
    """One file of the corpus. `labels` are the `name=value` parts of its row; `marks` are corrections such as `+leak`."""

    path: str
    kind: str
    labels: dict[str, str]
    marks: set[str] = field(default_factory=set)

    @property
    def file(self) -> Path:
        return ROOT / self.path

    @property
    def url(self) -> str:
        return self.labels.get("url", "")

    def body(self) -> bytes:
        return self.file.read_bytes()


def available() -> bool:
    return (ROOT / "MANIFEST.tsv").is_file()


def samples() -> Iterator[Sample]:
    corrections = _corrections()
    with (ROOT / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            sample = Sample(row["path"], row["kind"], _labels(row["labels"]))
            for correction in corrections.get(sample.path, ()):
                _apply(sample, correction)
            yield sample


def _labels(text: str) -> dict[str, str]:
    return {name.strip(): value.strip() for part in text.split("; ") if "=" in part for name, value in [part.split("=", 1)]}


def _corrections() -> dict[str, list[str]]:
    """The corpus' own corrections and then ours, in the same form: path, correction, why."""
    found: dict[str, list[str]] = {}
    for source in (ROOT / "corrections.tsv", DISPUTED):
        if source.is_file():
            with source.open(encoding="utf-8") as lines:
                for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                    found.setdefault(row["path"], []).append(row["correction"])
    return found


def _apply(sample: Sample, correction: str) -> None:
    if correction.startswith(("+", "exclude:")):
        sample.marks.add(correction)
    else:
        sample.labels.update(_labels(correction))
