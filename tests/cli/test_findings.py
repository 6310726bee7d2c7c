"""Findings as people list, export and review them."""

import asyncio
import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govcrawl.findings.mask import text
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
        store = await open_store("", "", tmp_path / "data")
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


def test_a_reader_that_has_seen_enough_is_no_fault(run: Run, data: Path) -> None:
    import subprocess
    import sys

    pipe = f"{sys.executable} -m govcrawl findings list --json --data-dir {data} | head -c 1"
    ended = subprocess.run(["sh", "-c", pipe], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stderr == ""
