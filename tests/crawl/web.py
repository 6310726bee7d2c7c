"""A web on loopback that remembers who asked for what, and when."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web


@dataclass
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class Hit:
    at: float
    host: str
    path: str
    headers: dict[str, str]
    method: str = "GET"


class Web:
    """Serves `answer(host, path)` on one port of several addresses of 127.0.0.0/8, in a thread of its own. None answers 404."""

    def __init__(self, answer: Callable[[str, str], Answer | str | None], hosts: int = 1) -> None:
        self.answer = answer
        self.addresses = [f"127.0.7.{number}" for number in range(1, hosts + 1)]
        self.hits: list[Hit] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def url(self, number: int = 0, path: str = "/") -> str:
        return f"http://{self.addresses[number]}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [hit.path for hit in self.hits]

    @property
    def pages(self) -> list[tuple[str, str]]:
        return [(hit.host, hit.path) for hit in self.hits if hit.path != "/robots.txt"]

    def wait(self, pages: int, seconds: float = 300.0) -> None:
        """Until so many pages were asked for."""
        until = time.monotonic() + seconds
        while len(self.pages) < pages:
            if time.monotonic() > until:
                raise TimeoutError(f"only {len(self.pages)} pages were asked for")
            time.sleep(0.01)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        for address in self.addresses:
            await web.TCPSite(self._runner, address, self.port, backlog=1024).start()
            self.port = self.port or self._runner.addresses[0][1]

    async def _handle(self, request: web.Request) -> web.Response:
        self.hits.append(Hit(time.monotonic(), request.host, request.path_qs, dict(request.headers), request.method))
        answer = self.answer(request.host, request.path_qs)
        if answer is None:
            return web.Response(status=404, text="<title>404</title>not here", content_type="text/html")
        if isinstance(answer, str):
            answer = Answer(answer)
        if answer.seconds:
            await asyncio.sleep(answer.seconds)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        headers = {"Content-Type": "text/html; charset=utf-8", **answer.headers}
        return web.Response(status=answer.status, body=body, headers=headers)
