"""A Scrapy project that is not ours, on our frontier."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from redis import Redis
from scrapy import Request, Spider
from scrapy.http import FormRequest
from scrapy.settings import Settings

from govcrawl.crawl.parcels import BadParcel, packed, unpacked
from govcrawl.crawl.redis_settings import redis_url
from govcrawl.frontier.embedded import EmbeddedValkey
from tests.crawl.web import Answer, Web

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).with_name("bookshop")
SHELVES, PAGES, BOOKS = 3, 2, 4
ALL = SHELVES * PAGES * BOOKS


def shop(host: str, path: str) -> Answer | str | None:
    kind, _, rest = path.strip("/").partition("/")
    if not kind:
        return "".join(f'<a class=shelf href="/shelf/{n}">shelf {n}</a>' for n in range(SHELVES))
    if kind == "shelf":
        shelf, _, page = rest.partition("/")
        books = "".join(f'<a class=book href="/book/{shelf}-{page or 0}-{n}">b</a>' for n in range(BOOKS))
        return books + ("" if page else f'<a class=next href="/shelf/{shelf}/1">next</a>')
    if kind == "moved":
        return Answer("", 302, {"Location": "/shelf/0"})
    if kind == "book":
        return Answer(f"<h1>{rest}</h1>", seconds=0.05)
    return "9.99" if kind == "price" else None


@pytest.fixture
def valkey(tmp_path):
    with EmbeddedValkey.open(tmp_path) as server:
        yield server.url


def crawler(spider: str, valkey: str, web: Web, items: Path) -> subprocess.Popen:
    environ = {**os.environ, "REDIS_URL": valkey, "SHOP_URL": web.url(), "PYTHONPATH": f"{ROOT}{os.pathsep}{PROJECT}"}
    command = [sys.executable, "-m", "scrapy", "crawl", spider, "-o", f"{items}:jsonlines"]
    return subprocess.Popen(command, cwd=PROJECT, env=environ, stderr=subprocess.PIPE, text=True)


def ended(*crawls: subprocess.Popen) -> list[str]:
    try:
        said = [crawl.communicate(timeout=900)[1] for crawl in crawls]
    finally:
        for crawl in crawls:
            crawl.kill()
    assert [crawl.returncode for crawl in crawls] == [0] * len(crawls), said
    assert not [text for text in said if "Traceback" in text or "DeprecationWarning" in text], said
    return said


def items_of(*files: Path) -> list[dict]:
    return [json.loads(line) for file in files if file.exists() for line in file.read_text().splitlines()]


def test_two_processes_share_a_foreign_project_with_its_callbacks_items_and_forms(valkey, tmp_path):
    with Web(shop) as web:
        ended(*(crawler("books", valkey, web, tmp_path / name) for name in ("one", "two")))
    found = items_of(tmp_path / "one", tmp_path / "two")
    books = [item for item in found if "title" in item]
    assert sorted((book["title"], book["shelf"], book["price"]) for book in books) == [
        (f"{shelf}-{page}-{n}", f"shelf {shelf}", "9.99")
        for shelf in range(SHELVES)
        for page in range(PAGES)
        for n in range(BOOKS)
    ]
    # The front page is not to be filtered, so that each process asks for it, and for what Scrapy asks beside.
    assert {"moved_to": web.url(0, "/shelf/0")} in found
    assert {"failed": 404} in found
    asked = Counter(path for path in web.paths if path not in ("/", "/price", "/robots.txt", "/shelf/0"))
    assert set(asked.values()) == {1}
    assert web.paths.count("/price") == ALL


def test_a_killed_foreign_crawl_goes_on_where_it_was(valkey, tmp_path):
    with Web(shop) as web:
        first = crawler("books", valkey, web, tmp_path / "one")
        until = time.monotonic() + 120
        while time.monotonic() < until and sum(path.startswith("/book/") for path in web.paths) < 5:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        before = Counter(web.paths)
        ended(crawler("books", valkey, web, tmp_path / "two"))
    asked = Counter(path for path in web.paths if path.startswith("/book/"))
    assert 5 <= sum(before[path] for path in asked) < ALL
    assert len(asked) == ALL
    # What was under way is fetched again, and nothing else: no more than the slots of the host.
    assert sum(n - 1 for n in asked.values()) <= 4


def test_seeds_come_in_the_way_of_scrapy_redis(valkey, tmp_path):
    with Web(shop) as web:
        client = Redis.from_url(valkey)
        client.lpush("seeded:start_urls", json.dumps({"url": web.url()}))
        ended(crawler("seeded", valkey, web, tmp_path / "items"))
        assert client.llen("seeded:start_urls") == 0
        client.close()
    assert sorted(item["url"] for item in items_of(tmp_path / "items")) == [
        web.url(),
        *(web.url(0, f"/shelf/{n}") for n in range(SHELVES)),
    ]


class Named(Spider):
    name = "named"

    def parse_one(self, response): ...


@pytest.mark.parametrize(
    "request_of",
    [
        lambda spider: Request("http://a.test/x?b=1", spider.parse_one, meta={"depth": 2, "a": [1, {"b": b"c"}]}, priority=3),
        lambda spider: FormRequest("http://a.test/", formdata={"q": "中文"}, errback=spider.parse_one, cb_kwargs={"page": 7}),
        lambda _: Request("http://a.test/", method="PUT", body=b"\x00\xff", headers={"X-A": ["1", "2"]}, dont_filter=True),
    ],
)
def test_a_request_comes_back_as_it_was(request_of):
    spider = Named()
    request = request_of(spider)
    again = unpacked(packed(request, spider), spider)
    assert type(again) is type(request)
    assert again.to_dict(spider=spider) == request.to_dict(spider=spider)


@pytest.mark.parametrize(
    "field", [{"callback": "__class__"}, {"callback": "name"}, {"kind": "os.system"}, {"_class": "os.system"}, {"url": 7}]
)
def test_a_record_that_names_anything_else_to_call_is_refused(field):
    import msgspec

    with pytest.raises(BadParcel):
        unpacked(msgspec.msgpack.encode({"url": "http://a.test/", **field}), Named())


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "redis://127.0.0.1:6379/0"),
        ({"REDIS_URL": "redis://a:1/2"}, "redis://a:1/2"),
        ({"REDIS_HOST": "a", "REDIS_PORT": 7, "REDIS_PARAMS": {"password": "p/w", "db": 3}}, "redis://:p%2Fw@a:7/3"),
        ({"REDIS_PARAMS": {"url": "redis://b/1"}}, "redis://b/1"),
        ({"REDIS_PARAMS": {"host": "b", "username": "u", "password": "p", "ssl": True}}, "rediss://u:p@b:6379/0"),
    ],
)
def test_the_connection_is_read_from_the_settings_of_scrapy_redis(settings, url):
    assert redis_url(Settings(settings)) == url
