"""Lists that scripts fill from data, fetched beside their page."""

import asyncio
import json
from datetime import date

import pytest

from govcrawl.sites.model import Column, Site
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

NOW = date(2025, 11, 20)
JSON = {"Content-Type": "application/json"}
HOME = "<title>青山县人民政府</title>" + "".join(
    f'<a href="/{slug}/">栏目{slug}</a>' for slug in ("tzgg", "gzdt", "zcwj", "rsxx")
)
LISTED = json.dumps({"data": {"total": 2, "rows": [
    {"title": "关于道路施工的通知", "url": "/c/1.html", "publishTime": "2025-11-18 09:00:00"},
    {"title": "关于停水的通知", "url": "/c/2.html", "publishTime": "2025-11-02 09:00:00"},
]}})  # fmt: skip


def column(name: str, script: str) -> str:
    return f'<title>{name}-青山县人民政府</title><div>当前位置：<a href="/">首页</a> &gt; {name}</div><ul class="list"></ul><script>{script}</script>'


PAGES = {
    "/": HOME,
    "/tzgg/": column("通知公告", '$.getJSON("/api/list?channel=7",show)'),
    "/api/list?channel=7": Answer(LISTED, headers=JSON),
    "/gzdt/": column("工作动态", '$.getJSON("/api/list?channel=8",show)'),
    "/api/list?channel=8": Answer("busy", status=500),
    "/zcwj/": column("政策文件", '$.getJSON("/private/list.json",show)'),
    "/rsxx/": column("人事信息", '$.getJSON("/api/list?channel=9",show)'),
    "/api/list?channel=9": Answer('{"total":0,"rows":[]}', headers=JSON),
    "/robots.txt": Answer("User-agent: *\nDisallow: /private/", headers={"Content-Type": "text/plain"}),
    "/c/1.html": "<title>关于道路施工的通知</title><p>正文</p>",
    "/c/2.html": "<title>关于停水的通知</title><p>正文</p>",
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    with Web(lambda _, path: PAGES.get(path)) as web, Cluster.open(tmp_path_factory.mktemp("lists")) as cluster:
        asyncio.run(cluster.start([Site("s0", web.url())], today=str(NOW)))
        cluster.run(slots=8)
        yield web, asyncio.run(columns(cluster)), asyncio.run(cluster.not_inspected())


async def columns(cluster: Cluster) -> dict[str, Column]:
    store = await SqliteStore.open(cluster.data_dir)
    found = {one.column.name: one.column async for one in store.columns("s0")}
    await store.aclose()
    return found


def test_a_list_is_read_from_its_data_and_its_articles_are_visited(crawled):
    web, columns, _ = crawled
    notices = columns["通知公告"]
    assert (notices.inspected, notices.items, notices.newest) == (True, 2, date(2025, 11, 18))
    assert notices.newest_from == "data:publishTime"
    assert {"/c/1.html", "/c/2.html"} <= set(web.paths)
    assert web.paths.count("/api/list?channel=7") == 1


@pytest.mark.parametrize("name", ["工作动态", "政策文件"])
def test_a_list_whose_data_cannot_be_had_is_not_inspected(crawled, name):
    column = crawled[1][name]
    assert (column.inspected, column.newest, column.placeholder) == (False, None, "")
    assert "filled by script" in column.reason


def test_what_robots_forbid_is_not_asked_for_and_each_gap_is_told(crawled):
    web, _, gaps = crawled
    assert "/private/list.json" not in web.paths
    assert {(what, reason) for _, what, reason in gaps} == {("list data", "http_5xx"), ("list data", "robots")}


def test_data_that_tells_of_no_record_makes_a_column_blank(crawled):
    column = crawled[1]["人事信息"]
    assert (column.inspected, column.items, bool(column.placeholder)) == (True, 0, True)
