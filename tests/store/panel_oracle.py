"""What the panels of a dashboard file must show, computed from plain documents by other means than the product's."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
Documents = Sequence[Mapping[str, Any]]


def expected(file: Mapping[str, Any], panel: Mapping[str, Any], documents: Mapping[str, Documents]) -> list[tuple]:
    """The rows of a panel, in the order in which they are shown."""
    config = panel["config"]
    body = config["layers"][0] if config["type"] == "xy" else config
    chosen = documents[body["data_source"]["ref_id"].removeprefix("govcrawl-")]
    for part in (config, {} if body.get("ignore_global_filters") else file):
        chosen = [one for one in chosen if holds(part.get("query", {}).get("expression", ""), one)]
    dimensions = [body["breakdown_by"]] if "breakdown_by" in body else []
    dimensions += [body["x"]] if "x" in body else body.get("rows", [])
    return split(chosen, dimensions, body.get("metrics") or body["y"])


def split(documents: Documents, dimensions: Sequence[Mapping], metrics: Sequence[Mapping]) -> list[tuple]:
    if not dimensions:
        return [tuple(number(metric, documents) for metric in metrics)]
    first, *rest = dimensions
    parts: dict[Any, list] = {}
    for document in documents:
        if (key := key_of(first, document)) is not None:
            parts.setdefault(key, []).append(document)
    kept = [one for key in best(first, parts, metrics, innermost=not rest) for one in [(key, parts[key])]]
    return [(key, *row) for key, part in kept for row in split(part, rest, metrics)]


def best(dimension: Mapping, parts: Mapping[Any, Documents], metrics: Sequence[Mapping], *, innermost: bool) -> list:
    keys = sorted(parts, key=str)
    if dimension["operation"] == "date_histogram":
        return keys
    rank = dimension["rank_by"]
    sign = -1 if rank["direction"] == "desc" else 1
    if rank["type"] == "alphabetical":
        return keys[::sign][: dimension["limit"]]
    numbers = {key: number(metrics[rank["metric_index"]], parts[key]) for key in keys}
    order = sorted({value for value in numbers.values() if value is not None})[::sign]
    ranked = [key for value in order for key in keys if numbers[key] == value]
    return [*ranked, *(key for key in keys if numbers[key] is None)][: dimension["limit"]]


def key_of(dimension: Mapping, document: Mapping) -> Any:
    if dimension["operation"] == "terms":
        return value_of(document, dimension["fields"][0])
    text = value_of(document, dimension["field"])
    if text is None:
        return None
    moment = datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00+00:00").astimezone(CHINA)
    return {
        "h": f"{moment:%Y-%m-%dT%H:00}",
        "d": f"{moment:%Y-%m-%d}",
        "w": f"{moment - timedelta(days=moment.weekday()):%Y-%m-%d}",
        "M": f"{moment:%Y-%m-01}",
    }[dimension["suggested_interval"]]


def number(metric: Mapping, documents: Documents) -> Any:
    counted = [one for one in documents if holds(metric.get("filter", {}).get("expression", ""), one)]
    if metric["operation"] == "count":
        return len(counted)
    values = [value for one in counted if (value := value_of(one, metric["field"])) is not None]
    if metric["operation"] == "unique_count":
        return len(set(values))
    if metric["operation"] == "sum":
        return sum(values)
    if not values:
        return None
    if metric["operation"] == "average":
        return sum(values) / len(values)
    found = max(values) if metric["operation"] == "max" else min(values)
    return f"{found}T00:00:00.000Z" if isinstance(found, str) and len(found) == 10 else found


def holds(expression: str, document: Mapping) -> bool:
    return all(_clause(part, document) for part in expression.split(" and ") if part)


def _clause(text: str, document: Mapping) -> bool:
    field, _, wanted = text.partition(" : ")
    value = value_of(document, field)
    if wanted == "*":
        return value is not None
    return str(value).lower() in [word.lower() for word in wanted.strip("()").split(" or ")]


def value_of(document: Mapping, field: str) -> Any:
    found: Any = document
    for name in field.removesuffix(".keyword").split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
