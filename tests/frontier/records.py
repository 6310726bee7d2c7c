"""The packed records of the frontier, by the names that lua/records.lua gives to their fields."""

import re
import struct
from importlib.resources import files
from typing import Any

_TEXT = (files("govcrawl.frontier") / "lua" / "records.lua").read_text("utf-8")


class Form:
    """Numbers first, then words; what follows the last of them is the `rest`. `skipped`: fields that are not stored."""

    def __init__(self, name: str, first: str, skipped: int = 0) -> None:
        form = re.search(rf"{name}_FORM = '<(\w+)'", _TEXT)[1]
        names = re.search(rf"local ({first}[A-Z_,\s]+) = 1, 2,", _TEXT)[1]
        self.names = re.split(r",\s+", names.lower())[skipped : skipped + len(form)]
        self.numbers = struct.Struct("<" + form.rstrip("s"))
        self.words = form.count("s")

    def read(self, raw: bytes) -> dict[str, Any]:
        *words, rest = raw[self.numbers.size :].split(b"\0", self.words)
        values = [*self.numbers.unpack_from(raw), *(word.decode("utf-8", "backslashreplace") for word in words)]
        return dict(zip(self.names, values, strict=True)) | {"rest": rest}

    def write(self, record: dict[str, Any]) -> bytes:
        values = [record[name] for name in self.names]
        numbers = len(values) - self.words
        words = b"".join(word.encode() + b"\0" for word in values[numbers:])
        return self.numbers.pack(*values[:numbers]) + words + record["rest"]


HOST = Form("HOST", "UNDER_WAY", skipped=1)
SITE = Form("SITE", "OPEN")
LEASE = Form("LEASE", "RAW", skipped=1)


async def change(redis: Any, key: str, field: str, form: Form, **values: Any) -> None:
    """Sets some fields of a record that is there."""
    raw = await redis.hget(key, field)
    if raw is not None:
        await redis.hset(key, field, form.write(form.read(raw) | values))
