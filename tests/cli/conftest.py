"""The command line as a user runs it."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from govcrawl.cli import main
from govcrawl.kit.log import FieldFormatter


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs `govcrawl ARGS` in an empty folder with nothing of ours in the environment but `env`.

    In this process: a new interpreter for each of a hundred command lines takes minutes. An unexpected fault fails the test.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    for name in [name for name in os.environ if name.startswith("GOVCRAWL_") or "proxy" in name.lower()]:
        monkeypatch.delenv(name)

    def run_govcrawl(*args: object, env: dict[str, str] | None = None) -> Ended:
        with monkeypatch.context() as inner:
            for name, value in (env or {}).items():
                inner.setenv(name, value)
            status = main.run([str(arg) for arg in args])
        out, err = capsys.readouterr()
        return Ended(status, out, err)

    yield run_govcrawl
    # The log that a command set up writes to the standard error of this test, which is closed after it.
    for handler in logging.getLogger().handlers[:]:
        if isinstance(handler.formatter, FieldFormatter):
            logging.getLogger().removeHandler(handler)
