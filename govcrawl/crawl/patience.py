"""Waiting out a service that does not answer."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from govcrawl.frontier.protocol import FrontierUnreachable
from govcrawl.store.protocol import StoreUnreachable

log = logging.getLogger(__name__)
T = TypeVar("T")

_FIRST_SECONDS, _LONGEST_SECONDS = 0.1, 5.0


async def patiently(call: Callable[[], Awaitable[T]], outage: Callable[[bool], None] = lambda _: None) -> T:
    """The call's answer, however long the frontier or the store is away. `outage` hears when one begins and ends."""
    pause = 0.0
    while True:
        try:
            answer = await call()
        except (FrontierUnreachable, StoreUnreachable) as fault:
            if not pause:
                log.warning("a service does not answer; the worker waits for it", extra={"fault": str(fault)})
                outage(True)
            pause = min(max(pause * 2, _FIRST_SECONDS), _LONGEST_SECONDS)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
        else:
            if pause:
                log.warning("the service answers again")
                outage(False)
            return answer
