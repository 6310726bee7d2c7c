"""What comes out of an attachment, with what could not be read."""

from dataclasses import dataclass, field
from enum import StrEnum


class Where(StrEnum):
    """The place of a text in its document."""

    BODY = "body"
    TABLE = "table"  # one row a line, cells separated by tabs
    HEADER = "header"
    COMMENT = "comment"
    NOTE = "note"
    HIDDEN = "hidden"
    PROPERTIES = "properties"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Part:
    """A text of the document. `path` leads through nested files, such as `list.zip/2024.xls/Sheet2`."""

    text: str
    where: Where = Where.BODY
    path: str = ""

    @property
    def place(self) -> str:
        """The path, and what a person has to look for where the text is not simply there."""
        return self.path if self.where in {Where.BODY, Where.TABLE} else f"{self.path} ({self.where})"


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece that nobody looked into, and the reason: it is never taken for clean."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """The texts of one attachment. `format` is what the bytes are, whatever the name says."""

    format: str
    parts: tuple[Part, ...] = ()
    not_inspected: tuple[Unread, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one attachment may cost. Memory and seconds hold for the separate process as a whole."""

    input_bytes: int = 64_000_000
    unpacked_bytes: int = 256_000_000  # all nested files together
    ratio: int = 200  # unpacked to packed, of one entry beyond the first megabyte
    depth: int = 5
    files: int = 2_000
    text_characters: int = 20_000_000
    pages: int = 3_000
    rows: int = 500_000
    seconds: float = 30.0
    memory_bytes: int = 1_500_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """What the process that reads attachments is asked."""

    body: bytes
    limits: Limits


@dataclass(slots=True)
class Spent:
    """What has been used up so far, over all nested files of one attachment."""

    unpacked_bytes: int = 0
    files: int = 0
    characters: int = 0


class Refused(Exception):  # noqa: N818 - says what happens, not that something broke
    """A piece is left unread; the message is the reason that the report shows."""


@dataclass(slots=True)
class Tray:
    """Collects texts and reasons while the readers walk through one attachment and what is nested in it."""

    limits: Limits
    parts: list[Part] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)

    def add(self, text: str, where: Where, path: str) -> None:
        """Keeps a text; beyond the limit of characters the document is left unread."""
        text = text.replace("\0", "").strip("\n")
        if not text.strip():
            return
        room = self.limits.text_characters - self.spent.characters
        self.spent.characters += len(text)
        self.parts.append(Part(text[: max(room, 0)], where, path))
        if len(text) > room:
            raise Refused(f"more than {self.limits.text_characters:,} characters of text")

    def skip(self, path: str, reason: str) -> None:
        if len(self.unread) < 200:
            self.unread.append(Unread(path, reason))

    def unpacked(self, size: int) -> None:
        """Counts bytes of nested files; raises Refused at the limit."""
        self.spent.unpacked_bytes += size
        if self.spent.unpacked_bytes > self.limits.unpacked_bytes:
            raise Refused(f"unpacks to more than {self.limits.unpacked_bytes:,} bytes")

    def file(self) -> None:
        self.spent.files += 1
        if self.spent.files > self.limits.files:
            raise Refused(f"holds more than {self.limits.files:,} files")
