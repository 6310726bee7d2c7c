"""A server between a store and a real Elasticsearch: it may speak TLS, and answer for single items of bulk requests."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

# Index and id -> the status to answer instead of asking the real server; 0 asks it.
Refuse = Callable[[str, str], int]

_REASONS = {429: "es_rejected_execution_exception", 400: "document_parsing_exception"}
_HOP = {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Content-Encoding"}


@dataclass
class Between:
    """`url` is its own address, without a user; `asked` holds index and id of every item that it saw, in order."""

    far: str
    refuse: Refuse = lambda _index, _id: 0
    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()  # unpacked by aiohttp
        if request.path.endswith("/_bulk"):
            return await self._bulk(request, body)
        return await self._forward(request, body)

    async def _bulk(self, request: web.Request, body: bytes) -> web.Response:
        lines = body.splitlines()
        pairs = list(zip(lines[::2], lines[1::2], strict=True))
        answers = [self._answered(json.loads(action)) for action, _ in pairs]
        kept = [line for pair, answer in zip(pairs, answers, strict=True) if answer is None for line in pair]
        told: list[dict[str, Any]] = []
        if kept:
            forwarded = await self._forward(request, b"\n".join(kept) + b"\n")
            if forwarded.status != 200:
                return forwarded
            told = json.loads(forwarded.body)["items"]
        real = iter(told)
        items = [next(real) if answer is None else answer for answer in answers]
        return web.json_response({"items": items}, headers={"X-Elastic-Product": "Elasticsearch"}, content_type=_JSON)

    def _answered(self, action: dict[str, Any]) -> dict[str, Any] | None:
        ((verb, target),) = action.items()
        item = target["_index"], target.get("_id", "")
        self.asked.append(item)
        if status := self.refuse(*item):
            return {verb: {"status": status, "error": {"type": _REASONS[status], "reason": "as the test says"}}}
        return None

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        parts = urlsplit(self.far)
        headers = {name: value for name, value in request.headers.items() if name not in _HOP}
        if parts.username and "Authorization" not in headers:
            headers["Authorization"] = aiohttp.encode_basic_auth(parts.username, parts.password or "")
        url = f"{parts.scheme}://{parts.hostname}:{parts.port}{request.path_qs}"
        async with aiohttp.ClientSession() as session, session.request(request.method, url, data=body, headers=headers) as answer:
            kept = {name: value for name, value in answer.headers.items() if name not in _HOP}
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)


_JSON = "application/vnd.elasticsearch+json"


@asynccontextmanager
async def between(far: str, refuse: Refuse | None = None, context: ssl.SSLContext | None = None) -> AsyncIterator[Between]:
    made = Between(far, refuse) if refuse else Between(far)
    app = web.Application(client_max_size=100 << 20)
    app.router.add_route("*", "/{tail:.*}", made.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        made.url = f"{'https' if context else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
        yield made
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)
