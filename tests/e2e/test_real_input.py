"""The crawl of the labelled real pages through the command line, undisturbed and killed in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import replay

CAMPAIGN = "real"
# A kill is meant to fall between the first and the last page.
KILL_AFTER_PAGES = 20


@dataclass
class Web:
    """The proxy, and the site list of all that it can answer for."""

    proxy: str
    sites: Path
    count: int

    def some(self, count: int, folder: Path) -> "Web":
        """The first sites of the list, or all where there are fewer."""
        lines = self.sites.read_bytes().splitlines(keepends=True)[: count + 1]
        listed = folder / "some.csv"
        listed.write_bytes(b"".join(lines))
        return Web(self.proxy, listed, len(lines) - 1)

    def command(self, *args: object) -> list[str]:
        return [sys.executable, "-m", "govcrawl", *map(str, args)]

    def environ(self) -> dict[str, str]:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith("GOVCRAWL_") and "proxy" not in name.lower()
        }
        return clean | {"http_proxy": self.proxy}

    def crawl(self, data: Path) -> list[str]:
        limits = ("--max-pages", 5, "--delay", 0, "--now", "2017-04-01", "--workers", 2)
        return self.command("crawl", self.sites, "--campaign", CAMPAIGN, "--data-dir", data, "--json", *limits)

    def run(self, command: list[str]) -> str:
        ended = subprocess.run(command, env=self.environ(), capture_output=True, encoding="utf-8", timeout=2400, check=False)
        assert ended.returncode == 0, ended.stderr
        assert "Traceback" not in ended.stderr
        return ended.stdout


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    replay.require()
    sites = tmp_path_factory.mktemp("list") / "sites.csv"
    count = replay.write_sites(sites)
    with replay.proxy() as proxy:
        yield Web(proxy, sites, count)


@dataclass
class Crawled:
    data: Path
    summary: dict[str, Any]
    campaign: dict[str, Any]
    findings: list[dict[str, Any]]


def crawled(web: Web, data: Path) -> Crawled:
    """Crawls to the end, from wherever the data directory stands."""
    summary = json.loads(web.run(web.crawl(data)))
    campaign = json.loads(web.run(web.command("campaign", "show", CAMPAIGN, "--data-dir", data, "--json")))
    listed = web.run(web.command("findings", "list", "--data-dir", data, "--json"))
    return Crawled(data, summary, campaign, [json.loads(line) for line in listed.splitlines()])


@pytest.fixture(scope="module")
def undisturbed(web: Web, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return crawled(web, tmp_path_factory.mktemp("undisturbed") / "data")


def test_every_site_ends_in_exactly_one_state_and_they_add_up_to_the_list(web: Web, undisturbed: Crawled) -> None:
    sites = undisturbed.summary["sites"]
    states = Counter(site["state"] for site in undisturbed.campaign["sites"])
    assert undisturbed.summary["state"] == undisturbed.campaign["state"] == "finished"
    assert sites["total"] == web.count == sites["complete"] + sites["partial"] + sites["failed"]
    assert {state: sites[state] for state in states} == states
    assert len({site["id"] for site in undisturbed.campaign["sites"]}) == web.count


def test_every_site_that_is_not_complete_names_a_reason(undisturbed: Crawled) -> None:
    assert [site for site in undisturbed.campaign["sites"] if (site["state"] == "complete") != (site["reason"] is None)] == []


def test_hacked_pages_are_found_with_evidence_that_a_person_can_check(undisturbed: Crawled) -> None:
    dark = [one for one in undisturbed.findings if one["finding"]["category"] == "dark_link"]
    assert len({one["site"]["id"] for one in dark}) >= 50
    assert [one for one in dark if not one["finding"]["evidence"]["snippet"] or not one["url"]["full"]] == []


def test_the_counts_of_summary_campaign_and_findings_agree(undisturbed: Crawled) -> None:
    by_category = Counter(one["finding"]["category"] for one in undisturbed.findings)
    by_site = Counter(one["site"]["id"] for one in undisturbed.findings)
    assert undisturbed.summary["findings"] == by_category
    assert {site["id"]: site["findings"] for site in undisturbed.campaign["sites"] if site["findings"]} == by_site
    assert sum(site["pages"] for site in undisturbed.campaign["sites"]) == undisturbed.summary["pages"]


@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.slow, id="all")])
def test_a_crawl_killed_in_the_middle_ends_like_an_undisturbed_one(
    web: Web, undisturbed: Crawled, tmp_path: Path, count: int
) -> None:
    some = web.some(count, tmp_path)
    kill_in_the_middle(some, tmp_path / "data")
    resumed = crawled(some, tmp_path / "data")
    sites = {site["id"] for site in resumed.campaign["sites"]}
    assert len(sites) == some.count
    assert lines(resumed) == [line for line in lines(undisturbed) if line[0] in sites]
    assert facts(resumed) == [fact for fact in facts(undisturbed) if fact[0] in sites]
    assert resumed.summary["pages"] == sum(site["pages"] for site in resumed.campaign["sites"])


def kill_in_the_middle(web: Web, data: Path) -> None:
    crawl = subprocess.Popen(
        web.crawl(data), env=web.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        until = time.monotonic() + 1200
        while time.monotonic() < until and pages_of(web, data) < KILL_AFTER_PAGES:
            assert crawl.poll() is None, crawl.communicate()
            time.sleep(0.3)
    finally:
        os.killpg(crawl.pid, signal.SIGKILL)
        crawl.communicate()
    assert pages_of(web, data) >= KILL_AFTER_PAGES


def pages_of(web: Web, data: Path) -> int:
    """Pages so far, as anybody may ask while the crawl runs."""
    listed = subprocess.run(
        web.command("campaign", "list", "--data-dir", data, "--json"),
        env=web.environ(),
        capture_output=True,
        timeout=300,
        check=False,
    )
    return sum(json.loads(line)["pages"] for line in listed.stdout.splitlines()) if listed.returncode == 0 else 0


def lines(crawl: Crawled) -> list[tuple[object, ...]]:
    return [(site["id"], site["state"], site["reason"], site["pages"], site["failed_pages"]) for site in crawl.campaign["sites"]]


def facts(crawl: Crawled) -> list[tuple[object, ...]]:
    """What a finding says, without the times at which it was seen."""
    return sorted(
        (
            one["site"]["id"],
            one["finding"]["id"],
            one["finding"]["occurrences"],
            one["url"]["full"],
            one["finding"]["evidence"]["snippet"],
        )
        for one in crawl.findings
    )
