"""Rules that are data: a pattern with the conditions under which a match counts."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from govcrawl.findings.model import Confidence, Severity

Pattern = Any  # a compiled re2 pattern; the package carries no types


@dataclass(frozen=True, slots=True)
class Piece:
    """One text to be searched, as UTF-8. `target` says where it stands: source, header, url, attachment, format.

    `path` is the address or file name that `path` conditions are matched with. `place` is what a person has to look for in a
    document; `rows`: its lines are the rows of a table.
    """

    target: str
    data: bytes
    path: str = ""
    place: str = ""
    rows: bool = False

    def at(self, start: int) -> str:
        """The locator of an offset: the row or line of a document, counted from 1; the byte of anything else."""
        if self.target != "attachment":
            return f"{self.target}@{start}"
        number = self.data.count(b"\n", 0, start) + 1
        return f"{self.place or self.path}, {'row' if self.rows else 'line'} {number}"


@dataclass(frozen=True, slots=True)
class Sample:
    """What a rule must flag or leave alone, and why it is there."""

    text: str
    reason: str
    url: str = "http://www.qingshan.gov.cn/"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Allowlist:
    """Matches that are known to be harmless. `condition` joins the kinds of test that are given: any of them, or all."""

    condition: str = "OR"
    regex_target: str = "secret"
    regexes: tuple[Pattern, ...] = ()
    stopwords: tuple[bytes, ...] = ()
    paths: tuple[Pattern, ...] = ()
    rules: frozenset[str] = frozenset()  # empty: all rules

    def allows(self, hit: "Hit") -> bool:
        if self.rules and hit.rule.id not in self.rules:
            return False
        tests = []
        if self.paths:
            tests.append(any(pattern.search(hit.piece.path.encode()) for pattern in self.paths))
        if self.regexes:
            text = {"secret": hit.secret, "match": hit.match}.get(self.regex_target) or hit.line
            tests.append(any(pattern.search(text) for pattern in self.regexes))
        if self.stopwords:
            low = hit.secret.lower()
            tests.append(any(word in low for word in self.stopwords))
        return bool(tests) and (all(tests) if self.condition.upper() == "AND" else any(tests))


@dataclass(frozen=True, slots=True)
class Require:
    """Something else that must stand near a match: within so many bytes, within the same block (0), or anywhere (-1)."""

    patterns: tuple[Pattern, ...] = ()
    rules: tuple[str, ...] = ()
    within: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a rule file. `samples_*` are run by the check command and by the tests."""

    id: str
    title: str
    version: int = 1
    severity: Severity = Severity.MEDIUM
    confidence: Confidence = Confidence.MEDIUM
    keywords: tuple[bytes, ...] = ()
    near: int = 0  # a match lies within so many bytes of the begin of a keyword; 0: it may be anywhere
    pattern: Pattern = None
    group: int = 0
    entropy: float = 0.0
    validator: str = ""
    path: Pattern = None
    targets: frozenset[str] = frozenset({"source", "attachment"})
    status: tuple[int, ...] = ()
    header: Pattern = None
    also: tuple[Pattern, ...] = ()
    never: tuple[Pattern, ...] = ()
    requires: tuple[Require, ...] = ()
    allowlists: tuple[Allowlist, ...] = ()
    mask: str = "secret"
    stands: str = "anywhere"  # or "unquoted": a page that quotes such a text, to explain it, is clean
    subject: str = "secret"  # what makes it the same fault again: secret, match, path or host
    flagged: tuple[Sample, ...] = ()
    clean: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One match of a rule; offsets are bytes of the piece, `secret` is the group that the rule is after."""

    rule: Rule
    piece: Piece
    start: int
    end: int
    secret_start: int
    secret: bytes

    @property
    def match(self) -> bytes:
        return self.piece.data[self.start : self.end]

    @property
    def line(self) -> bytes:
        """The lines that the match stands on; at most 1,000 bytes to each side, for minified scripts."""
        data = self.piece.data
        first = max(data.rfind(b"\n", 0, self.start) + 1, self.start - 1000)
        last = data.find(b"\n", self.end, self.end + 1000)
        return data[first : last if last >= 0 else self.end + 1000]


Validator = Callable[[str], bool]


def entropy(secret: bytes) -> float:
    """Shannon entropy in bits a character."""
    size = len(secret)
    return -sum(n / size * math.log2(n / size) for n in Counter(secret).values()) if size else 0.0


def secret_of(rule: Rule, match: Any) -> tuple[int, bytes]:
    """Where the secret starts, and the secret: the rule's group, else the first group that took part, else the match."""
    if rule.group:
        return match.start(rule.group), match.group(rule.group) or b""
    for number in range(1, match.re.groups + 1):
        if match.group(number):
            return match.start(number), match.group(number)
    return match.start(), match.group()


def holds(rule: Rule, hit: Hit, validators: Mapping[str, Validator]) -> bool:
    """The conditions on the secret itself."""
    if not hit.secret or (rule.entropy and entropy(hit.secret) <= rule.entropy):
        return False
    return not rule.validator or validators[rule.validator](hit.secret.decode("utf-8", "replace"))


def answers(rule: Rule, piece: Piece, status: int, headers: str) -> bool:
    """The conditions on the response that carries the piece."""
    if rule.status and status not in rule.status:
        return False
    if rule.path is not None and not rule.path.search(piece.path.encode()):
        return False
    return rule.header is None or bool(rule.header.search(headers.encode("utf-8", "replace")))


def anywhere(patterns: Sequence[Pattern], data: bytes) -> bool:
    return any(pattern.search(data) for pattern in patterns)
