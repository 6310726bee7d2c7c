"""Questions for numbers as SQL over the JSON documents."""

from collections.abc import Callable

from govcrawl.kit.clock import iso
from govcrawl.store import questions
from govcrawl.store.questions import Match, Metric, Question, Row

_ALL = "SELECT document FROM"
# A later page is part of the history of its column, and no column.
FIRST_PAGES = "coalesce(json_extract(document, '$.column.part_of'), '') = ''"
# SQLite takes the bare columns of a group from the row that holds its max().
_SOURCES = {
    "findings": f"{_ALL} findings",
    "events": f"{_ALL} events",
    "columns": f"SELECT document, max(seen_at) FROM columns WHERE {FIRST_PAGES} GROUP BY site, url",  # noqa: S608 - no value in it
    "column-history": f"{_ALL} columns",
    "sites": "SELECT document, max(concluded_at) FROM sites GROUP BY site",
    "site-history": f"{_ALL} sites",
    "not-inspected": f"{_ALL} not_inspected",
    "workers": f"{_ALL} workers",
}
_SHIFT = f"'{questions.UTC_OFFSET_HOURS:+} hours'"
_UNITS = {
    "hour": f"strftime('%Y-%m-%dT%H:00', {{}}, {_SHIFT})",
    "day": f"date({{}}, {_SHIFT})",
    "week": f"date({{}}, {_SHIFT}, 'weekday 0', '-6 days')",
    "month": f"strftime('%Y-%m-01', {{}}, {_SHIFT})",
}
_OPERATIONS = {
    "count": "count({})",
    "unique_count": "count(DISTINCT {})",
    "sum": "total({})",
    "max": "max({})",
    "min": "min({})",
    "average": "avg({})",
}


def sql(question: Question) -> tuple[str, list[str]]:
    """The statement and the values of its placeholders, in their order. Raises NotAskable."""
    questions.check(question)
    values: list[str] = []
    keys = [_key(group.field, group.unit) for group in question.groups]
    numbers = [_number(question.index, metric, values) for metric in question.metrics]
    conditions = [f"{key} IS NOT NULL" for key in keys]
    conditions += [_condition(question.index, test, values) for test in question.tests]
    for moment, comparison in ((question.since, ">="), (question.until, "<")):
        if moment:
            conditions.append(f"{_path('@timestamp')} {comparison} ?")
            values.append(iso(moment))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    grouped = f" GROUP BY {', '.join(str(number + 1) for number in range(len(keys)))}" if keys else ""
    return f"SELECT {', '.join([*keys, *numbers])} FROM ({_SOURCES[question.index]}){where}{grouped}", values  # noqa: S608 - checked names


def reader(question: Question) -> Callable[[Row], Row]:
    """Makes a row of the statement a row of the answer: SQLite has no booleans and writes days where a moment is meant."""
    fields = [group.field if not group.unit else "" for group in question.groups]
    booleans = [bool(field) and questions.kind(question.index, field) == "boolean" for field in fields]
    width = len(booleans)

    def read(row: Row) -> Row:
        keys = [bool(value) if boolean else value for value, boolean in zip(row[:width], booleans, strict=True)]
        return (*keys, *row[width:])

    return read


def _key(field: str, unit: str) -> str:
    return _UNITS[unit].format(_path(field)) if unit else _path(field)


def _number(index: str, metric: Metric, values: list[str]) -> str:
    value = "1"
    if metric.field:
        value = _path(metric.field)
        if questions.kind(index, metric.field) == "date":
            value = f"strftime('%Y-%m-%dT%H:%M:%fZ', {value})"
    if metric.tests:
        value = f"CASE WHEN {' AND '.join(_condition(index, test, values) for test in metric.tests)} THEN {value} END"
    return _OPERATIONS[metric.operation].format(value)


def _condition(index: str, test: Match, values: list[str]) -> str:
    path = _path(test.field)
    if not test.values:
        return f"{path} IS {'' if test.negated else 'NOT '}NULL"
    boolean = questions.kind(index, test.field) == "boolean"
    values += [str(int(value == "true")) if boolean else value for value in test.values]
    asked = f"CAST({path} AS TEXT) IN ({', '.join('?' * len(test.values))})"
    return f"NOT coalesce({asked}, 0)" if test.negated else asked


def _path(field: str) -> str:
    parts = ".".join(f'"{part}"' for part in field.removesuffix(".keyword").split("."))
    return f"json_extract(document, '$.{parts}')"
