"""Rule files: TOML of gitleaks with the fields of ours, read, checked and compiled."""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import re2

from govcrawl.detectors.rules import Allowlist, Pattern, Require, Rule, Sample
from govcrawl.findings.model import Confidence, Severity

_TARGETS = {"source", "header", "url", "attachment", "format"}


class RuleError(Exception):
    """A rule file that cannot be used; the message names file, rule and the way out."""


def load_package(package: str, names: Sequence[str]) -> list[Rule]:
    """The rules of files that lie beside the code of `package`."""
    found: list[Rule] = []
    for name in names:
        rules, _ = load(files(package).joinpath(name).read_text(encoding="utf-8"), name)
        found += rules
    return found


def load(text: str, source: str, *, prefix: str = "") -> tuple[list[Rule], list[Allowlist]]:
    """Rules and global allow-lists of one file. `prefix` goes before ids that do not carry a family.

    The path list of a global allow-list is left out: in gitleaks' file it skips pdf, doc and xls, which are what a site leaks by.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise RuleError(f"{source}: {fault}; the file must be TOML") from fault
    rules = [_rule(entry, source, prefix) for entry in data.get("rules", ())]
    disabled = set(data.get("extend", {}).get("disabledRules", ()))
    everywhere = [_allowlist(entry, source, whole_file=True) for entry in _listed(data, "allowlist", "allowlists")]
    return [rule for rule in rules if rule.id not in disabled], [
        entry for entry in everywhere if entry.regexes or entry.stopwords
    ]


def _rule(entry: Mapping[str, Any], source: str, prefix: str) -> Rule:
    name = entry.get("id")
    if not isinstance(name, str):
        raise RuleError(f"{source}: a rule without an id; give it one")
    where = f"{source}: {name}"
    targets = frozenset(entry.get("targets", ("source", "attachment")))
    if not targets <= _TARGETS:
        raise RuleError(f"{where}: unknown targets {sorted(targets - _TARGETS)}; use {sorted(_TARGETS)}")
    try:
        severity, confidence = Severity(entry.get("severity", "medium")), Confidence(entry.get("confidence", "medium"))
    except ValueError as fault:
        raise RuleError(f"{where}: {fault}; see the finding document for the words") from fault
    pattern = _compiled(entry.get("regex"), where)
    group = _number(entry, "secretGroup", where)
    if group and (pattern is None or group > pattern.groups):
        raise RuleError(
            f"{where}: secretGroup = {group:g}, but the regex has {pattern.groups if pattern else 0} groups; count its brackets"
        )
    return Rule(
        id=name if "/" in name or not prefix else f"{prefix}/{name}",
        title=entry.get("title") or entry.get("description") or name,
        version=int(_number(entry, "version", where, 1)),
        severity=severity,
        confidence=confidence,
        keywords=tuple(word.encode() for word in _words(entry, "keywords", where)),
        near=int(_number(entry, "near", where)),
        pattern=pattern,
        group=int(group),
        entropy=_number(entry, "entropy", where),
        validator=entry.get("validator", ""),
        path=_compiled(entry.get("path"), where),
        targets=targets,
        status=tuple(entry.get("status", ())),
        header=_compiled(entry.get("header"), where),
        also=_all(entry.get("also", ()), where),
        never=_all(entry.get("never", ()), where),
        requires=_requires(entry, where),
        allowlists=tuple(_allowlist(part, where) for part in _listed(entry, "allowlist", "allowlists")),
        mask=entry.get("mask", "secret"),
        stands=entry.get("stands", "anywhere"),
        subject=entry.get("subject", "secret"),
        flagged=_samples(entry.get("flagged", ()), where),
        clean=_samples(entry.get("clean", ()), where),
    )


def _number(entry: Mapping[str, Any], name: str, where: str, usual: float = 0.0) -> float:
    value = entry.get(name, usual)
    if not isinstance(value, int | float):
        raise RuleError(f"{where}: {name} = {value!r}; write a number")
    return float(value)


def _words(entry: Mapping[str, Any], name: str, where: str) -> Sequence[str]:
    value = entry.get(name, ())
    if isinstance(value, str) or not all(isinstance(word, str) for word in value):
        raise RuleError(f"{where}: {name} = {value!r}; write a list of words in quotes")
    return tuple(value)


def _listed(entry: Mapping[str, Any], one: str, many: str) -> list[Mapping[str, Any]]:
    """The file of gitleaks has [allowlist] in old versions and [[allowlists]] in new ones."""
    return [*([entry[one]] if one in entry else []), *entry.get(many, ())]


def _allowlist(entry: Mapping[str, Any], where: str, *, whole_file: bool = False) -> Allowlist:
    return Allowlist(
        condition=entry.get("condition", "OR"),
        regex_target=entry.get("regexTarget", "secret"),
        regexes=_all(entry.get("regexes", ()), where),
        stopwords=tuple(word.lower().encode() for word in entry.get("stopwords", ())),
        paths=() if whole_file else _all(entry.get("paths", ()), where),
        rules=frozenset(entry.get("targetRules", ())),
    )


def _requires(entry: Mapping[str, Any], where: str) -> tuple[Require, ...]:
    """Ours: {any = [rule ids], regexes = [...], within = bytes | "block" | "page"}; gitleaks: [[rules.required]]."""
    found = []
    for part in entry.get("requires", ()):
        within = part.get("within", "block")
        reach = {"block": 0, "page": -1}.get(within, within)
        if not isinstance(reach, int):
            raise RuleError(f'{where}: within = {within!r}; write "block", "page" or a number of bytes')
        found.append(Require(_all(part.get("regexes", ()), where), tuple(part.get("any", ())), reach))
    for part in entry.get("required", ()):
        # gitleaks counts lines; 120 bytes a line is what its own samples have.
        lines = int(part.get("withinLines", 0))
        found.append(Require((), (part["id"],), lines * 120 if lines else -1))
    return tuple(found)


def _samples(entries: Sequence[Mapping[str, Any]], where: str) -> tuple[Sample, ...]:
    for entry in entries:
        if not entry.get("reason"):
            raise RuleError(f"{where}: a sample without a reason; say why it is there")
    return tuple(Sample(**entry) for entry in entries)


def _all(patterns: Sequence[str], where: str) -> tuple[Pattern, ...]:
    return tuple(_compiled(pattern, where) for pattern in patterns)


def _compiled(pattern: str | None, where: str) -> Pattern:
    if pattern is None:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as fault:
        raise RuleError(f"{where}: {pattern!r} is no RE2 pattern ({fault})") from fault
