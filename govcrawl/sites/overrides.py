"""What a tenant says of the columns of its sites, over what the pages say."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from govcrawl.sites.faults import SiteListError
from govcrawl.sites.model import Column, ColumnClass

_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*columns[ \t]*\]\]", re.MULTILINE)
_SAID = "override"


class OverrideError(SiteListError):
    """An override file that cannot be used; the message names file, line and the way out."""


class Override(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"column_class": "class"}):
    """One [[columns]] entry: which columns it is about, and what it says of them.

    `site` is an id of the site list, "" all sites; `url` the address of the column or the beginning of it; `name` its exact name.
    `column_class` EXTERNAL and ARCHIVE are counted nowhere.
    """

    column_class: ColumnClass | None = None
    first_level: bool | None = None
    site: str = ""
    url: str = ""
    name: str = ""

    def fits(self, site: str, column: Column) -> bool:
        at = column.url.partition("://")[2]
        return (
            self.site in ("", site) and self.name in ("", column.name) and at.startswith(self.url.partition("://")[2] or self.url)
        )


@dataclass(frozen=True, slots=True)
class Overrides:
    """The entries of a file; the first that fits a column wins."""

    entries: Sequence[Override] = ()

    def over(self, site: str, column: Column) -> Column:
        one = next((entry for entry in self.entries if entry.fits(site, column)), None)
        if one is None:
            return column
        known = column if one.column_class is None else replace(column, column_class=one.column_class, class_from=_SAID)
        return known if one.first_level is None else replace(known, first_level=one.first_level)


def overrides(file: Path | None) -> Overrides:
    """Of a TOML file; none without one. Raises OverrideError."""
    if file is None:
        return Overrides()
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else fault
        raise OverrideError(f"{file}: {why}; name a TOML file in UTF-8 with [[columns]] entries") from fault
    return read(text, str(file))


def read(text: str, source: str) -> Overrides:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise OverrideError(f"{source}: {fault}; write it as TOML") from fault
    entries = data.pop("columns", None)
    if data or not isinstance(entries, list):
        stray = f"unknown key {next(iter(data))!r}" if data else "no [[columns]]"
        raise OverrideError(f"{source}, line 1: {stray}; the file is a list of [[columns]] entries")
    lines = [text.count("\n", 0, match.start()) + 1 for match in _ENTRY.finditer(text)]
    return Overrides(
        [_override(entry, f"{source}, line {lines[at] if at < len(lines) else 1}") for at, entry in enumerate(entries)]
    )


def _override(entry: Any, place: str) -> Override:
    try:
        one = msgspec.convert(entry, Override)
    except msgspec.ValidationError as fault:
        raise OverrideError(
            f"{place}: {fault}; the keys are class, first_level, site, url, name; a class is one of {_CLASSES}"
        ) from fault
    if not one.url and not one.name:
        raise OverrideError(f"{place}: names no column; give a url or a name")
    if one.column_class is None and one.first_level is None:
        raise OverrideError(f"{place}: says nothing of the column; give a class or first_level")
    return one


_CLASSES = ", ".join(one for one in ColumnClass if one is not ColumnClass.HOME)
