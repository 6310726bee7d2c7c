"""A real browser for the tests that open what we write."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.services.java import Missing

VARIABLE = "GOVCRAWL_TEST_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "chromium")
_SECONDS = 180
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # root has none in a container
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--virtual-time-budget=5000",
)


@lru_cache(maxsize=1)
def found() -> str:
    """The browser of this machine; installed where CI=true and there is none. Raises Missing with what to install."""
    if browser := _there():
        return browser
    if os.environ.get("CI") == "true" and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(("apt-get", "update"), check=False, capture_output=True)
        subprocess.run(_INSTALL, check=False, capture_output=True)
        if browser := _there():
            return browser
    raise Missing(f"no browser found ({', '.join(_NAMES)}); install Debian's package chromium, or name one by {VARIABLE}")


def needed() -> None:
    """Skips the test where there is no browser; CI has to have one."""
    try:
        found()
    except Missing as fault:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(fault))


def _there() -> str:
    return os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, _NAMES)), "")


def opened(page: Path) -> str:
    """The page as the browser has it after five seconds of its own time, its scripts run and what it asks for fetched."""
    return _run(page, "--dump-dom").decode("utf-8", "replace")


def told(pages: Iterable[str], look: str, folder: Path, height: int = 768) -> list[Any]:
    """What `look`, a JavaScript function of a frame, gives for each of the pages, laid out beside each other."""
    frames = "".join(f'<iframe width="1366" height="{height}" srcdoc="{escape(html)}"></iframe>' for html in pages)
    script = f"""const look = {look};
    onload = () => setTimeout(() => {{
      document.getElementById("told").textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(look));
    }}, 500);"""
    file = folder / "pages.html"
    text = f'<meta charset="utf-8"><p id="told"></p>{frames}<script>{script}</script>'
    file.write_text(text, encoding="utf-8", errors="replace")
    node = LexborHTMLParser(opened(file)).css_first("#told")
    if node is None or not node.text():
        raise RuntimeError("the browser told nothing of the pages")
    return json.loads(node.text())


def printed(page: Path, file: Path) -> bytes:
    """The page as a PDF."""
    _run(page, f"--print-to-pdf={file}", "--no-pdf-header-footer")
    return file.read_bytes()


def _run(page: Path, *what: str) -> bytes:
    with tempfile.TemporaryDirectory() as profile:
        command = (found(), *_OPTIONS, f"--user-data-dir={profile}", *what, page.as_uri())
        return subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS).stdout
