"""Indicator files: TOML, read and checked, with the line of every fault."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from govcrawl.audit.indicators import Indicator, IndicatorSet, Judge, Measure, Window

BUILT_IN = ("2019", "2015")

_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*indicators[ \t]*\]\]", re.MULTILINE)
_AT = re.compile(r"\$\.(?P<key>\w+)")
_Shape = TypeVar("_Shape", IndicatorSet, Indicator, Window)


class IndicatorError(Exception):
    """An indicator file that cannot be used; the message names file, line and the way out."""


def built_in(name: str) -> IndicatorSet:
    return read((files("govcrawl.audit") / "sets" / f"{name}.toml").read_text("utf-8"), f"{name}.toml")


def read(text: str, source: str) -> IndicatorSet:
    """The set of one file; `source` is what messages call it. Raises IndicatorError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise IndicatorError(f"{source}, {_place(fault, text)}: {_said(fault)}; write it as TOML") from fault
    lines = _Lines(text, source)
    entries = data.pop("indicators", None)
    if not isinstance(entries, list) or not entries:
        raise IndicatorError(f"{source}, line 1: no [[indicators]]; list at least one")
    head = lines.made(IndicatorSet, data, None)
    found: dict[str, Indicator] = {}
    for number, entry in enumerate(entries):
        one = _indicator({"document": head.document} | entry, lines, number)
        if one.id in found:
            raise lines.fault(number, "id", f"{one.id} is there twice; give each indicator an id of its own")
        found[one.id] = one
    return replace(head, indicators=tuple(found.values()))


def _indicator(entry: Mapping[str, Any], lines: "_Lines", number: int) -> Indicator:
    one = lines.made(Indicator, entry, number)
    # The conversion passes over what it does not know in inner tables.
    for window in entry.get("counting", ()):
        lines.known(Window, window, number, "counting")
    for key, wrong, way_out in _FAULTS:
        if wrong(one):
            raise lines.fault(number, key, f"{one.id}: {way_out}")
    return one


# The key to point at, what is wrong, and the way out.
_FAULTS = (
    ("counting", lambda one: one.measure in {Measure.STALE, Measure.HOME} and not one.counting, "name the columns in `counting`"),
    (
        "counting",
        lambda one: any(bool(window.days) == bool(window.months) for window in one.counting),
        "each window of `counting` has either days or months",
    ),
    (
        "measure",
        lambda one: one.measure is Measure.PROBES and not (one.days and one.least_probes),
        "a measure of probes needs `days` and `least_probes`",
    ),
    ("measure", lambda one: one.measure is Measure.FINDINGS and not one.findings, "a measure of findings needs `findings`"),
    (
        "judge",
        lambda one: one.measure is Measure.PERSON and one.judge is not Judge.PERSON,
        'what no crawl can see is judged by a person: judge = "person"',
    ),
    ("threshold", lambda one: one.threshold < 0, "a threshold is not below 0"),
)


class _Lines:
    """The text of a file, to find the line of a fault in it."""

    def __init__(self, text: str, source: str) -> None:
        self._text, self._source = text, source
        self._starts = [match.start() for match in _ENTRY.finditer(text)]

    def made(self, shape: type[_Shape], values: Mapping[str, Any], number: int | None) -> _Shape:
        """The values in their shape; `number` is the indicator's, None for the head of the file."""
        self.known(shape, values, number)
        try:
            return msgspec.convert(values, shape)
        except msgspec.ValidationError as fault:
            at = _AT.search(str(fault))
            name = values.get("id", "") if number is not None else ""
            raise self.fault(number, at["key"] if at else "", f"{name}: {fault}".lstrip(": ")) from fault

    def known(self, shape: type[_Shape], values: Mapping[str, Any], number: int | None, within: str = "") -> None:
        names = {field.name for field in fields(shape)}
        for key in values:
            if key not in names:
                raise self.fault(number, within or key, f"unknown key {key!r}; known are {', '.join(sorted(names))}")

    def fault(self, number: int | None, key: str, words: str) -> IndicatorError:
        return IndicatorError(f"{self._source}, line {self._line(number, key)}: {words}")

    def _line(self, number: int | None, key: str) -> int:
        start, end = self._span(number)
        match = re.compile(rf"^[ \t]*\"?{re.escape(key)}\"?[ \t]*=", re.MULTILINE).search(self._text, start, end) if key else None
        return self._text.count("\n", 0, match.start() if match else start) + 1

    def _span(self, number: int | None) -> tuple[int, int]:
        """Where the entry stands; the whole file for entries that are not written as [[indicators]]."""
        ends = [*self._starts[1:], len(self._text)]
        if number is None:
            return 0, self._starts[0] if self._starts else len(self._text)
        return (self._starts[number], ends[number]) if number < len(self._starts) else (0, len(self._text))


def _place(fault: tomllib.TOMLDecodeError, text: str) -> str:
    match = re.search(r"\(at line (\d+)", str(fault))
    return f"line {match[1] if match else text.count(chr(10)) + 1}"


def _said(fault: tomllib.TOMLDecodeError) -> str:
    return re.sub(r" \(at .*\)$", "", str(fault))
