"""A real Elasticsearch for the tests: started on loopback as an unprivileged user, stopped by its process id.

`python -m tests.services.elasticsearch COMMAND ...` runs a command with GOVCRAWL_TEST_ELASTICSEARCH_URL set to one. The command begins
at once: a server takes minutes on a small machine, and `running` waits for it where it is used. Security is on, unless
GOVCRAWL_TEST_ELASTICSEARCH_SECURITY=off.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.services import elasticsearch_build, java
from tests.services.java import Missing

VARIABLE = "GOVCRAWL_TEST_ELASTICSEARCH_URL"
SECURITY = "GOVCRAWL_TEST_ELASTICSEARCH_SECURITY"
USER = "govcrawl-es"
PASSWORD = "loopback-only"
FAILED = "GOVCRAWL_TEST_ELASTICSEARCH_FAILED"  # a file that says why there will be no server
FOLDER = "GOVCRAWL_TEST_ELASTICSEARCH_FOLDER"  # of the named server, where it is ours and may be stopped and started again
# It takes half a minute on a common machine and was seen to take 18 minutes on a throttled one; one that died is not waited for.
START_SECONDS = 2400
BUILD_SECONDS = 600  # the files are fetched once, on a slow line

# Without the second compiler and the verification of its classes a start takes half of the processor time; the tests ask too little to
# earn it back.
_QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
SETTINGS = """\
cluster.name: govcrawl-tests
discovery.type: single-node
network.host: 127.0.0.1
http.port: {http_port}
transport.port: {transport_port}
path.data: {folder}/data
path.logs: {folder}/logs
cluster.routing.allocation.disk.threshold_enabled: false
action.destructive_requires_name: false
xpack.security.enabled: {security}
"""


class Server:
    """One server process. The folder holds its configuration, data and logs; a second start on it finds the same data."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.secure = os.environ.get(SECURITY, "on") != "off"
        self.url = f"http://{f'elastic:{PASSWORD}@' if self.secure else ''}127.0.0.1:{self.port}"
        self._environment = {
            "ES_JAVA_HOME": str(java.home()),
            "ES_PATH_CONF": str(folder / "config"),
            "CLI_JAVA_OPTS": _QUICK_START,
            "ES_JAVA_OPTS": f"-Xms512m -Xmx512m -XX:-AlwaysPreTouch {_QUICK_START}",
        }

    @property
    def pid(self) -> int:
        return int((self.folder / "es.pid").read_text())

    def start(self) -> None:
        """Returns when it answers; raises Missing with the end of its log when it does not."""
        home = elasticsearch_build.build()
        self._configure(home)
        self._run(str(home / "bin/elasticsearch"), "-d", "-p", str(self.folder / "es.pid"))
        if not answers_within(self.url, START_SECONDS, lambda: _lives(self.pid)):
            raise Missing(f"Elasticsearch died, or did not answer in {START_SECONDS} s:\n{self._log_end()}")

    def stop(self) -> None:
        """Asks it to stop and waits for its end; a server that does not stop in 30 s is killed."""
        pid = self.pid
        os.kill(pid, signal.SIGTERM)
        for tick in range(400):
            if not _lives(pid):
                return
            if tick == 300:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.1)
        raise Missing(f"Elasticsearch {pid} cannot be stopped")

    def kill(self) -> None:
        """Takes it away at once, as a broken machine does."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        while _lives(pid):
            time.sleep(0.05)

    def _configure(self, home: Path) -> None:
        config = self.folder / "config"
        if config.is_dir():
            return
        shutil.copytree(home / "config", config)
        security = str(self.secure).lower()
        settings = SETTINGS.format(http_port=self.port, transport_port=free_port(), folder=self.folder, security=security)
        (config / "elasticsearch.yml").write_text(settings)
        # Threads that collect side by side wait for each other where processors are few.
        java_options = (config / "jvm.options").read_text()
        (config / "jvm.options").write_text(java_options.replace("-XX:+UseG1GC", "-XX:+UseSerialGC"))
        (self.folder / "data").mkdir()
        (self.folder / "logs").mkdir()
        _give_away(self.folder)
        if self.secure:
            # Forced, it makes the keystore, too: each of these programs costs a start of Java.
            self._run(str(home / "bin/elasticsearch-keystore"), "add", "-x", "-f", "bootstrap.password", told=PASSWORD)

    def _run(self, *command: str, told: str = "") -> None:
        """Runs a program of the server as the user of the server. Its output goes to a file: the server inherits it."""
        output = self.folder / "output"
        with output.open("ab") as sink:
            done = subprocess.run(
                [*_as_user(), "env", *(f"{name}={value}" for name, value in self._environment.items()), *command],
                input=told.encode(),
                stdout=sink,
                stderr=sink,
                cwd=self.folder,
                check=False,
            )
        if done.returncode:
            raise Missing(f"{command[0]} ended with status {done.returncode}:\n{output.read_text()[-3000:]}")

    def _log_end(self) -> str:
        log = self.folder / "logs" / "govcrawl-tests.log"
        return log.read_text()[-3000:] if log.is_file() else (self.folder / "output").read_text()[-3000:]


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that answers: the one the environment names, else one of our own that ends with the block."""
    named = os.environ.get(VARIABLE)
    if named:
        failed = Path(os.environ.get(FAILED, ""))
        if not answers_within(named, BUILD_SECONDS + START_SECONDS, lambda: not failed.is_file()):
            raise Missing(failed.read_text() if failed.is_file() else f"the Elasticsearch of {VARIABLE} does not answer")
        yield named
        return
    with own_server() as server:
        yield server.url


@contextmanager
def stoppable() -> Iterator[Server]:
    """A server that the test may stop and start again, and leaves running: the one of this run, else one of our own."""
    if os.environ.get(VARIABLE):
        if not os.environ.get(FOLDER):
            raise Missing(f"the Elasticsearch of {VARIABLE} is not ours to stop")
        with running() as url:
            server = Server(Path(os.environ[FOLDER]), urlsplit(url).port or 0)
            yield server
            if not answers(url):
                server.start()
        return
    with own_server() as server:
        yield server


@contextmanager
def own_server() -> Iterator[Server]:
    """A server of the test's own."""
    with _kept_server() as server:
        server.start()
        yield server


@contextmanager
def _kept_server() -> Iterator[Server]:
    """A server that is not started yet; at the end it is stopped and its folder removed."""
    folder = Path(tempfile.mkdtemp(prefix="govcrawl-es-", dir=_quick_folder()))
    folder.chmod(0o755)
    server = Server(folder)
    try:
        yield server
    finally:
        if (folder / "es.pid").is_file():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def answers_within(url: str, seconds: float, hopeful: Callable[[], bool]) -> bool:
    """Asks until it answers, the time is over or there is no hope any more."""
    deadline = time.monotonic() + seconds
    while not answers(url):
        if time.monotonic() > deadline or not hopeful():
            return False
        time.sleep(0.5)
    return True


def answers(url: str) -> bool:
    parts = urlsplit(url)
    request = urllib.request.Request(f"{parts.scheme}://{parts.hostname}:{parts.port}/_cluster/health")  # noqa: S310 - ours, on loopback
    if parts.username:
        request.add_header("Authorization", "Basic " + b64encode(f"{parts.username}:{parts.password}".encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - see above
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _quick_folder() -> str | None:
    """Memory where there is enough: on a busy disk every new index costs the server seconds."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own in it
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > 2 << 30 else None


def _as_user() -> list[str]:
    """The words that run a command as someone else than root, whom Elasticsearch refuses."""
    if os.geteuid() != 0:
        return []
    if not _known(USER):
        subprocess.run(["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER], check=True)
    return ["runuser", "-u", USER, "--"]


def _give_away(folder: Path) -> None:
    if _as_user():
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, USER)


def _known(user: str) -> bool:
    return any(entry.pw_name == user for entry in pwd.getpwall())


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    if os.environ.get(VARIABLE):
        return subprocess.run(sys.argv[1:], check=False).returncode
    with _kept_server() as server, ThreadPoolExecutor(1) as aside:
        failed = server.folder / "failed"
        started = aside.submit(_started, server, failed)
        told = {VARIABLE: server.url, FAILED: str(failed), FOLDER: str(server.folder)}
        ended = subprocess.run(sys.argv[1:], env=os.environ | told, check=False).returncode
        started.result()
    return ended


def _started(server: Server, failed: Path) -> None:
    try:
        server.start()
    except Missing as missing:
        failed.write_text(str(missing))
        raise


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Missing as missing:
        sys.exit(f"error: {missing}")
