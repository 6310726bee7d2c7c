import asyncio
import threading
import time
from datetime import date

import pytest

from govcrawl.crawl.study import Study
from govcrawl.kit.clock import monotonic
from govcrawl.page.attachments import Extracted
from govcrawl.page.cascade import sheet_of
from govcrawl.page.model import Page

LARGE = 100_000


@pytest.fixture
def study():
    made = Study()
    yield made
    made.close()


def page(size: int, **words: object) -> Page:
    return Page("http://www.qingshan.gov.cn/", b"x" * size, today=date(2025, 11, 20), **words)


def busy(seconds: float) -> None:
    until = monotonic() + seconds
    while monotonic() < until:
        pass


async def test_the_loop_goes_round_while_a_page_is_read(study):
    seen = threading.Event()
    reading = asyncio.create_task(study.read(LARGE, lambda: seen.wait(60)))
    await asyncio.sleep(0)
    # Only a loop that is not held by the page comes to this.
    seen.set()
    assert await reading is True


async def test_a_small_page_is_read_where_it_is(study):
    assert await study.read(100, threading.get_ident) == threading.get_ident()
    assert await study.go_on(page(100), threading.get_ident) == threading.get_ident()


async def test_many_small_pages_at_once_do_not_hold_up_the_loop(study):
    turns = [0]

    async def turn() -> None:
        while True:
            turns.append(0)
            await asyncio.sleep(0)

    def job() -> int:
        busy(0.02)
        turns[-1] += 1
        return threading.get_ident()

    turning = asyncio.create_task(turn())
    places = await asyncio.gather(*(study.read(100, job) for _ in range(12)))
    turning.cancel()
    assert set(places) == {threading.get_ident()}
    assert sum(turns) == 12
    assert max(turns) <= 2


@pytest.mark.parametrize(
    "large",
    [page(LARGE), page(10, sheets={"http://a.test/s.css": "x" * LARGE}), page(10, extracted=Extracted("pdf"))],
    ids=["a long page", "long sheets", "a document"],
)
async def test_what_may_be_long_is_read_in_the_thread(study, large):
    assert await study.go_on(large, threading.get_ident) != threading.get_ident()


async def test_sheets_that_were_read_with_other_pages_do_not_count(study):
    dressed = page(10, sheets={"http://a.test/s.css": ".a{}" * LARGE})
    assert await study.go_on(dressed, threading.get_ident) != threading.get_ident()
    sheet_of(".a{}" * LARGE)
    assert await study.go_on(dressed, threading.get_ident) == threading.get_ident()


async def test_what_a_look_answers_is_asked_where_the_page_is_unless_it_is_huge(study):
    assert await study.ask(page(LARGE), threading.get_ident) == threading.get_ident()
    assert await study.ask(page(10 * LARGE), threading.get_ident) != threading.get_ident()
    assert await study.ask(page(10, extracted=Extracted("pdf")), threading.get_ident) != threading.get_ident()


async def test_two_pages_are_never_read_at_the_same_time(study):
    inside: list[str] = []

    def job(name: str) -> None:
        inside.append(f"{name} begins")
        time.sleep(0.05)
        inside.append(f"{name} ends")

    first = asyncio.create_task(study.read(LARGE, lambda: job("large")))
    await asyncio.sleep(0.01)
    await asyncio.gather(first, study.read(10, lambda: job("small")))
    assert inside == ["large begins", "large ends", "small begins", "small ends"]


async def test_pages_that_were_begun_go_first(study):
    done: list[str] = []
    jobs = [asyncio.create_task(study.read(LARGE, lambda: time.sleep(0.05)))]
    await asyncio.sleep(0.01)
    jobs += [asyncio.create_task(study.read(LARGE, lambda: done.append("new"))) for _ in range(5)]
    await asyncio.sleep(0)
    jobs.append(asyncio.create_task(study.go_on(page(LARGE), lambda: done.append("begun"))))
    await asyncio.gather(*jobs)
    assert done.index("begun") <= 1


async def test_a_job_that_breaks_breaks_for_its_caller_only(study):
    with pytest.raises(ZeroDivisionError):
        await study.read(LARGE, lambda: 1 // 0)
    assert await study.read(LARGE, lambda: "next") == "next"
