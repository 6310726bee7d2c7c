"""Campaigns as an operator changes them; each command starts the embedded server anew over what the last one left."""

import json

import pytest


def campaigns(run):
    return [json.loads(line) for line in run("campaign", "list", "--json").stdout.splitlines()]


def test_what_was_set_outlives_a_restart_of_everything(run):
    assert run("campaign", "start", "http://a.test/", "http://b.test/", "--campaign", "q1").returncode == 0
    assert run("campaign", "set", "q1", "--delay", "2.5", "--max-pages", "70").stderr == "changed: 2 sites of campaign q1\n"
    assert [(one["delay_seconds"], one["max_pages"]) for one in campaigns(run)] == [(2.5, 70)]
    shown = json.loads(run("campaign", "show", "q1", "--json").stdout)
    site = shown["sites"][0]["id"]
    assert "round" not in run("campaign", "show", "q1").stdout
    assert run("campaign", "set", "q1", "--site", site, "--delay", "1").stderr == "changed: 1 site of campaign q1\n"
    assert run("campaign", "reset-site", "q1", site).returncode == 0


def test_what_cannot_be_set_is_said(run):
    run("campaign", "start", "http://a.test/", "--campaign", "q1")
    assert "nothing to change" in run("campaign", "set", "q1").stderr
    assert "no host b.test" in run("campaign", "set", "q1", "--host", "b.test", "--delay", "1").stderr
    assert "no such campaign" in run("campaign", "set", "q2", "--delay", "1").stderr
    nothing = run("campaign", "reset-site", "q1", "none")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "none: no such site in campaign q1" in nothing.stderr


def test_status_names_stale_sites(run):
    run("campaign", "start", "http://a.test/", "--campaign", "q1")
    looked = run("status", "--stale-after", "0")
    assert "1 stale sites" in looked.stdout
    assert "http://a.test/" in looked.stdout
    assert json.loads(run("status", "--json").stdout)["stale"] == []


def test_a_standing_campaign_shows_its_round_and_the_next(run):
    assert run("campaign", "start", "http://a.test/", "--campaign", "watch", "--every", "6h").returncode == 0
    (listed,) = campaigns(run)
    assert (listed["every_seconds"], listed["round"]) == (21_600, 1)
    assert listed["next_round"] > listed["started"]
    shown = json.loads(run("campaign", "show", "watch", "--json").stdout)
    assert shown["sites"][0]["round"] == 1
    assert "next_round" in run("campaign", "show", "watch").stdout
    refused = run("crawl", "--campaign", "watch")
    assert (refused.returncode, "govcrawl worker" in refused.stderr) == (2, True)
    other = run("campaign", "start", "http://a.test/", "--campaign", "watch", "--every", "1d")
    assert (other.returncode, "choose another name" in other.stderr) == (2, True)


@pytest.mark.parametrize("period", ["", "1", "d", "0d", "-1d", "1.5h", "9999w", "1y", "５h", "1d2h", "12345h"])
def test_a_period_that_is_none_is_refused(run, period):
    ended = run("campaign", "start", "http://a.test/", "--every", period)
    assert ended.returncode == 2
    assert "write 6h, 1d or 2w" in ended.stderr
