"""The labelled real pages, served under their original addresses by the corpus' own proxy."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.eval.corpus import ROOT

TOOL = ROOT.parent / "tools" / "replay.py"


def require() -> None:
    """Skips where the corpus is missing, with the reason; fails where CI says that it must be there."""
    if TOOL.is_file():
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{TOOL} is missing, and CI must have it")
    pytest.skip(f"{TOOL} is missing: the corpus lies beside the checkout, or where GOVCRAWL_CORPUS says")


def write_sites(file: Path, kinds: str = "") -> int:
    """The site list of everything that the proxy can answer for; returns how many sites it has."""
    with file.open("wb") as out:
        subprocess.run([sys.executable, TOOL, "sites", "--kind", kinds], stdout=out, check=True, timeout=600)
    return len(file.read_bytes().splitlines()) - 1


@contextmanager
def proxy() -> Iterator[str]:
    """The address of the running proxy."""
    served = subprocess.Popen([sys.executable, TOOL, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    assert served.stderr
    try:
        yield served.stderr.readline().split()[-1]
    finally:
        served.kill()
        served.wait()
        served.stderr.close()
