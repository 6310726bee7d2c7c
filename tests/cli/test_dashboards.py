"""Dashboards in the terminal, and the provisioning of services, as people call them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from govcrawl.cli.status import sample
from govcrawl.frontier.model import FrontierStatus, WorkerStatus
from govcrawl.kit.clock import utc_now
from govcrawl.report import panels
from govcrawl.store.documents import workers_documents
from govcrawl.store.questions import kind
from tests.cli.conftest import Run
from tests.cli.test_findings import data  # noqa: F401 - the same stored findings


def test_the_dashboards_are_listed(run: Run) -> None:
    listed = [json.loads(line) for line in run("dashboards", "list", "--json").stdout.splitlines()]
    assert tuple(one["name"] for one in listed) == panels.NAMES
    assert all(one["description"] and len(one["panels"]) >= 8 for one in listed)


def test_a_dashboard_is_shown_as_tables_from_one_machines_store(run: Run, data: Path) -> None:  # noqa: F811
    ended = run("dashboards", "show", "overview", "--data-dir", data)
    assert ended.returncode == 0
    text = " ".join(ended.stdout.split())
    assert "Open findings: 3" in text
    assert "Type Severity Findings Sites dark_link high 2 2 security_leak high 1 1" in text


@pytest.mark.parametrize("name", panels.NAMES)
def test_every_dashboard_can_be_narrowed_to_a_site_and_read_by_programs(run: Run, data: Path, name: str) -> None:  # noqa: F811
    ended = run("dashboards", "show", name, "--site", "www.lvshui.gov.cn", "--data-dir", data, "--json")
    told = {line["panel"]: line["rows"] for line in map(json.loads, ended.stdout.splitlines())}
    assert set(told) == {panel["id"] for panel in panels.source(name)["panels"]} - {"links"}
    if name in {"overview", "site"}:
        assert told["open-findings"] == [{"Open findings": 1}]


def test_a_dry_run_of_kibana_lists_the_calls_and_needs_no_server(run: Run) -> None:
    lines = run("setup", "kibana", "--dry-run").stdout.splitlines()
    assert len(lines) == len(panels.data_views()) + len(panels.NAMES)
    assert "would put dashboard [govcrawl] Overview: PUT /api/dashboards/govcrawl-overview" in lines


def test_services_that_are_not_named_or_not_there_are_told(run: Run, data: Path) -> None:  # noqa: F811
    assert "GOVCRAWL_KIBANA_URL is not set" in run("setup", "kibana").stderr
    away = run("setup", "kibana", env={"GOVCRAWL_KIBANA_URL": "http://127.0.0.1:9"})
    assert (away.returncode, "does not answer" in away.stderr) == (3, True)
    assert run("setup", "elasticsearch", "--dry-run").returncode == 2
    gone = run("setup", "elasticsearch", "--dry-run", env={"GOVCRAWL_ELASTICSEARCH_URL": "http://127.0.0.1:9"})
    assert gone.returncode == 3
    assert run("store", "deadletters", "replay", "--data-dir", data).returncode == 2


def test_dead_letters_are_listed_with_their_reason(run: Run, tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    letter = {
        "@timestamp": "2026-03-02T12:00:00.000Z",
        "reason": "strict_dynamic_mapping",
        "document": {"site": {"id": "1", "pages": 2}},
    }
    (tmp_path / "spool" / "dead-letters").write_text(json.dumps(letter) + "\n" + '{"cut off')
    (line,) = run("store", "deadletters", "list", "--data-dir", tmp_path, "--json").stdout.splitlines()
    assert (json.loads(line)["kind"], json.loads(line)["reason"]) == ("site", "strict_dynamic_mapping")
    assert run("store", "deadletters", "list", "--data-dir", tmp_path).stderr == "1 dead letters\n"


def test_a_look_at_the_cluster_is_kept_for_the_dashboard_of_operations(run: Run) -> None:
    run("campaign", "start", "http://a.test/", "--campaign", "q1")
    assert run("status", "--record", "--json").returncode == 0
    told = {
        line["panel"]: line["rows"]
        for line in map(json.loads, run("dashboards", "show", "operations", "--json").stdout.splitlines())
    }
    (hosts,) = told["hosts"]
    assert (hosts["Hosts with work"], told["workers"]) == (1.0, [])
    assert told["stale-sites"] == [{"Most sites stuck at once": 0}]


def test_what_is_kept_of_a_worker_is_what_it_says_and_what_the_mapping_has():
    said = WorkerStatus("w1", "crawl1", 7, utc_now(), 9, 1.5, slots=64, spooled_bytes=5, failures={"timeout": 2, "dns": 1})
    status = FrontierStatus(3, 1, 10, 2, 9, 0, workers=(said, replace(said, id="w2")))
    first, *workers, slowest, last = workers_documents(sample(status))
    assert (first["frontier"]["workers"], first["frontier"]["pages_per_second"]) == (2, 3.0)
    assert [(one["worker"]["id"], one["worker"]["slots"], one["worker"]["spooled_bytes"]) for one in workers] == [
        ("w1", 64, 5),
        ("w2", 64, 5),
    ]
    assert [one["failure"] for one in (slowest, last)] == [{"reason": "timeout", "pages": 4}, {"reason": "dns", "pages": 2}]
    for document in (first, *workers, last):
        ((part, numbers),) = [(name, value) for name, value in document.items() if name != "@timestamp"]
        assert all(kind("workers", f"{part}.{name}") for name in numbers)
