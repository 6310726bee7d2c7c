"""The same crawl into Elasticsearch and into SQLite."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import replay

# What is the same however often a page is fetched: not the times.
TIMES = {"first_seen", "last_seen", "resolved_at"}


@pytest.fixture(params=[30, pytest.param(10_000, marks=pytest.mark.slow, id="all")])
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    replay.require()
    every = tmp_path_factory.mktemp("list") / "every.csv"
    replay.write_sites(every)
    some = every.with_name("some.csv")
    some.write_bytes(b"".join(every.read_bytes().splitlines(keepends=True)[: request.param + 1]))
    return some


def govcrawl(environ: dict[str, str], *args: object) -> str:
    clean = {n: v for n, v in os.environ.items() if not n.startswith("GOVCRAWL_") and "proxy" not in n.lower()}
    command = [sys.executable, "-m", "govcrawl", *map(str, args)]
    ended = subprocess.run(command, env=clean | environ, capture_output=True, encoding="utf-8", timeout=2400, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def crawl(environ: dict[str, str], sites: Path, data: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The summary, and the findings by id without their times."""
    limits = ("--max-pages", 3, "--delay", 0, "--now", "2017-04-01", "--workers", 1)
    summary = json.loads(govcrawl(environ, "crawl", sites, "--campaign", "same", "--data-dir", data, "--json", *limits))
    listed = govcrawl(environ, "findings", "list", "--data-dir", data, "--json").splitlines()
    found = {}
    for document in map(json.loads, listed):
        del document["@timestamp"]
        document["finding"] = {name: value for name, value in document["finding"].items() if name not in TIMES}
        found[document["finding"]["id"]] = document
    return summary, found


def test_a_crawl_finds_the_same_whichever_store_keeps_it(server: str, sites: Path, tmp_path: Path):
    with replay.proxy() as proxy:
        line = {"http_proxy": proxy}
        first, in_sqlite = crawl(line, sites, tmp_path / "sqlite")
        second, in_elastic = crawl(line | {"GOVCRAWL_ELASTICSEARCH_URL": server}, sites, tmp_path / "elastic")
    assert in_sqlite
    assert in_elastic == in_sqlite
    assert second["findings"] == first["findings"]
    assert second["sites"] == first["sites"]
    assert not list((tmp_path / "elastic" / "spool").glob("*"))
