import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govcrawl.findings.model import NotInspected
from govcrawl.store.protocol import FindingQuery, StoreUnreachable
from govcrawl.store.sqlite import FILE_NAME, SqliteStore
from govcrawl.store.sqlite_database import Database
from tests.findings.observed import observation

ROOT = Path(__file__).parents[2]

WRITER = """
import asyncio, sys
from pathlib import Path
from govcrawl.store.sqlite import SqliteStore
from tests.findings.observed import observation

async def main(data_dir, first, count):
    store = await SqliteStore.open(Path(data_dir))
    for number in range(first, first + count):
        await store.record([observation(f"http://www.example.gov.cn/{number}"), observation(subject=str(number))])
        print(number, flush=True)
    await store.aclose()

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


def writer(data_dir: Path, first: int, count: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data_dir), str(first), str(count)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


async def records(data_dir: Path):
    store = await SqliteStore.open(data_dir)
    found = {record.id: record async for record in store.findings(FindingQuery())}
    await store.aclose()
    return found


async def test_four_processes_write_the_same_finding_and_none_is_lost(tmp_path):
    writers = [writer(tmp_path, number * 25, 25) for number in range(4)]
    assert [process.wait(900) for process in writers] == [0, 0, 0, 0]
    for process in writers:
        process.stdout.close()
    found = await records(tmp_path)
    assert len(found) == 101
    assert found[observation().id].occurrences == 100


async def test_those_who_open_a_new_file_at_the_same_moment_wait_for_each_other(tmp_path):
    for number in range(100):
        databases = [Database(tmp_path / f"{number}.sqlite") for _ in range(4)]
        await asyncio.gather(*(database.create() for database in databases))
        for database in databases:
            await database.close()


async def test_what_a_killed_process_was_told_is_stored_is_stored(tmp_path):
    process = writer(tmp_path, 0, 100_000)
    told = [int(process.stdout.readline()) for _ in range(40)]
    os.kill(process.pid, signal.SIGKILL)
    told += [int(line) for line in process.stdout.read().split()]
    process.stdout.close()
    process.wait(10)
    found = await records(tmp_path)
    assert {observation(subject=str(number)).id for number in told} <= set(found)
    assert found[observation().id].occurrences in {len(told), len(told) + 1}


async def test_the_loop_goes_on_while_another_process_holds_the_lock(tmp_path):
    store = await SqliteStore.open(tmp_path)
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(store.record([observation()]))
    for _ in range(20):
        await asyncio.sleep(0.005)
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await asyncio.wait_for(writing, 10)
    assert (await store.finding(observation().id)).occurrences == 1
    await store.aclose()


async def test_a_listing_that_is_given_up_half_way_leaves_the_store_usable(tmp_path):
    store = await SqliteStore.open(tmp_path)
    await store.record([observation(subject=str(number)) for number in range(600)])
    listing = store.findings(FindingQuery())
    await anext(listing)
    await store.record([observation(subject="later")])
    await listing.aclose()
    assert sum((await store.count_findings(FindingQuery())).values()) == 601
    await store.aclose()


async def test_a_file_that_is_no_database_is_named_with_the_way_out(tmp_path):
    (tmp_path / FILE_NAME).write_bytes(b"these are not the findings you look for" * 100)
    with pytest.raises(StoreUnreachable, match=r"findings\.sqlite.*--data-dir"):
        await SqliteStore.open(tmp_path)


async def test_a_data_directory_that_is_a_file_is_named_with_the_way_out(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreUnreachable, match=r"data.*--data-dir"):
        await SqliteStore.open(tmp_path / "data")


async def test_no_cursor_leaves_the_thread_of_the_connection(tmp_path):
    """Freed in the event loop, it resets a statement that the thread is stepping: "bad parameter or other API misuse"."""
    database = Database(tmp_path / FILE_NAME)
    await database.create()
    insert = "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?)"
    with pytest.raises(TypeError, match="a cursor may not leave"):
        await database.write(lambda db: db.execute(insert, ("e", "f", "2026", "{}")))
    with pytest.raises(TypeError, match="a cursor may not leave"):
        await database.read(lambda db: db.execute("SELECT * FROM events"))
    assert await database.read(lambda db: db.execute("SELECT count(*) FROM events").fetchone()) == (0,)
    await database.close()


async def test_writes_of_one_statement_do_not_disturb_each_other(tmp_path):
    store = await SqliteStore.open(tmp_path)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    made = [[NotInspected(f"http://h.test/{k}", f"s{n}", "c", "page", "why", at) for k in range(50)] for n in range(40)]
    await asyncio.gather(*(store.record_not_inspected(some) for some in made))
    assert len([one async for one in store.not_inspected("c", "s7")]) == 50
    await store.aclose()
