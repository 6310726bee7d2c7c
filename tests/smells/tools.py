"""Smells that ruff and import-linter measure."""

import json
import subprocess
import sys
from pathlib import Path

from tests.smells.measure import PRODUCT, ROOT, Smell, places

_BIN = Path(sys.executable).parent


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def complexity() -> Smell:
    run = _run(str(_BIN / "ruff"), "check", "--select", "C901", "--output-format", "json", "--exit-zero", str(PRODUCT))
    found = json.loads(run.stdout)
    lines = [f"{Path(one['filename']).relative_to(ROOT)}:{one['location']['row']} {one['message']}" for one in found]
    return places("functions with a ruff C901 complexity > 8", lines, bold=False)


def import_contracts() -> Smell:
    run = _run(str(_BIN / "lint-imports"), "--no-cache", "--no-logo")
    broken = [line.strip() for line in run.stdout.splitlines() if "BROKEN" in line or "->" in line]
    if run.returncode and not broken:
        broken = [(run.stdout or run.stderr).strip()[-300:]]
    return places("broken import contracts", broken)
