"""`govcrawl audit` and `govcrawl sites show` over what crawls have stored."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from govcrawl.findings.model import Observation
from govcrawl.sites.model import ColumnClass
from govcrawl.store.opening import open_store
from tests.audit.sites import HOST, SITE, TODAY, at, column, home, record, report, undated, visits
from tests.cli.conftest import Run

OLD = TODAY - timedelta(days=40)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A site of two campaigns: in order a month ago, five stale columns now."""

    async def fill() -> None:
        store = await open_store(None, tmp_path / "data")
        stale = [column(ColumnClass.NEWS, f"dt{n}", OLD, newest_title="旧闻", newest_from="list") for n in range(5)]
        await store.record_columns(visits([home(OLD), *stale, undated(ColumnClass.NOTICE, "tz")], "spring", OLD))
        await store.record_columns(visits([home(), *stale, undated(ColumnClass.NOTICE, "tz", items=12)], "summer"))
        await store.record([Observation(record(f"{HOST}/a").finding, SITE, "summer", at(TODAY))])
        await store.record_site(report("spring", OLD))
        await store.record_site(report("summer"))
        await store.aclose()

    asyncio.run(fill())
    return tmp_path / "data"


def test_a_site_that_fails_is_told_with_its_vetoes_and_ends_with_1(run: Run, data: Path) -> None:
    ended = run("audit", "--data-dir", data, "--json")
    assert ended.returncode == 1
    (line,) = ended.stdout.splitlines()
    told = json.loads(line)
    assert (told["site"]["id"], told["verdict"], told["vetoes"], told["day"]) == (SITE.id, "fail", ["V4a"], "2025-08-31")
    assert told["set"]["document"] == "国办秘函〔2019〕19号"
    veto = next(one for one in told["indicators"] if one["id"] == "V4a")
    assert (veto["value"], veto["most"], veto["operator"], veto["threshold"]) == (5, 5, ">=", 5)
    assert veto["counted"][0]["why"] == "last updated 2025-07-22, 40 days ago; limit 14 days"
    assert {"V1", "V2", "V5a"} <= set(told["for_a_person"])


def test_the_table_names_each_column_and_what_waits(run: Run, data: Path) -> None:
    ended = run("audit", "--data-dir", data)
    assert "国办秘函〔2019〕19号: 1 sites, 0 pass, 1 fail, 0 cannot judge" in ended.stdout
    assert ended.stdout.count("last updated 2025-07-22") == 5
    assert "1 candidate: A fault (1)" in ended.stdout
    assert "V6a 服务不实用: 办事服务" in ended.stderr


def test_an_earlier_campaign_is_judged_on_its_own_day(run: Run, data: Path) -> None:
    ended = run("audit", "--data-dir", data, "--campaign", "spring", "--json")
    told = json.loads(ended.stdout)
    assert (ended.returncode, told["day"], told["vetoes"]) == (0, "2025-07-22", [])


def test_another_day_another_verdict(run: Run, data: Path) -> None:
    ended = run("audit", "--data-dir", data, "--campaign", "summer", "--now", "2025-08-05")
    assert ended.returncode == 0
    assert run("audit", "--data-dir", data, "--indicators", "2015").returncode == 1


def test_wrong_use_is_told_with_the_way_out(run: Run, data: Path) -> None:
    bad = data / "bad.toml"
    bad.write_text('id = "x"\ntitle = "t"\ndocument = "d"\n[[indicators]]\nid = 3\n', encoding="utf-8")
    for arguments, words in [
        (("--site", "nobody"), "nobody: no concluded visit of this site"),
        (("--campaign", "winter"), "winter: no site was concluded"),
        (("--indicators", "2031"), "2031: No such file or directory; name a TOML file"),
        (("--indicators", bad), "bad.toml, line 5: 3: Expected `str`, got `int`"),
        (("--data-dir", data / "nowhere"), "nothing was stored there"),
    ]:
        ended = run("audit", "--data-dir", data, *arguments)
        assert ended.returncode == 2
        assert words in ended.stderr
        assert ended.stdout == ""


def test_a_store_that_does_not_answer_ends_with_3(run: Run) -> None:
    ended = run("audit", env={"GOVCRAWL_ELASTICSEARCH_URL": "http://127.0.0.1:9"})
    assert ended.returncode == 3


def test_a_site_is_shown_with_the_state_and_the_trend_of_each_column(run: Run, data: Path) -> None:
    lines = run("sites", "show", SITE.id, "--data-dir", data).stdout.splitlines()
    first = next(line for line in lines if line.startswith("首页"))
    assert " fresh " in first
    assert "2 visits, 2025-07-22 -> 2025-08-31" in first
    news = next(line for line in lines if line.startswith("dt0"))
    assert "stale, 26 days over" in news
    assert "2 visits, unchanged since 2025-07-22" in news
    notices = next(line for line in lines if line.startswith("tz"))
    assert " fresh " in notices
    assert "2 visits, 10 -> 12 items" in notices


def test_the_state_of_a_column_is_that_of_the_day_asked_for(run: Run, data: Path) -> None:
    shown = run("sites", "show", SITE.id, "--data-dir", data, "--now", "2025-08-01").stdout
    assert "days over" not in shown
