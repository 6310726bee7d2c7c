"""The server in the data directory: it outlives nobody, and its data outlives everybody."""

import asyncio
import signal
import subprocess
import sys
import time

import pytest
from redis import Redis
from redis.asyncio import Redis as AsyncRedis
from redis.exceptions import ResponseError

from govcrawl.frontier.embedded import DataDirBusy, EmbeddedValkey, running
from govcrawl.frontier.protocol import FrontierUnreachable
from tests.frontier.worker import campaign, site

OWNER = """
import sys, time
from pathlib import Path
from redis import Redis
from govcrawl.frontier.embedded import EmbeddedValkey
with EmbeddedValkey.open(Path(sys.argv[1])) as server:
    Redis.from_url(server.url).set("kept", "yes")
    print("ready", flush=True)
    time.sleep(600)
"""

# As on a system that knows no signal for the death of a parent.
ORPHAN = """
import os, sys
from pathlib import Path
from govcrawl.frontier import embedded
embedded._die_with_parent = lambda: None
print(embedded._started(Path(sys.argv[1])).pid, flush=True)
os._exit(0)
"""


def until(fact, seconds=60):
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end
        time.sleep(0.05)


def kept(url):
    with Redis.from_url(url) as client:
        return client.get("kept")


def test_the_server_ends_with_its_killed_owner_and_keeps_its_data(tmp_path):
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout.readline() == "ready\n"
        assert running(tmp_path)
        owner.send_signal(signal.SIGKILL)
    until(lambda: not running(tmp_path))
    with EmbeddedValkey.open(tmp_path) as server:
        assert kept(server.url) == b"yes"


def test_a_server_that_was_left_behind_is_stopped_by_the_next_run_and_its_data_taken_over(tmp_path):
    (tmp_path / "valkey").mkdir()
    begun = subprocess.run([sys.executable, "-c", ORPHAN, str(tmp_path / "valkey")], capture_output=True, text=True, check=True)
    until(lambda: running(tmp_path))
    with Redis.from_url(running(tmp_path)) as client:
        client.set("kept", "yes")
    with EmbeddedValkey.open(tmp_path) as server:
        assert kept(server.url) == b"yes"
        assert server._process.pid != int(begun.stdout)
    assert not running(tmp_path)


def test_a_data_directory_has_one_owner(tmp_path):
    with EmbeddedValkey.open(tmp_path), pytest.raises(DataDirBusy, match="another govcrawl"), EmbeddedValkey.open(tmp_path):
        pass


async def test_a_server_that_is_busy_with_a_script_counts_as_unreachable(frontier, redis, valkey_url):
    await frontier.start(campaign(), [site(1)])
    await redis.config_set("busy-reply-threshold", 50)
    looping = AsyncRedis.from_url(valkey_url, socket_timeout=None)
    endless = asyncio.ensure_future(looping.eval("while true do end", 0))
    await asyncio.sleep(0.5)
    try:
        with pytest.raises(FrontierUnreachable, match="cannot answer now: BUSY"):
            await frontier.claim("w", 1)
    finally:
        await redis.script_kill()
        with pytest.raises(ResponseError):
            await endless
        await looping.aclose()
        await redis.config_set("busy-reply-threshold", 5000)
    assert len((await frontier.claim("w", 1)).leases) == 1
