"""The spool of a machine: bounded, in order, whole lines only."""

import resource
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest

from govcrawl.store.spool import Spool, SpoolFull, Write

SPOOLER = """
import os, signal, sys
from pathlib import Path
from govcrawl.store.spool import Spool, Write
spool = Spool(Path(sys.argv[1]))
for number in range(20):
    spool.put(Write("seen", [{"number": number}]))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def spool(tmp_path):
    with closing(Spool(tmp_path, max_bytes=2000)) as made:
        yield made


def numbers(spool):
    return [document["number"] for write in spool.waiting() for document in write.documents]


@contextmanager
def disk_of(size):
    """Files may not grow beyond `size`, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_a_killed_process_put_is_taken_over_in_order(spool, tmp_path):
    ended = subprocess.run([sys.executable, "-c", SPOOLER, str(tmp_path)], check=False, timeout=60)
    assert ended.returncode == -9
    (left,) = tmp_path.glob("*.jsonl")
    with left.open("ab") as torn:
        torn.write(b'{"kind": "seen", "docum')
    assert spool.adopt() == 20
    assert numbers(spool) == list(range(20))
    assert len(list(tmp_path.glob("*.jsonl"))) == 1


def test_a_spool_takes_no_more_than_its_bound_and_after_it_was_emptied_again(spool, tmp_path):
    spool.put(Write("seen", [{"number": 0, "text": "x" * 2000}]))
    with pytest.raises(SpoolFull, match=str(tmp_path)):
        spool.put(Write("seen", [{"number": 1}]))
    assert numbers(spool) == [0]
    spool.clear()
    spool.put(Write("seen", [{"number": 2}]))
    assert numbers(spool) == [2]


def test_a_full_disk_leaves_no_half_line_behind(spool):
    spool.put(Write("seen", [{"number": 0}]))
    with disk_of(300):
        for _ in range(2):
            with pytest.raises(SpoolFull, match="takes nothing more in"):
                spool.put(Write("seen", [{"number": 1, "text": "x" * 1000}]))
    spool.put(Write("seen", [{"number": 2}]))
    assert numbers(spool) == [0, 2]
