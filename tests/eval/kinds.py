"""Kinds of page: home, list, article, error."""

from functools import lru_cache

from tests.eval.corpus import Sample, samples
from tests.eval.readings import Reading, is_chinese, misses_of, page_of, rows_of
from tests.eval.table import Row

_KINDS = {"home", "article", "list", "error"}


@lru_cache(maxsize=1)
def readings() -> tuple[Reading, ...]:
    return tuple(
        Reading("kind", sample.path, kind, page_of(sample).kind.value)
        for sample in samples()
        if is_chinese(sample) and sample.file.is_file() and (kind := _wanted(sample))
    )


def _wanted(sample: Sample) -> str:
    """The kind that the manifest tells; "" where it tells another word, such as service or forum."""
    told = sample.labels.get("kind") or sample.kind.partition(";")[0].partition("-")[2].partition("(")[0]
    return "list" if told == "page" else told if told in _KINDS else ""


def evaluate() -> list[Row]:
    return rows_of(readings())


def misses() -> list[str]:
    return misses_of(readings())
