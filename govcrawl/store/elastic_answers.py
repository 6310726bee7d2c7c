"""Questions for numbers as aggregations of Elasticsearch."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from elasticsearch import AsyncElasticsearch

from govcrawl.kit.clock import iso
from govcrawl.store import questions
from govcrawl.store.questions import Group, Match, Metric, Question, Row

_PORTION = 1000
_ZONE = f"+{questions.UTC_OFFSET_HOURS:02}:00"
_OPERATIONS = {"unique_count": "cardinality", "sum": "sum", "max": "max", "min": "min", "average": "avg"}


async def answer(client: AsyncElasticsearch, index: str, question: Question) -> list[Row]:
    """All groups, read in portions. Raises NotAskable and the faults of the client."""
    questions.check(question)
    if not question.groups:
        found = await client.search(index=index, size=0, query=_query(question), aggs=_metrics(question), track_total_hits=True)
        told = {"doc_count": found["hits"]["total"]["value"]} | found.body.get("aggregations", {})
        return [_row((), told, question.metrics)]
    return [_row(tuple(bucket["key"].values()), bucket, question.metrics) async for bucket in _buckets(client, index, question)]


async def _buckets(client: AsyncElasticsearch, index: str, question: Question) -> AsyncIterator[Mapping[str, Any]]:
    sources = [{str(number): _source(group)} for number, group in enumerate(question.groups)]
    composite: dict[str, Any] = {"size": _PORTION, "sources": sources}
    while True:
        aggs = {"groups": {"composite": composite, "aggs": _metrics(question)}}
        found = await client.search(index=index, size=0, query=_query(question), aggs=aggs)
        groups = found["aggregations"]["groups"]
        for bucket in groups["buckets"]:
            yield bucket
        if "after_key" not in groups:
            return
        composite = composite | {"after": groups["after_key"]}


def _source(group: Group) -> Mapping[str, Any]:
    if not group.unit:
        return {"terms": {"field": group.field}}
    shown = "yyyy-MM-dd'T'HH:mm" if group.unit == "hour" else "yyyy-MM-dd"
    return {"date_histogram": {"field": group.field, "calendar_interval": group.unit, "time_zone": _ZONE, "format": shown}}


def _query(question: Question) -> Mapping[str, Any]:
    limits = {"gte": question.since, "lt": question.until}
    times = {name: iso(moment) for name, moment in limits.items() if moment}
    return _all([*_tests(question.tests), *([{"range": {"@timestamp": times}}] if times else [])])


def _all(filters: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"bool": {"filter": filters}}


def _tests(tests: Sequence[Match]) -> list[Mapping[str, Any]]:
    return [{"bool": {"must_not": _asked(test)}} if test.negated else _asked(test) for test in tests]


def _asked(test: Match) -> Mapping[str, Any]:
    return {"terms": {test.field: list(test.values)}} if test.values else {"exists": {"field": test.field}}


def _metrics(question: Question) -> dict[str, Any]:
    """Number of the metric -> its aggregation, inside a filter where the metric has one. A plain count needs none."""
    made: dict[str, Any] = {}
    for number, metric in enumerate(question.metrics):
        inner = _metric(metric)
        if metric.tests:
            made[str(number)] = {"filter": _all(_tests(metric.tests)), "aggs": {"value": inner} if inner else {}}
        elif inner:
            made[str(number)] = inner
    return made


def _metric(metric: Metric) -> Mapping[str, Any] | None:
    if metric.operation == "count":
        return {"value_count": {"field": metric.field}} if metric.field else None
    return {_OPERATIONS[metric.operation]: {"field": metric.field}}


def _row(keys: tuple[Any, ...], told: Mapping[str, Any], metrics: Sequence[Metric]) -> Row:
    return (*keys, *(_value(told, number, metric) for number, metric in enumerate(metrics)))


def _value(told: Mapping[str, Any], number: int, metric: Metric) -> Any:
    own = told.get(str(number), told)
    if metric.tests and metric.operation + metric.field != "count":
        own = own["value"]
    if "doc_count" in own:
        return own["doc_count"]
    # Moments come as numbers with their text beside them.
    return own.get("value_as_string", own["value"])
