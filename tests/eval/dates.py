"""The day of publication by page, beside what htmldate reads in fast mode."""

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from htmldate import find_date

from tests.eval.corpus import Sample, samples
from tests.eval.readings import LATER, Reading, day_label, is_chinese, misses_of, page_of, rows_of
from tests.eval.table import Row


@lru_cache(maxsize=1)
def readings() -> tuple[Reading, ...]:
    return tuple(reading for sample in samples() if sample.file.is_file() for reading in _readings(sample))


def _readings(sample: Sample) -> Iterator[Reading]:
    if sample.kind == "date-page":
        yield from _foreign(sample)
    elif is_chinese(sample) and (wanted := day_label(sample, "pub")) is not None:
        page = page_of(sample)
        yield Reading("published: Chinese pages", sample.path, wanted, str(page.published.day) if page.published else "")


def _foreign(sample: Sample) -> Iterator[Reading]:
    wanted = sample.labels.get("expected_date", "")
    if len(wanted) != 10:  # a list of accepted days, or none
        return
    page = page_of(sample, LATER)
    yield Reading("published: htmldate's pages", sample.path, wanted, str(page.published.day) if page.published else "")
    peer = find_date(page.html, extensive_search=False, original_date=True, max_date=str(LATER + timedelta(days=1)))
    yield Reading("peer: htmldate in fast mode", sample.path, wanted, peer or "")


def evaluate() -> list[Row]:
    return rows_of(readings())


def misses() -> list[str]:
    return misses_of(readings())
