"""The end of a worker that one page keeps for ever: its leases run out, others take the pages, and the page that did it is given up in the end."""

import asyncio
import faulthandler
import logging
import os
import sys

from govcrawl.crawl.loops import BROKEN, ended
from govcrawl.crawl.study import Study

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0


class Watchdog:
    """Asks the loop to come round, and no job in the thread to take longer than `seconds`. The traces of all threads go to stderr: they
    name the detector.
    """

    def __init__(self, study: Study, seconds: float) -> None:
        self._study, self._seconds = study, seconds
        self._loop: asyncio.Task[None] | None = None

    def open(self) -> None:
        self._loop = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            # Its timer needs neither the loop nor the interpreter, which a pattern that never comes back holds.
            faulthandler.dump_traceback_later(self._seconds, exit=True, file=sys.__stderr__ or sys.stderr)
            await asyncio.sleep(min(_LOOK_SECONDS, self._seconds / 4))
            if self._study.busy_seconds() > self._seconds:
                log.critical("one page keeps the worker; the worker ends")
                faulthandler.dump_traceback(file=sys.__stderr__ or sys.stderr)
                os._exit(BROKEN)

    async def close(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        if self._loop:
            await ended([self._loop])
