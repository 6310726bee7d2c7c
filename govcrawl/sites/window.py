"""The hours of the day in which a site may be visited."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from govcrawl.kit.clock import CHINA

_DAY = 24 * 60
_WRITTEN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*(?:-|–|—|~|至|到)\s*(\d{1,2})(?::(\d\d))?")


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes after midnight in China, the last one left out; it may go over midnight."""

    first: int
    last: int

    @classmethod
    def read(cls, text: str) -> Self:
        """`22:00-06:00`, `22-6`, `22:00至6:00`. ValueError for what is no window."""
        found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if not found:
            raise ValueError(f"{text!r} is no window")
        hours, minutes = (int(found[1]), int(found[3])), (int(found[2] or 0), int(found[4] or 0))
        first, last = (60 * hour + minute for hour, minute in zip(hours, minutes, strict=True))
        if max(minutes) > 59 or first >= _DAY or last > _DAY or first == last % _DAY:
            raise ValueError(f"{text!r} is no window")
        return cls(first, last % _DAY)

    def __str__(self) -> str:
        return f"{self.first // 60:02d}:{self.first % 60:02d}-{self.last // 60:02d}:{self.last % 60:02d}"

    def is_open(self, moment: datetime) -> bool:
        at = moment.astimezone(CHINA)
        return (60 * at.hour + at.minute - self.first) % _DAY < (self.last - self.first) % _DAY
