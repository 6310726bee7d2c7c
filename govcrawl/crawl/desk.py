"""The leases of one worker: claimed ahead of the engine, renewed, and handed back with what became of them."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from govcrawl.crawl.loops import ended, endless
from govcrawl.crawl.patience import patiently
from govcrawl.frontier.model import Claim, Closing, Lease, Result
from govcrawl.frontier.protocol import Frontier, FrontierUnreachable
from govcrawl.kit.clock import monotonic

log = logging.getLogger(__name__)

_IDLE_SECONDS = 1.0  # how soon a campaign that somebody else started is noticed
# Between two claims, and before results are told: what comes meanwhile shares the round trip, which costs as much as half a page.
_PACE_SECONDS = 0.02
_SHORTEST_SECONDS = 0.004
_FINISH_AT_ONCE = 100  # results in one call: bounds how long one call holds the server
_HELD_PER_SLOT = 6  # pages fetched but not yet stored, before claiming waits for the store
_FAREWELL_SECONDS = 10.0
_FEW = 4


class Floor(Protocol):
    """What the desk asks of the worker around it."""

    def free(self) -> int:
        """How many more pages could be fetched now."""
        ...

    async def admit(self, leases: Sequence[Lease]) -> Sequence[Result | None]:
        """Results of those leases that need no fetch (robots.txt forbids them), None for the others."""
        ...

    async def conclude(self, closing: Closing) -> None: ...

    def ready(self) -> None:
        """Leases wait to be taken."""
        ...

    def idle(self) -> None:
        """No campaign is running and nothing is in hand."""
        ...


@dataclass(slots=True)
class Tally:
    """What a desk has done since it opened."""

    claims: int = 0
    claimed: int = 0
    finished: int = 0
    lost: int = 0  # results whose lease had run out
    concluded: int = 0
    claiming_seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)  # pages that were not had, by reason


class Desk:
    """`take` and `put` are plain calls for the engine; everything that waits for the network is in the loops."""

    def __init__(self, frontier: Frontier, floor: Floor, worker: str, slots: int, heartbeat_seconds: float = 10.0) -> None:
        self.frontier, self.floor, self.worker, self.slots = frontier, floor, worker, slots
        self.heartbeat_seconds = heartbeat_seconds
        self.tally = Tally()
        self.reachable = True
        self.claimed_at = monotonic()
        self._waiting: deque[Lease] = deque()
        self._held: dict[str, Lease] = {}
        self._concluding: dict[str, asyncio.Task[None]] = {}
        self._outbox: list[Result] = []
        self._news = asyncio.Event()  # a slot came free, or the frontier took our results
        self._results = asyncio.Event()
        self._claiming: asyncio.Task[None] | None = None
        self._finishing: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._closing = False

    def open(self) -> None:
        self._claiming = endless(self._claim_loop())
        self._finishing = endless(self._finish_loop())
        self._renewing = endless(self._renew_loop())

    def take(self) -> Lease | None:
        return self._waiting.popleft() if self._waiting else None

    def untake(self, lease: Lease) -> None:
        """Takes back a page that was not started after all."""
        self._waiting.append(lease)

    def put(self, result: Result) -> None:
        """The end of a lease: its findings are stored, its children known."""
        self._outbox.append(result)
        self._results.set()
        self._news.set()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def held(self) -> int:
        return len(self._held)

    @property
    def fetching(self) -> int:
        """Slots that are taken."""
        return self.slots - self.floor.free()

    @property
    def busy(self) -> bool:
        return bool(self._held or self._concluding)

    def holds(self, token: str) -> bool:
        """The frontier has not taken the result of this lease yet."""
        return token in self._held

    async def concluded(self) -> None:
        """Waits for the sites that are being concluded."""
        if self._concluding:
            await asyncio.wait(self._concluding.values())

    async def _claim_loop(self) -> None:
        while not self._closing:
            room = self._room()
            if room <= 0:
                await self._pause(_IDLE_SECONDS)
                continue
            claim = await self._claim(room)
            await self._accept(claim)
            if claim.running == 0 and not self.busy:
                self.floor.idle()
            if claim.leases:
                await asyncio.sleep(_PACE_SECONDS)
            else:
                await self._pause(_IDLE_SECONDS if claim.wait_seconds is None else min(claim.wait_seconds, _IDLE_SECONDS))

    def _room(self) -> int:
        return min(self.floor.free() - len(self._waiting), self.slots * _HELD_PER_SLOT - len(self._held))

    async def _claim(self, room: int) -> Claim:
        asked = monotonic()
        claim = await patiently(lambda: self.frontier.claim(self.worker, room), self._outage)
        self.tally.claiming_seconds += monotonic() - asked
        return claim

    async def _pause(self, seconds: float) -> None:
        """Until there is news, but no longer than `seconds`; never in a tight circle."""
        self._news.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), max(seconds, _SHORTEST_SECONDS))
            await asyncio.sleep(_PACE_SECONDS)

    async def _accept(self, claim: Claim) -> None:
        self.tally.claims += 1
        self.claimed_at = monotonic()
        self.tally.claimed += len(claim.leases)
        for closing in claim.closing:
            if closing.token not in self._concluding:
                self._concluding[closing.token] = endless(self._conclude(closing))
        if not claim.leases:
            return
        self._held.update((lease.token, lease) for lease in claim.leases)
        answers = await patiently(lambda: self.floor.admit(claim.leases), self._outage)
        for lease, answer in zip(claim.leases, answers, strict=True):
            if answer is None:
                self._waiting.append(lease)
            else:
                self.put(answer)
        if self._waiting and not self._closing:  # an engine that closes would lose what it is woken with
            self.floor.ready()

    async def _conclude(self, closing: Closing) -> None:
        try:
            await self.floor.conclude(closing)
            await patiently(lambda: self.frontier.conclude(self.worker, closing), self._outage)
            self.tally.concluded += 1
        finally:
            self._concluding.pop(closing.token, None)
            self._news.set()

    async def _finish_loop(self) -> None:
        while self._outbox or not self._closing:
            await self._results.wait()
            self._results.clear()
            if not self._closing:
                await self._gather()
            while self._outbox:
                await patiently(self._finish, self._outage)

    async def _gather(self) -> None:
        """Waits for more results; not while hardly anything is under way, when each of them may be what the next claim waits for."""
        if len(self._held) > len(self._outbox) + _FEW:
            await asyncio.sleep(_PACE_SECONDS)

    async def _finish(self) -> None:
        batch = self._outbox[:_FINISH_AT_ONCE]
        ours = await self.frontier.finish(self.worker, batch)
        del self._outbox[: len(batch)]
        self.tally.finished += ours
        self.tally.lost += len(batch) - ours
        self.tally.failures.update(result.reason.value for result in batch if result.reason)
        for result in batch:
            self._held.pop(result.lease.token, None)
        self._news.set()

    async def _renew_loop(self) -> None:
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            await patiently(self._renew, self._outage)

    async def _renew(self) -> None:
        if tokens := [*self._held, *self._concluding]:
            await self.frontier.renew(self.worker, tokens)

    def _outage(self, begins: bool) -> None:
        self.reachable = not begins

    async def close(self) -> None:
        """Hands back what was not started and every result. What cannot be said now comes back by its lease running out."""
        if self._claiming is None or self._finishing is None:
            return
        self._closing = True
        self._news.set()
        self._results.set()
        others = [task for task in (self._renewing, *self._concluding.values()) if task]
        for task in others:
            task.cancel()
        # These two are not cut off: a call under way may have changed the frontier already, and its answer says how.
        _, stuck = await asyncio.wait({self._claiming, self._finishing}, timeout=_FAREWELL_SECONDS)
        await ended([*others, *stuck])
        await self._farewell()

    async def _farewell(self) -> None:
        try:
            async with asyncio.timeout(_FAREWELL_SECONDS):
                # What robots.txt answered in the last claim.
                while self._outbox:
                    await self._finish()
                if self._waiting:
                    await self.frontier.release(self.worker, tuple(self._waiting))
        except (FrontierUnreachable, TimeoutError):
            log.warning("the frontier did not take our farewell", extra={"leases": len(self._held)})
