"""A cluster of three Valkey nodes on loopback, each of which can be killed and started again."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from govcrawl.frontier.embedded import _binary
from tests.services.elasticsearch import free_port

SLOTS = 16384


class Node:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.bus = folder, free_port(), free_port()
        self.folder.mkdir()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        words = {
            "port": self.port,
            "bind": "127.0.0.1",
            "cluster-enabled": "yes",
            "cluster-port": self.bus,
            "cluster-node-timeout": 3000,
            "cluster-require-full-coverage": "no",
            "appendonly": "yes",
            "save": "",
            "dir": self.folder,
            "logfile": self.folder / "log",
        }
        command = [str(_binary()), *(str(word) for name, value in words.items() for word in (f"--{name}", value))]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.until(lambda client: client.ping())

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def until(self, fact, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        with Redis(port=self.port) as client:
            while time.monotonic() < end:
                try:
                    if fact(client):
                        return
                except (RedisError, OSError):
                    pass
                time.sleep(0.05)
        raise AssertionError(f"node at {self.port}: not so after {seconds} s; see {self.folder}/log")


@contextmanager
def cluster(folder: Path, size: int = 3) -> Iterator[list[Node]]:
    nodes = [Node(folder / str(number)) for number in range(size)]
    try:
        for number, node in enumerate(nodes):
            node.start()
            with Redis(port=node.port) as client:
                first, last = SLOTS * number // size, SLOTS * (number + 1) // size - 1
                client.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
                client.execute_command("CLUSTER MEET", "127.0.0.1", nodes[0].port, nodes[0].bus)
        for node in nodes:
            node.until(lambda client: _whole(client, size))
        yield nodes
    finally:
        for node in nodes:
            if node.process:
                node.kill()


def _whole(client: Redis, size: int) -> bool:
    told = client.execute_command("CLUSTER INFO")
    told = told if isinstance(told, dict) else dict(line.split(":", 1) for line in told.decode().split())
    wanted = {"cluster_state": "ok", "cluster_known_nodes": str(size), "cluster_slots_assigned": str(SLOTS)}
    return all(told[name] == value for name, value in wanted.items())
