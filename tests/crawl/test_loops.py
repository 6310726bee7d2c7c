import asyncio
import subprocess
import sys
from contextlib import suppress

from govcrawl.crawl import loops

SCRIPT = """
import asyncio
from govcrawl.crawl.loops import endless

async def breaks():
    raise ValueError("no such key")

async def main():
    task = endless({loop})
    {then}
    await asyncio.sleep(30)

asyncio.run(main())
"""


def ended(loop: str, then: str = "pass") -> subprocess.CompletedProcess[str]:
    script = SCRIPT.format(loop=loop, then=then)
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=600, check=False)


def test_a_worker_that_lost_a_loop_ends_at_once_and_says_why():
    worker = ended("breaks()")
    assert worker.returncode == 70
    assert "no such key" in worker.stderr


def test_a_loop_that_is_told_to_stop_ends_nothing():
    worker = ended("asyncio.sleep(20)", "task.cancel(); await asyncio.gather(task, return_exceptions=True); return")
    assert worker.returncode == 0


async def test_a_loop_that_swallows_a_cancellation_is_ended_all_the_same():
    swallowed = []

    async def loop() -> None:
        with suppress(asyncio.CancelledError):
            swallowed.append(1)
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    task = asyncio.ensure_future(loop())
    await asyncio.sleep(0)
    await loops.ended([task])
    assert swallowed
    assert task.cancelled()
