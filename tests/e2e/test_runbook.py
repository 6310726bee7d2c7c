"""The transcript of the runbook, run as it stands on a real Valkey and a real Elasticsearch: only ports are others."""

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis

from govcrawl.frontier.embedded import _binary
from govcrawl.store.elastic import ElasticStore
from govcrawl.store.server import Server
from tests.e2e.outcome import found, hiding_web, undisturbed
from tests.services.elasticsearch import free_port

RUNBOOK = Path(__file__).parents[2] / "deploy" / "README.md"
HOSTS, PAGES = 6, 60


def commands():
    (block,) = re.findall(
        r"^## The first crawl by hand\n.*?^```console\n(.*?)^```$", RUNBOOK.read_text(), re.MULTILINE | re.DOTALL
    )
    return [line.removeprefix("$ ") for line in block.splitlines()]


def four_ports():
    """The first digits of four free ports that end in 1 to 4, as 808 of the runbook."""
    while True:
        start = free_port() // 10
        try:
            for number in range(1, 5):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", 10 * start + number))
        except OSError:
            continue
        return start


class Transcript:
    """What each command printed."""

    def __init__(self, lines, folder, environ):
        script = [
            "set -euo pipefail; trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
            *(f"printf '\\n#### {number}\\n'\n{line}" for number, line in enumerate(lines)),
        ]
        # The time limit reaches the workers, too: they are in the group of `timeout`.
        command = ["timeout", "800", "bash", "-c", "\n".join(script)]
        ended = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
        self.stderr, self.status = ended.stderr, ended.returncode
        parts = re.split(r"^#### \d+\n", ended.stdout, flags=re.MULTILINE)[1:]
        self.said = {line: text.strip() for line, text in zip(lines, parts, strict=False)}

    def of(self, *words):
        (found,) = [text for line, text in self.said.items() if all(word in line for word in words)]
        return found


@pytest.fixture(scope="module")
def ran(server, tmp_path_factory):
    parts = urlsplit(server)
    if not parts.username:
        pytest.skip("the transcript makes API keys, and the server has no security")
    folder = tmp_path_factory.mktemp("runbook")
    redis_port, ports = free_port(), four_ports()
    (folder / "bin").mkdir()
    (folder / "bin" / "valkey-server").symlink_to(_binary())
    environ = {n: v for n, v in os.environ.items() if not n.startswith("GOVCRAWL_") and "proxy" not in n.lower()}
    environ |= {
        "PATH": f"{folder / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "ELASTIC_PASSWORD": parts.password,
        "GOVCRAWL_ALLOW_NETWORKS": "127.0.0.0/8",
    }
    others = {"6379": str(redis_port), "9200": str(parts.port), "808": str(ports)}
    lines = [re.sub("6379|9200|808", lambda match: others[match[0]], line) for line in commands()]
    with hiding_web(PAGES, HOSTS) as web:
        expected, _ = undisturbed(web, folder / "undisturbed")
        rows = [f"s{number},{web.url(number)}" for number in range(HOSTS)]
        (folder / "sites.csv").write_text("\n".join(["id,url", *rows]) + "\n")
        try:
            transcript = Transcript(lines, folder, environ)
        finally:
            with Redis(port=redis_port) as client:
                client.shutdown(nosave=True)
        yield transcript, expected, Counter(web.pages), folder


@pytest.fixture
def transcript(ran):
    return ran[0]


def test_every_command_of_the_runbook_works(transcript):
    assert transcript.status == 0, transcript.stderr[-3000:]
    assert transcript.of("find worker-*") == ""


def test_what_was_said_to_be_made_is_made(transcript):
    planned, made = (
        text.splitlines() for line, text in transcript.said.items() if line.startswith("govcrawl setup elasticsearch --keys")
    )
    assert [line.removeprefix("would ") for line in planned[:-1]] == made[:-1]
    assert {"make the index govcrawl-findings", "make the index govcrawl-events"} <= set(made)
    assert len([line for line in made if line.startswith("make the API key ")]) == 4


def test_the_keys_are_in_files_and_in_no_output(transcript, ran):
    keys = [path.read_text().strip().partition("=")[2] for path in sorted((ran[3] / "setup" / "keys").iterdir())]
    assert len(keys) == 4
    everything = (
        transcript.stderr + "".join(transcript.said.values()) + "".join(p.read_text() for p in ran[3].glob("worker-*.log"))
    )
    assert not [key for key in keys if key in everything]
    assert re.search(r"GOVCRAWL_ELASTICSEARCH_API_KEY +\*\*\*", transcript.of("config show"))


def test_a_fourth_worker_joins_works_and_leaves(transcript):
    assert len(re.findall(r"^\S+ +\S+ +\d+ +\d+ +[\d.]+ +\d+ +\d+ s ago$", transcript.of("govcrawl status"), re.MULTILINE)) == 4
    assert re.search(r"^held back by +politeness: ", transcript.of("govcrawl status"), re.MULTILINE)
    (pages,) = re.findall(r"^govcrawl_worker_pages_total (\d+)$", transcript.of("/metrics"), re.MULTILINE)
    assert int(pages) > 0


def test_nothing_is_lost_or_doubled_when_it_leaves(ran, server):
    transcript, expected, fetched, folder = ran
    assert fetched.most_common(1)[0][1] == 1
    assert fetched.total() == HOSTS * PAGES
    assert transcript.of("campaign show 2026q1", "until")

    async def read():
        store = await ElasticStore.open(Server(server), folder / "reader")
        seen = await found(store, "2026q1")
        await store.aclose()
        return seen

    assert asyncio.run(read()) == expected
