"""One measured smell."""

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "govcrawl"


@dataclass(frozen=True, slots=True)
class Smell:
    """`value` is over its limit where `over` is true; a bold smell that is over fails the build. `where` names the places."""

    name: str
    value: str
    limit: str
    over: bool
    bold: bool = True
    where: list[str] = field(default_factory=list)


def places(name: str, found: list[str], *, bold: bool = True) -> Smell:
    """A smell that counts places and allows none."""
    return Smell(name, str(len(found)), "0", bool(found), bold, found)
