"""The hostile web: a host of 127.8.0.0/16 for each behaviour, all on one port, over raw sockets in a thread of its own."""

import asyncio
import logging
import socket
import struct
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.hostile import tls
from tests.hostile.behaviour import Act, Answer, Behaviour, Pause, Repeat, http

_NOT_FOUND = http("not here", "404 Not Found", kind="text/plain")
_LINGER_NOT = struct.pack("ii", 1, 0)
_MOST_HEADER = 65536


@dataclass(frozen=True)
class Host:
    behaviour: Behaviour
    address: str
    port: int

    @property
    def place(self) -> str:
        """Host and port, as an address names them."""
        return f"{self.behaviour.host or self.address}:{self.port}"

    @property
    def url(self) -> str:
        scheme = self.behaviour.scheme or ("https" if self.behaviour.tls else "http")
        return f"{scheme}://{self.place}/"

    @property
    def names(self) -> list[str] | int:
        """What the system's resolver says of the host: addresses, or the number of its error."""
        said = self.behaviour.names
        return said if isinstance(said, int) else [self.address if name == "OWN" else name for name in said]

    def answer(self, path: str) -> Answer:
        behaviour = self.behaviour
        if path == "/robots.txt":
            found = _NOT_FOUND if behaviour.robots is None else behaviour.robots
        else:
            found = behaviour.answer if path == "/" else behaviour.pages.get(path, _NOT_FOUND)
        return tuple(step.replace(b"HOST", self.place.encode()) if isinstance(step, bytes) else step for step in found)


class HostileWeb:
    """`hits` counts what was asked for, by host and path; `now` and `most` are connections open now and at most."""

    def __init__(self, behaviours: Sequence[Behaviour], folder: Path) -> None:
        self.hits: Counter[tuple[str, str]] = Counter()
        self.hosts: list[Host] = []
        self._behaviours, self._folder = behaviours, folder
        self._held: list[socket.socket] = []
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(lambda *_: None)  # clients that leave, and handshakes that fail, are the point
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)
        self._thread.start()
        if not self._ready.wait(60):
            raise TimeoutError("the hostile web did not start")
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
        for held in self._held:
            held.close()
        logging.getLogger("asyncio").setLevel(logging.NOTSET)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()

    async def _open(self) -> None:
        self._servers: list[asyncio.Server] = []
        port = _free_port()
        for number, behaviour in enumerate(self._behaviours):
            host = Host(behaviour, f"127.8.{number // 250}.{number % 250 + 1}", port)
            self.hosts.append(host)
            if behaviour.deaf:
                self._be_deaf(host)
            elif behaviour.listens and not isinstance(behaviour.names, int):
                await self._listen(host)

    async def _listen(self, host: Host) -> None:
        context = tls.context(self._folder, host.address, host.behaviour.tls) if host.behaviour.tls else None
        address = "::1" if "::1" in host.names else host.address
        talk = lambda reader, writer: self._talk(host, reader, writer)  # noqa: E731 - what start_server wants
        self._servers.append(await asyncio.start_server(talk, address, host.port, ssl=context))

    def _be_deaf(self, host: Host) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.address, host.port))
        listening.listen(0)
        self._held.append(listening)
        # Connections that nobody takes fill the queue; the system lets further ones knock without an answer.
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((host.address, host.port))
            self._held.append(filler)

    async def _talk(self, host: Host, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if path := await self._asked(host, reader):
                self.hits[host.address, path] += 1
                for step in host.answer(path):
                    await _take(step, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, OSError):
            pass
        finally:
            writer.close()

    async def _asked(self, host: Host, reader: asyncio.StreamReader) -> str:
        if host.behaviour.scheme == "https" and not host.behaviour.tls:
            return "/" if await reader.read(_MOST_HEADER) else ""  # half of a handshake has no address
        return (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode("latin-1")

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0.1)


async def _take(step: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if isinstance(step, bytes):
        writer.write(step)
        await writer.drain()
    elif isinstance(step, Pause):
        await asyncio.sleep(step.seconds)
    elif isinstance(step, Repeat):
        await _repeat(step, writer)
    elif step is Act.HANG:
        await reader.read()
    elif step is Act.RESET:
        # A linger of no seconds sends a reset instead of an end.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        writer.transport.abort()


async def _repeat(step: Repeat, writer: asyncio.StreamWriter) -> None:
    done = 0
    while not writer.is_closing() and (not step.times or done < step.times):
        writer.write(step.piece)
        await writer.drain()
        await asyncio.sleep(step.pause)
        done += 1


def _free_port() -> int:
    """Free on every address: below the range from which connections take theirs."""
    for port in range(18_000, 19_000):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("0.0.0.0", port))  # noqa: S104 - only to see that it is free
            except OSError:
                continue
            return port
    raise OSError("no port is free")
