"""The command line as a user runs it: in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `govcrawl ARGS` in an empty folder with nothing of ours in the environment but `env`."""

    def run_govcrawl(*args: object, env: dict[str, str] | None = None, timeout: float = 90) -> "subprocess.CompletedProcess[str]":
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith("GOVCRAWL_") and "proxy" not in name.lower()
        }
        return subprocess.run(
            [sys.executable, "-m", "govcrawl", *map(str, args)],
            cwd=tmp_path,
            env={**clean, **(env or {})},
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run_govcrawl
