"""What earlier visits saw of an article."""

import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, Self
from zlib import crc32

from govcrawl.page.body import UNKNOWN

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_FORM = struct.Struct(">HHIH")
_FIRST = date(1995, 1, 1)  # no day on a page is before it (page/day_patterns)
_PACKED = re.compile(r"[\w-]{14}", re.ASCII)


class Earlier(NamedTuple):
    """`published` is the earliest day that its present text was shown under, `seen` the day of the first visit, `mark` that of its text
    (page/body), `title` 16 bits of its title.
    """

    published: date
    seen: date
    mark: int
    title: int

    def packed(self) -> str:
        """14 characters of base64, so that they may be kept beside the validators of the page."""
        days = [(day - _FIRST).days for day in (self.published, self.seen)]
        return urlsafe_b64encode(_FORM.pack(*days, self.mark, self.title)).decode().rstrip("=")

    @classmethod
    def read(cls, packed: str) -> Self | None:
        """None where it is nothing that `packed` wrote."""
        if not _PACKED.fullmatch(packed):
            return None
        published, seen, mark, title = _FORM.unpack(urlsafe_b64decode(f"{packed}=="))
        return cls(_FIRST + timedelta(published), _FIRST + timedelta(seen), mark, title)


def same_text(page: "Page") -> bool:
    """Whether the page says what it said on the earlier visit."""
    return page.earlier is not None and page.earlier.mark == page.body_mark != UNKNOWN


def same_title(page: "Page") -> bool:
    return page.earlier is not None and page.earlier.title == _title_mark(page)


def remembered(page: "Page") -> Earlier | None:
    """What the next visit is to know. A text keeps the earliest day that it was shown under, a title the day on which it was first seen;
    another title is another article.
    """
    before, claim = page.earlier, page.claim
    if claim is None:
        return before
    now = Earlier(max(claim.day, _FIRST), page.today, page.body_mark, _title_mark(page))
    if before is None or not same_title(page):
        return now
    published = min(before.published, now.published) if same_text(page) else now.published
    return now._replace(published=published, seen=min(before.seen, now.seen))


def _title_mark(page: "Page") -> int:
    return crc32(page.title.encode("utf-8", "surrogatepass")) & 0xFFFF
