"""The schema of Kibana's Dashboards API, where it lies beside the checkout or GOVCRAWL_KIBANA_SCHEMA names it."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

FILE = Path(
    os.environ.get("GOVCRAWL_KIBANA_SCHEMA") or Path(__file__).parents[3] / "shared/kibana/dashboards.relaxed.schema.json"
)
CHARTS = {"metric": "metricNoESQL", "xy": "xyChartNoESQL", "data_table": "datatableNoESQL"}

needed = pytest.mark.skipif(not FILE.is_file(), reason=f"no schema of the Dashboards API in {FILE}")


@cache
def _schema() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def faults(dashboard: dict[str, Any]) -> Iterator[str]:
    """Why Kibana would refuse a dashboard: the whole first, then each panel by the chart that it is."""
    yield from _worst("kbn-dashboard-data", dashboard, "dashboard")
    for panel in dashboard["panels"]:
        if panel["type"] == "vis":
            yield from _worst(CHARTS[panel["config"]["type"]], panel["config"], panel["id"])
        else:
            yield from _worst(f"kbn-dashboard-panel-type-{panel['type']}", panel, panel["id"])


def _worst(name: str, value: dict[str, Any], about: str) -> Iterator[str]:
    fault = best_match(Draft202012Validator({**_schema(), "$ref": f"#/$defs/{name}"}).iter_errors(value))
    if fault is not None:
        yield f"{about}: {list(fault.absolute_path)}: {fault.message[:200]}"
