"""The endless tasks of a worker, and what happens when one of them ends."""

import asyncio
import logging
import os
from collections.abc import Collection, Coroutine

log = logging.getLogger(__name__)

_CANCEL_AGAIN_SECONDS = 0.2
BROKEN = 70  # EX_SOFTWARE of sysexits.h


def endless(loop: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """Runs `loop` beside the engine. A fault in it ends the whole process at once.

    A worker without its claim loop or its writer would hold leases for ever and look alive. One that is gone loses nothing:
    its leases run out, and another worker takes the pages.
    """
    task = asyncio.ensure_future(loop)
    task.add_done_callback(_ended)
    return task


async def ended(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancels until all have ended: a call under way may swallow a cancellation (`wait_for` of Python 3.11 does, when its answer comes
    at the same moment), and a worker that is told to stop in its first breath would wait for ever.
    """
    running = set(tasks)
    while running:
        for task in running:
            task.cancel()
        _, running = await asyncio.wait(running, timeout=_CANCEL_AGAIN_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)


def _ended(task: asyncio.Task[None]) -> None:
    if task.cancelled() or (fault := task.exception()) is None:
        return
    log.critical("a loop of the worker broke; the worker ends", exc_info=fault)
    for handler in logging.getLogger().handlers:
        handler.flush()
    os._exit(BROKEN)
