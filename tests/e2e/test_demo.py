"""The demo as a user runs it, and what it leaves behind."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from govcrawl.demo.sheet import read_sheet, read_sites

SECONDS = 900  # on a machine that does ten other things
# What the demo web says in clear and nothing of ours may repeat: both ID numbers of the standard, and a made-up cloud key.
SPECIMENS = (
    b"11010519491231002X",
    b"440524188001010014",
    b"AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA",
    b"Gu5t9xGARNpq86cd98joQYCN3Cozk1qA",
)


@dataclass(frozen=True)
class Demo:
    folder: Path
    returncode: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Path:
        return self.folder / "govcrawl-demo"

    def govcrawl(self, *arguments: str) -> str:
        return self._run("-m", "govcrawl", *arguments, "--data-dir", str(self.data))

    def shown(self, names: list[str]) -> str:
        """`findings show` of each, by one process: to start one for each takes minutes on a slow machine."""
        script = "import sys; from govcrawl.cli.main import run; sys.exit(sum(run(['findings', 'show', n, *sys.argv[1:3]]) for n in sys.argv[3:]))"
        return self._run("-c", script, "--data-dir", str(self.data), *names)

    def _run(self, *words: str) -> str:
        return subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=clean_environment(), capture_output=True, check=True, timeout=SECONDS
        ).stdout.decode()


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GOVCRAWL_") and "proxy" not in name.lower()}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "govcrawl", "demo", "--now", "2026-11-25"]
    run = subprocess.run(command, cwd=folder, env=clean_environment(), capture_output=True, check=False, timeout=SECONDS)
    return Demo(folder, run.returncode, run.stdout.decode(), run.stderr.decode())


def test_every_planted_fault_is_found_and_every_look_alike_left_alone(demo: Demo):
    sheet = read_sheet()
    said = (
        f"{len(sheet.planted)} of {len(sheet.planted)} planted faults found, {len(sheet.look_alikes)} of {len(sheet.look_alikes)}"
    )
    assert f"{said} look-alikes clean: as the answer sheet says" in demo.stdout, demo.stdout + demo.stderr
    assert demo.returncode == 0


def test_no_line_is_wider_than_a_terminal_of_100_columns(demo: Demo):
    assert [line for line in demo.stdout.splitlines() if len(line) > 100 and "govcrawl-demo" not in line] == []


def test_every_site_ends_in_one_state_and_the_states_add_up(demo: Demo):
    sites = re.search(r"^sites +(\d+) total, (.*)$", demo.stdout, re.MULTILINE)
    assert sites, demo.stdout
    assert int(sites[1]) == len(read_sites())
    assert sum(int(number) for number in re.findall(r"(\d+) \w+", sites[2])) == int(sites[1])


def test_no_unmasked_specimen_is_in_the_outputs_the_logs_or_the_data(demo: Demo):
    places = {"stdout": demo.stdout.encode(), "stderr": demo.stderr.encode()} | dict(_files(demo.data))
    listed = demo.govcrawl("findings", "list", "--json")
    places["findings list"] = listed.encode()
    names = [json.loads(line)["finding"]["id"] for line in listed.splitlines()]
    assert len(names) >= len(read_sheet().planted)
    shown = demo.shown(names)
    assert all(name in shown for name in names)
    places["findings show"] = shown.encode()
    found = [(name, specimen[:6]) for name, content in places.items() for specimen in SPECIMENS if specimen in content]
    assert found == []


def test_the_evidence_of_a_leak_is_masked_and_not_empty(demo: Demo):
    lines = map(json.loads, demo.govcrawl("findings", "list", "--json", "--type", "security_leak").splitlines())
    snippets = [line["finding"]["evidence"]["snippet"] for line in lines if line["rule"]["id"] == "leaks/id-number"]
    assert snippets
    assert all("***" in snippet for snippet in snippets)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield str(file.relative_to(folder)), file.read_bytes()


def test_the_readme_shows_a_dashboard_as_the_command_prints_it(demo: Demo):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^\$ govcrawl dashboards show overview\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    shown = [line.split() for line in demo.govcrawl("dashboards", "show", "overview").splitlines()]
    assert [line for line in block.splitlines() if line != "..." and line.split() not in shown] == []
