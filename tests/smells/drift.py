"""Drift between what must say the same: environment, mapping, dashboards, command help and documents."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from govcrawl.cli.main import COMMANDS
from govcrawl.config import Config
from govcrawl.findings.document import to_document
from govcrawl.findings.model import Category, Record, Review, State
from tests.findings.observed import NOON, observation
from tests.smells.measure import ROOT, Smell, places

README = ROOT / "README.md"
TEMPLATES = ROOT / "govcrawl" / "store" / "templates"
MAPPING = TEMPLATES / "findings.json"
ENV_EXAMPLE = ROOT / "deploy" / "env.example"
# Facts that take a service or a crawl to check have tests of their own; a test that is gone is drift too.
_TESTED = {
    "an unmasked specimen in the outputs of the end-to-end run": ("tests/e2e/test_demo*.py", "unmasked"),
}


def all_drift() -> Iterator[Smell]:
    yield places("drift: env.example vs Config", list(_environment()))
    yield places("drift: --help vs README", list(_commands()))
    yield places("drift: mapping vs finding model", list(_mapping()))
    tested = dict(_TESTED)
    if any((ROOT / "govcrawl" / "report" / "dashboards").glob("*.json")):
        tested["dashboard fields vs mapping"] = ("tests/report/test_dashboards*.py", "dashboard")
    for name, (pattern, word) in tested.items():
        yield places(f"no test for: {name}", [] if _has_test(pattern, word) else [f"no {pattern} has a test_..{word}.."])


def _environment() -> Iterator[str]:
    if not ENV_EXAMPLE.is_file():
        yield "deploy/env.example is missing"
        return
    listed = set(
        re.findall(r"^#?\s*(GOVCRAWL_\w+|https?_proxy|no_proxy)=", ENV_EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    read = {field.metadata["variable"] for field in fields(Config)}
    yield from (f"env.example lacks {name}" for name in sorted(read - listed))
    yield from (f"env.example lists {name}, which nothing reads" for name in sorted(listed - read))


def _mapping() -> Iterator[str]:
    """The fields of a finding's document that has everything, against the strict mapping; below `evidence` the mapping is open."""
    seen = observation()
    review = Review(State.CONFIRMED, "somebody", "checked", NOON)
    record = Record(seen.id, seen.finding, seen.site, State.RESOLVED, NOON, NOON, seen.campaign, 1, ("x",), review, NOON)
    written = set(_leaves(to_document(record)))
    mapped = set(_mapped(json.loads(MAPPING.read_text(encoding="utf-8"))["template"]["mappings"]["properties"]))
    open_fields = {name for name in written - mapped if name.startswith("finding.evidence.")}
    yield from (f"the mapping lacks {name}" for name in sorted(written - mapped - open_fields))
    yield from (f"the mapping has {name}, which no document has" for name in sorted(mapped - written))
    sites = set(_mapped(json.loads((TEMPLATES / "sites.json").read_text(encoding="utf-8"))["template"]["mappings"]["properties"]))
    counted = {name.removeprefix("site.findings.") for name in sites if name.startswith("site.findings.")}
    yield from (f"the mapping of sites lacks a count of {name}" for name in sorted(set(Category) - counted))


def _leaves(document: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, value in document.items():
        yield from _leaves(value, f"{path}{name}.") if isinstance(value, dict) else (f"{path}{name}",)


def _mapped(properties: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, field in properties.items():
        inner = field.get("properties")
        yield from _mapped(inner, f"{path}{name}.") if inner else (f"{path}{name}",)


def _commands() -> Iterator[str]:
    """Every command and every option of the help is in the README, and every one of the README is in the help."""
    if not README.is_file():
        yield "README.md is missing"
        return
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"\bgovcrawl ([a-z]+)\b", text))
    yield from (f"README does not name `govcrawl {name}`" for name in COMMANDS if name not in named)
    yield from (f"README names `govcrawl {name}`, which is no command" for name in sorted(_code_commands(text) - set(COMMANDS)))
    options = _options()
    yield from (f"README names {name}, which no command has" for name in sorted(_code_options(text) - options))


def _code_commands(text: str) -> set[str]:
    """Commands in code, where they are meant to be typed; in prose the word after the product's name is any word."""
    code = re.findall(r"`([^`\n]+)`", text) + re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    return {name for part in code for name in re.findall(r"(?:^|[\s$;|])govcrawl ([a-z]+)\b(?!/)", part)}


def _code_options(text: str) -> set[str]:
    lines = re.findall(r"[^\n]*\bgovcrawl [a-z][^\n]*", text)
    return {name for line in lines for name in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)} - {"--require-hashes"}


def _options() -> set[str]:
    script = (
        "import json, click; from govcrawl.cli.main import COMMANDS, cli\n"
        "def walk(c):\n"
        "    yield from (o for p in c.params for o in p.opts + p.secondary_opts)\n"
        "    for s in getattr(c, 'commands', {}).values(): yield from walk(s)\n"
        "found = {'--help', '--version', '--debug'}\n"
        "for name in COMMANDS: found |= set(walk(cli.get_command(click.Context(cli), name)))\n"
        "print(json.dumps(sorted(found)))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    return set(json.loads(run.stdout)) if not run.returncode else {f"the help broke: {run.stderr.strip()[-200:]}"}


def _has_test(pattern: str, word: str) -> bool:
    files = ROOT.glob(pattern)
    return any(re.search(rf"def test_\w*{word}", file.read_text(encoding="utf-8")) for file in files)
