"""The newest entry of a list by page, days that are made up, and pages that must not be called blank."""

from collections.abc import Iterator
from functools import lru_cache

from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from tests.eval.corpus import Sample, samples
from tests.eval.readings import Reading, day_label, is_chinese, misses_of, page_of, rows_of
from tests.eval.table import Row


@lru_cache(maxsize=1)
def readings() -> tuple[Reading, ...]:
    return tuple(reading for sample in samples() if is_chinese(sample) and sample.file.is_file() for reading in _readings(sample))


def _readings(sample: Sample) -> Iterator[Reading]:
    page = page_of(sample)
    newest = page.newest_item.dated if page.newest_item else None
    read = str(newest.day) if newest else ""
    if (wanted := day_label(sample, "newest_item_date")) is not None:
        yield Reading("newest item", sample.path, wanted, read)
        fresher = read if read > wanted else ""
        yield Reading("no list fresher than it is", sample.path, "", fresher)
    if "blank" in sample.kind:
        yield Reading("near-empty pages not called blank", sample.path, "", "blank" if _blank(page) else "")


def _blank(page: Page) -> bool:
    column = column_of(page)
    return bool(column and column.inspected and not column.items)


def evaluate() -> list[Row]:
    return rows_of(readings())


def misses() -> list[str]:
    return misses_of(readings())
