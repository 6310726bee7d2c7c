"""What the owner of a cluster changes in the rules: more of them, fewer, allow-lists, findings that are accepted."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from govcrawl.detectors.rules import Allowlist, Rule
from govcrawl.detectors.rules_load import RuleError, load

PREFIX = "own"
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Overlay:
    """`disabled` are ids of built-in rules or detectors; `accepted` ids of findings as `govcrawl findings list` shows them."""

    rules: tuple[Rule, ...] = ()
    allowlists: tuple[Allowlist, ...] = ()
    disabled: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()


NONE = Overlay()


def read(file: Path | None) -> Overlay:
    """The overlay in a file in the form of gitleaks' own, with `[[accepted]]` beside it; None: no change. Raises RuleError."""
    if file is None:
        return NONE
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise RuleError(f"{file}: {fault}; name a UTF-8 file with rules, or none") from fault
    rules, allowlists = load(text, file.name, prefix=PREFIX)
    data = tomllib.loads(text)
    for rule in rules:
        if rule.pattern is None and rule.path is None:
            raise RuleError(f"{file.name}: {rule.id}: neither regex nor path; give it one")
    disabled = frozenset(map(str, data.get("extend", {}).get("disabledRules", ())))
    return Overlay(
        tuple(rules), tuple(allowlists), disabled, frozenset(_accepted(entry, file.name) for entry in data.get("accepted", ()))
    )


def _accepted(entry: Mapping[str, object], source: str) -> str:
    name = str(entry.get("id", ""))
    if not _ID.fullmatch(name):
        raise RuleError(
            f"{source}: accepted {name!r} is no id of a finding; copy the 32 signs that `govcrawl findings list` shows"
        )
    if not entry.get("reason"):
        raise RuleError(f"{source}: accepted {name}: no reason; say why it may stay")
    return name
