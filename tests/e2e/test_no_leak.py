"""What a crawled web gives away is found, and not one byte of it is kept: not in the data, the logs, the reports or the index."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from redis import Redis

from govcrawl.frontier.embedded import EmbeddedValkey
from tests.crawl.web import Web
from tests.e2e.planted import Planted
from tests.services import elasticsearch
from tests.services.java import Missing

QUEUE = "data/valkey/"


@dataclass
class Run:
    """One crawl, and everything that it and the commands after it left or said."""

    planted: Planted
    folder: Path
    environ: dict[str, str]
    said: dict[str, bytes] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def govcrawl(self, *arguments: object) -> str:
        clean = {n: v for n, v in os.environ.items() if not n.startswith("GOVCRAWL_") and "proxy" not in n.lower()}
        command = [sys.executable, "-m", "govcrawl", *map(str, arguments)]
        ended = subprocess.run(command, env=clean | self.environ, cwd=self.folder, capture_output=True, timeout=2400, check=False)
        name = " ".join(map(str, arguments[:3]))
        self.said[f"stdout of {name}"] = ended.stdout
        self.said[f"stderr of {name}"] = ended.stderr
        assert ended.returncode in {0, 1}, ended.stderr.decode()[-2000:]
        return ended.stdout.decode()

    def crawl(self, site: str) -> None:
        limits = ("--delay", 0, "--now", "2017-04-01", "--campaign", "planted", "--data-dir", self.data)
        self.govcrawl("crawl", site, *limits, "--report", self.folder / "report.md", "--json")
        found = [json.loads(line) for line in self.govcrawl("findings", "list", "--json", "--data-dir", self.data).splitlines()]
        self.rules = {one["rule"]["id"] for one in found}
        first = next(one["finding"]["id"] for one in found if one["rule"]["id"] == "leaks/id-number")
        self.govcrawl("findings", "show", first, "--data-dir", self.data)
        self._look_around(site)

    def _look_around(self, site: str) -> None:
        """Every other command that shows something of what was crawled, and the two that look at one page."""
        self.govcrawl("findings", "export", "--format", "csv", "--data-dir", self.data)
        self.govcrawl("campaign", "show", "planted", "--data-dir", self.data)
        self.govcrawl("status", "--json", "--data-dir", self.data)
        self.govcrawl("audit", "--data-dir", self.data)
        query = next(path for path in self.planted.answers if path.startswith("/query"))
        for path in ("/", query):
            self.govcrawl("scan", f"{site.rstrip('/')}{path}", "--json")
            self.govcrawl("page", "show", f"{site.rstrip('/')}{path}", "--json")

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file below the folder; of packed ones also what is in them."""
        for file in sorted(self.folder.rglob("*")):
            if file.is_file():
                body = file.read_bytes()
                yield str(file.relative_to(self.folder)), body
                if zipfile.is_zipfile(BytesIO(body)):
                    with zipfile.ZipFile(BytesIO(body)) as packed:
                        yield from ((f"{file.name}/{name}", packed.read(name)) for name in packed.namelist())


def found_in(places: Mapping[str, bytes], planted: Planted) -> list[tuple[str, str]]:
    return sorted(
        (where, what) for where, content in places.items() for what, specimen in planted.specimens.items() if specimen in content
    )


@pytest.fixture(scope="module")
def planted() -> Planted:
    return Planted()


@pytest.fixture(scope="module")
def web(planted: Planted) -> Iterator[Web]:
    with Web(planted.answer) as served:
        yield served


@pytest.fixture(scope="module")
def run(planted: Planted, web: Web, tmp_path_factory: pytest.TempPathFactory) -> Run:
    done = Run(planted, tmp_path_factory.mktemp("no-leak"), {"GOVCRAWL_ALLOW_NETWORKS": "127.0.0.0/8"})
    done.crawl(web.url())
    return done


def test_the_crawl_went_everywhere_and_found_what_was_planted(run: Run, web: Web) -> None:
    missed = {path for path in run.planted.links if path not in web.paths and "closed" not in path}
    assert missed == set()
    families = ("leaks/id-number", "leaks/bank-card", "leaks/java-trace", "leaks/php-error", "leaks/classified-mark")
    assert [rule for rule in families if rule not in run.rules] == []
    assert any("tencent" in rule for rule in run.rules), run.rules


def test_no_planted_secret_is_in_any_file_outside_the_queue(run: Run) -> None:
    places = {name: body for name, body in run.files() if not name.startswith(QUEUE)}
    assert {"data/findings.sqlite", "data/workers.log", "report.md"} <= places.keys()
    assert found_in(places, run.planted) == []


def test_no_command_says_a_planted_secret(run: Run) -> None:
    assert len(run.said) == 22
    assert found_in(run.said, run.planted) == []


def test_the_queue_keeps_no_secret_once_the_crawl_is_over(run: Run) -> None:
    """What is to be fetched has to be known in the clear; what was fetched is gone with the last worker, what could not be had is masked."""
    journal = {name: body for name, body in run.files() if name.startswith(QUEUE)}
    assert any(name.endswith(".aof") for name in journal)
    assert found_in(journal | {"keys": queued(run.data)}, run.planted) == []
    assert oct((run.folder / QUEUE).stat().st_mode)[-3:] == "700"


def queued(data: Path) -> bytes:
    """All keys of the queue as a client reads them: on the disk they are packed."""
    with EmbeddedValkey.open(data) as server, Redis.from_url(server.url) as client:
        return b"\n".join(repr(client.execute_command(*_reading(client, name))).encode() for name in client.scan_iter())


def _reading(client: Redis, name: bytes) -> tuple[object, ...]:
    return {
        b"string": ("GET", name),
        b"hash": ("HGETALL", name),
        b"list": ("LRANGE", name, 0, -1),
        b"set": ("SMEMBERS", name),
        b"zset": ("ZRANGE", name, 0, -1),
    }[client.type(name)]


@pytest.mark.slow
def test_no_planted_secret_is_in_the_index(planted: Planted, web: Web, tmp_path: Path) -> None:
    try:
        with elasticsearch.running() as url, Elasticsearch(url, request_timeout=300) as client:
            if client.indices.exists(index="govcrawl-findings"):
                pytest.skip("the named Elasticsearch has govcrawl indices already; this test needs one without")
            run = Run(planted, tmp_path, {"GOVCRAWL_ALLOW_NETWORKS": "127.0.0.0/8", "GOVCRAWL_ELASTICSEARCH_URL": url})
            run.crawl(web.url())
            documents = {
                f"{hit['_index']} {hit['_id']}": json.dumps(hit, ensure_ascii=False).encode()
                for hit in scan(client, index="govcrawl-*")
            }
            client.indices.delete(index="govcrawl-*")
    except Missing as missing:
        pytest.skip(f"no Elasticsearch: {missing}")
    assert len(documents) > 20
    assert found_in(documents | run.said | {n: b for n, b in run.files() if not n.startswith(QUEUE)}, planted) == []
