"""Text of an RTF document: body, headers, notes, hidden and deleted text, properties, embedded objects."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from govcrawl.page.attachments.values import Refused, Tray, Where

Nested = Callable[[bytes, str, Tray, int], None]

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
)
# Groups without words of the author.
_SILENT = frozenset(
    {
        b"fonttbl",
        b"colortbl",
        b"stylesheet",
        b"listtable",
        b"listoverridetable",
        b"rsidtbl",
        b"themedata",
        b"colorschememapping",
        b"datastore",
        b"latentstyles",
        b"pict",
        b"xmlnstbl",
        b"generator",
        b"fldtype",
        b"panose",
    }
)
_PLACES = {
    b"header": Where.HEADER,
    b"footer": Where.HEADER,
    b"headerl": Where.HEADER,
    b"headerr": Where.HEADER,
    b"headerf": Where.HEADER,
    b"footerl": Where.HEADER,
    b"footerr": Where.HEADER,
    b"footerf": Where.HEADER,
    b"footnote": Where.NOTE,
    b"annotation": Where.COMMENT,
    b"atnid": Where.COMMENT,
    b"atnauthor": Where.COMMENT,
    b"info": Where.PROPERTIES,
}
_SIGNS = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"cell": "\t",
    b"nestcell": "\t",
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
}
_DEPTH = 2000


@dataclass(slots=True)
class _Group:
    silent: bool = False
    where: Where = Where.BODY
    skip: int = 1  # characters that follow \u for old readers
    objects: bool = False


@dataclass(slots=True)
class _State:
    encoding: str = "gb18030"
    stack: list[_Group] = field(default_factory=lambda: [_Group()])
    texts: dict[Where, list[str]] = field(default_factory=dict)
    pending: bytearray = field(default_factory=bytearray)
    to_skip: int = 0
    objects: bytearray = field(default_factory=bytearray)
    embedded: list[bytes] = field(default_factory=list)

    @property
    def group(self) -> _Group:
        return self.stack[-1]

    def flush(self) -> None:
        """Bytes wait until the character is whole: two escaped bytes make one Chinese sign."""
        if self.pending:
            self.write(self.pending.decode(self.encoding, "replace"))
            self.pending.clear()

    def write(self, text: str) -> None:
        if not self.group.silent:
            self.texts.setdefault(self.group.where, []).append(text)

    def raw(self, data: bytes) -> None:
        if self.to_skip:
            used = min(self.to_skip, len(data))
            self.to_skip -= used
            data = data[used:]
        if self.group.objects:
            self.objects += data
        else:
            self.pending += data


def read_rtf(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    state = _State()
    for match in _TOKEN.finditer(body):
        _step(match, state)
    state.flush()
    for where, pieces in state.texts.items():
        text = "".join(pieces)
        tray.add(text, Where.TABLE if where is Where.BODY and "\t" in text else where, path)
    for number, data in enumerate(state.embedded):
        inside = f"{path}/object {number + 1}"
        try:
            tray.unpacked(len(data))
            nested(_package(data), inside, tray, depth + 1)
        except Refused as refusal:
            tray.skip(inside, str(refusal))
    if not body.rstrip(b"\0\r\n\t ").endswith(b"}"):
        tray.skip(path, "cut off before its end")


def _step(match: re.Match[bytes], state: _State) -> None:
    word, number, code, sign, brace, text = match.groups()
    if brace:
        _brace(brace, state)
    elif word:
        _word(word, int(number) if number else None, state)
    elif code:
        state.raw(bytes([int(code, 16)]))
    elif text:
        state.raw(text)
    elif sign and sign != b"*":
        state.raw(b" " if sign == b"~" else sign if sign in {b"\\", b"{", b"}"} else b"")


def _brace(brace: bytes, state: _State) -> None:
    state.flush()
    if brace == b"{":
        if len(state.stack) > _DEPTH:
            raise Refused("groups nested too deep")
        top = state.group
        state.stack.append(_Group(top.silent, top.where, top.skip, top.objects))
    elif len(state.stack) > 1:
        closed = state.stack.pop()
        if closed.objects and not state.group.objects and state.objects:
            state.embedded.append(_unhexed(bytes(state.objects)))
            state.objects.clear()


def _word(word: bytes, number: int | None, state: _State) -> None:
    if word == b"u" and number is not None:
        state.flush()
        state.write(chr(number % 0x10000) if not 0xD800 <= number % 0x10000 < 0xE000 else "")
        state.to_skip = state.group.skip
        return
    state.flush()
    state.to_skip = 0
    if word == b"ansicpg" and number:
        state.encoding = {936: "gb18030", 950: "big5", 65001: "utf-8"}.get(
            number, f"cp{number}" if number in _PAGES else "gb18030"
        )
    elif word == b"uc" and number is not None:
        state.group.skip = max(0, min(number, 10))
    elif word in _SILENT:
        state.group.silent = True
    elif word == b"objdata":
        state.group.objects = True
    elif word in _PLACES:
        state.group.where = _PLACES[word]
    elif word in _SIGNS:
        state.write(_SIGNS[word])


_PAGES = frozenset({437, 850, 874, 932, 949, *range(1250, 1259)})


def _unhexed(data: bytes) -> bytes:
    digits = re.sub(rb"[^0-9a-fA-F]", b"", data)
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


def _package(data: bytes) -> bytes:
    """The file inside an OLE 1.0 object: what follows the first head that is known."""
    heads = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-", b"{\\rtf")
    found = [at for head in heads if (at := data.find(head)) >= 0]
    return data[min(found) :] if found else data
