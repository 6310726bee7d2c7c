"""Findings as people list, export and review them."""

import asyncio
import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govcrawl.findings.mask import text
from govcrawl.findings.mask import url as mask_url
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Observation, Rule, Severity, SiteLabel
from govcrawl.store.opening import open_store
from tests.cli.conftest import Run

SEEN = datetime(2025, 11, 20, 8, tzinfo=UTC)


def observation(
    subject: str, *, site: str = "www.qingshan.gov.cn", category: Category = Category.DARK_LINK, snippet: str = ""
) -> Observation:
    finding = Finding(
        rule=Rule("dark-links/made-up", 1, "Made up"),
        category=category,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        title=f"Fault {subject}",
        url=f"http://{site}/{subject}",
        subject=subject,
        evidence=Evidence(snippet=text(snippet or subject)),
    )
    return Observation(finding, SiteLabel(site, "青山县人民政府"), "c1", SEEN)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    async def fill() -> None:
        store = await open_store(None, tmp_path / "data")
        await store.record(
            [
                observation("one"),
                observation("two", category=Category.SECURITY_LEAK),
                observation("three", site="www.lvshui.gov.cn", snippet="=cmd|' /C calc'!A0"),
            ]
        )
        await store.aclose()

    asyncio.run(fill())
    return tmp_path / "data"


def test_filters_select(run: Run, data: Path) -> None:
    def titles(*args: str) -> set[str]:
        lines = run("findings", "list", "--data-dir", data, "--json", *args).stdout.splitlines()
        return {json.loads(line)["finding"]["title"] for line in lines}

    assert titles() == {"Fault one", "Fault two", "Fault three"}
    assert titles("--type", "security_leak") == {"Fault two"}
    assert titles("--site", "www.lvshui.gov.cn") == {"Fault three"}
    assert titles("--campaign", "c2") == set()
    assert titles("--since", "2025-11-21") == set()
    assert titles("--since", "2025-11-20", "--state", "open", "--rule", "dark-links", "--severity", "high") == titles()


def test_a_review_is_kept_with_who_and_why(run: Run, data: Path) -> None:
    document = json.loads(run("findings", "list", "--data-dir", data, "--json", "--type", "security_leak").stdout)
    name = document["finding"]["id"][:8]
    ended = run("findings", "ignore", name, "--data-dir", data, "--by", "Li", "--reason", "a sample form")
    assert ended.returncode == 0
    shown = json.loads(run("findings", "show", name, "--data-dir", data, "--json").stdout)["finding"]
    assert (shown["state"], shown["review"]["by"], shown["review"]["reason"]) == ("ignored", "Li", "a sample form")


def test_an_unknown_id_is_named(run: Run, data: Path) -> None:
    for verb in ("show", "confirm", "ignore", "reopen"):
        ended = run("findings", verb, "ffff", "--data-dir", data)
        assert ended.returncode == 2
        assert "ffff: no finding of that id" in ended.stderr


def test_a_cell_of_the_export_is_never_a_formula(run: Run, data: Path) -> None:
    text = run("findings", "export", "--format", "csv", "--data-dir", data).stdout
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert {row["evidence"][:5] for row in rows} == {"one", "two", "'=cmd"}


@pytest.mark.parametrize("name", ["findings.csv", "findings.xlsx", "findings.jsonl"])
def test_an_export_into_a_file_says_how_much_and_leaves_no_part_behind(run: Run, data: Path, tmp_path: Path, name: str) -> None:
    ended = run("findings", "export", tmp_path / name, "--data-dir", data, "--site", "www.qingshan.gov.cn")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert "2 findings in" in ended.stderr
    assert [path.name for path in tmp_path.glob("findings.*")] == [name]


def test_an_export_that_cannot_be_written_says_why(run: Run, data: Path, tmp_path: Path) -> None:
    unknown = run("findings", "export", tmp_path / "findings.pdf", "--data-dir", data)
    assert (unknown.returncode, ".xlsx" in unknown.stderr) == (2, True)
    nowhere = run("findings", "export", tmp_path / "no" / "findings.csv", "--data-dir", data)
    assert (nowhere.returncode, "findings.csv: No such file" in nowhere.stderr) == (2, True)


def test_findings_are_counted_by_what_people_ask_for(run: Run, data: Path) -> None:
    def counts(by: str) -> dict[str, int]:
        lines = run("findings", "list", "--data-dir", data, "--count-by", by, "--json").stdout.splitlines()
        return {line[by]: line["findings"] for line in map(json.loads, lines)}

    assert counts("type") == {"dark_link": 2, "security_leak": 1}
    assert counts("site") == {"www.qingshan.gov.cn": 2, "www.lvshui.gov.cn": 1}
    assert counts("severity") == {"high": 3}
    assert counts("rule") == {"dark-links/made-up": 3}
    assert counts("organizer") == counts("region") == {"": 3}
    table = run("findings", "list", "--data-dir", data, "--count-by", "type", "--state", "open")
    assert table.stdout.split() == ["type", "findings", "dark_link", "2", "security_leak", "1"]


def test_findings_are_listed_in_the_order_asked_for(run: Run, data: Path) -> None:
    lines = run("findings", "list", "--data-dir", data, "--json", "--sort", "site").stdout.splitlines()
    sites = [json.loads(line)["site"]["id"] for line in lines]
    assert sites == sorted(sites)
    assert len(set(sites)) == 2


def test_a_reader_that_has_seen_enough_is_no_fault(run: Run, data: Path) -> None:
    import subprocess
    import sys

    pipe = f"{sys.executable} -m govcrawl findings list --json --data-dir {data} | head -c 1"
    ended = subprocess.run(["sh", "-c", pipe], capture_output=True, text=True, timeout=600, check=False)
    assert ended.stderr == ""


def test_a_terminal_of_a_hundred_columns_shows_each_id_in_one_piece(run: Run, data: Path) -> None:
    shown = run("findings", "list", "--data-dir", data, env={"FORCE_COLOR": "1", "COLUMNS": "100", "TERM": "xterm"}).stdout
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in shown.splitlines()]
    ids = [
        json.loads(line)["finding"]["id"][:12]
        for line in run("findings", "list", "--data-dir", data, "--json").stdout.splitlines()
    ]
    assert [line.split()[0] for line in lines if not line.startswith((" ", "id"))] == ids
    assert max(map(len, lines)) <= 100


def test_a_column_is_told_by_its_newest_entry_and_not_by_an_address(run: Run, tmp_path: Path) -> None:
    def seen(category: Category) -> Observation:
        made = observation(category.value, category=category, snippet="工作动态: 2025-01-02 一次会议")
        told = replace(made.finding.evidence, target=mask_url("http://www.qingshan.gov.cn/art/1.html"))
        return replace(made, finding=replace(made.finding, evidence=told))

    async def fill() -> None:
        store = await open_store(None, tmp_path / "data")
        await store.record([seen(Category.STALE_COLUMN), seen(Category.DARK_LINK)])
        await store.aclose()

    asyncio.run(fill())
    shown = run("findings", "list", "--data-dir", tmp_path / "data").stdout.splitlines()
    (column,) = (line for line in shown if "stale_column" in line)
    assert "工作动态: 2025-01-02 一次会议" in column
    assert "art/1.html" not in column
    assert any("dark_link" in line and "art/1.html" in line for line in shown)
