"""The health port of a worker: /healthz and /readyz for the orchestrator, /metrics for Prometheus."""

import os
from collections.abc import Iterator, Mapping

from aiohttp import web

from govcrawl.crawl.desk import Desk
from govcrawl.crawl.pulse import Pulse, resident_bytes
from govcrawl.kit.clock import monotonic

# Without a claim for so long the worker is stuck, or its frontier is away.
_SILENT_SECONDS = 60.0


class Health:
    """Tells numbers and nothing else: no address, no page, no way in."""

    def __init__(self, desk: Desk, pulse: Pulse, seconds: Mapping[str, float]) -> None:
        self._desk, self._pulse, self._seconds = desk, pulse, seconds
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def open(self, host: str, port: int) -> None:
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        """That it answers at all is the news: the loop turns. What is away is not brought back by a restart of the worker."""
        return web.json_response({"status": "ok", "pid": os.getpid()})

    async def _readyz(self, _: web.Request) -> web.Response:
        trouble = self._trouble()
        return web.json_response({"status": trouble or "ok", "pid": os.getpid()}, status=503 if trouble else 200)

    def _trouble(self) -> str:
        """Why the worker takes no pages; "" while it does."""
        if not self._desk.reachable:
            return "the frontier does not answer"
        if self._pulse.backlog.store_away:
            return "the store takes nothing in"
        silent = monotonic() - self._desk.claimed_at
        return f"no claim for {silent:.0f} s" if silent > _SILENT_SECONDS else ""

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(text="".join(self._lines()), content_type="text/plain")

    def _lines(self) -> Iterator[str]:
        desk, tally, pulse = self._desk, self._desk.tally, self._pulse
        for name, kind, about, value in (
            ("claims_total", "counter", "calls for work", tally.claims),
            ("leases_total", "counter", "pages handed to this worker", tally.claimed),
            ("pages_total", "counter", "pages handed back", tally.finished),
            ("leases_lost_total", "counter", "pages whose lease ran out on this worker", tally.lost),
            ("sites_concluded_total", "counter", "sites concluded", tally.concluded),
            ("leases_held", "gauge", "pages under way", desk.held),
            ("leases_waiting", "gauge", "pages claimed and not yet started", desk.waiting),
            ("pages_per_second", "gauge", "over the last half minute", pulse.pages_per_second),
            ("loop_lag_seconds", "gauge", "longest stall of the event loop since the last report", pulse.recent_lag_seconds),
            ("frontier_up", "gauge", "1 while the frontier answers", int(desk.reachable)),
            ("claiming_seconds_total", "counter", "time spent in calls for work", tally.claiming_seconds),
            ("slots", "gauge", "pages that may be on the wire at once", desk.slots),
            ("slots_taken", "gauge", "pages on the wire", desk.fetching),
            ("store_up", "gauge", "0 while pages wait for the store", int(not pulse.backlog.store_away)),
            ("store_waiting", "gauge", "pages that wait to be stored", pulse.backlog.waiting),
            ("spool_bytes", "gauge", "what waits on the disk for a store that takes no writes", pulse.backlog.spooled_bytes),
            ("resident_memory_bytes", "gauge", "memory of the process", resident_bytes()),
        ):
            yield f"# HELP govcrawl_worker_{name} {about}\n# TYPE govcrawl_worker_{name} {kind}\ngovcrawl_worker_{name} {value}\n"
        yield "# HELP govcrawl_worker_failures_total pages not had, by reason\n# TYPE govcrawl_worker_failures_total counter\n"
        for reason, number in sorted(tally.failures.items()):
            yield f'govcrawl_worker_failures_total{{reason="{reason}"}} {number}\n'
        yield "# HELP govcrawl_worker_seconds_total time spent, by part\n# TYPE govcrawl_worker_seconds_total counter\n"
        for part, value in sorted(self._seconds.items()):
            yield f'govcrawl_worker_seconds_total{{part="{part}"}} {value:.6f}\n'
