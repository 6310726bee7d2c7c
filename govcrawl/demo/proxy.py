"""An HTTP proxy on loopback that answers for the demo web, and for nothing else."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web as http

from govcrawl.demo.web import Web


@dataclass(frozen=True, slots=True)
class Proxy:
    """`asked` counts the requests by full address."""

    url: str
    asked: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def serving(web: Web) -> AsyncIterator[Proxy]:
    """Serves until the block ends. Names are never looked up, so nothing leaves the machine."""
    asked: Counter[str] = Counter()

    async def answer(request: http.BaseRequest) -> http.StreamResponse:
        # An absolute-form target carries the host; a name in the Host header alone is the same for us.
        target = request.raw_path.removeprefix(f"http://{request.host}") or "/"
        asked[f"http://{request.host}{target}"] += 1
        found = web.answers.get((request.host, target))
        if found is None:
            return _absent(web, request)
        await asyncio.sleep(found.delay_seconds)
        headers = {"Content-Type": found.content_type} | ({"Location": found.location} if found.location else {})
        return http.Response(body=found.body, status=found.status, headers=headers)

    server = http.Server(answer)
    runner = http.ServerRunner(server)
    await runner.setup()
    try:
        site = http.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        yield Proxy(f"http://127.0.0.1:{port}", asked)
    finally:
        await runner.cleanup()


def _absent(web: Web, request: http.BaseRequest) -> http.StreamResponse:
    """404 on a host that is up; a connection that ends without a word on one that is not."""
    if any(host == request.host for host, _ in web.answers):
        return http.Response(status=404, body="<title>404</title>页面不存在".encode(), content_type="text/html", charset="utf-8")
    if request.transport:
        request.transport.abort()
    return http.Response(status=502)
