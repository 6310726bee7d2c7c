"""The encoding of a page, and how it was decided."""

import codecs
import re
from contextlib import suppress
from typing import NamedTuple

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
# Every label of these means the superset in the wild (detection: 5.1).
_SUPERSETS = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030"}
# Servers send it for anything: the label tells nothing.
_IGNORED = {"iso-8859-1", "iso8859-1", "latin1", "latin-1"}
# Encodings of the web by their Python names; a label may also name a codec that is no encoding of text, such as idna or base64.
_OF_THE_WEB = re.compile(
    r"utf-(?:8|16|16-le|16-be)|gb18030|gbk|gb2312|hz|big5|big5hkscs|euc_(?:jp|kr)|shift_jis|iso2022_jp|cp949|johab|cp125\d|cp866|cp874|iso8859-\d+|koi8-[ru]|mac-roman|tis-620|ascii"
)
_ERROR_RATE = 0.001
_GOOD_TO_BAD = 4


class Decoded(NamedTuple):
    text: str
    encoding: str
    path: str  # which step of the rule decided

    @property
    def unchanged(self) -> bool:
        """Whether the body is the text in UTF-8, but for a character that is cut off at its end."""
        return self.encoding == "utf-8" and self.path in ("ascii", "strict")


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Text of a page by the rule of nine cases: BOM, UTF-8, declared, GB18030, the least damaged. Never fails."""
    for bom, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if body.startswith(bom):
            return Decoded(body[len(bom) :].decode(name, "replace"), name, "bom")
    if (text := _strict(body, "utf-8")) is not None:
        return Decoded(text, "utf-8", "ascii" if body.isascii() else "strict")
    declared = _declared(body, content_type)
    for name in declared:
        text = body.decode(name, "replace")
        if text.count("\ufffd") <= _ERROR_RATE * len(text):
            return Decoded(text, name, "declared")
        if name == "utf-8" and _nearly_all_good(text):
            return Decoded(text, name, "damaged")
    if (text := _strict(body, "gb18030")) is not None:
        return Decoded(text, "gb18030", "strict")
    return _least_damaged(body, declared)


def _strict(body: bytes, name: str) -> str | None:
    """The text where every byte is valid; a multi-byte character cut off at the very end is no fault."""
    # Whole first: most pages are, and it takes half of the time.
    for whole in (bytes.decode, _but_the_end):
        with suppress(UnicodeDecodeError):
            return whole(body, name)
    return None


def _but_the_end(body: bytes, name: str) -> str:
    return codecs.getincrementaldecoder(name)("strict").decode(body)


def _declared(body: bytes, content_type: str) -> list[str]:
    labels = [match[1] for match in _HEADER.finditer(content_type)]
    labels += [match[1].decode("ascii") for match in _DECLARED.finditer(body[:_HEAD_BYTES])]
    names = []
    for label in labels:
        name = _SUPERSETS.get(label.lower(), label.lower())
        if name in _IGNORED or name in names:
            continue
        with suppress(LookupError, UnicodeError, ValueError):
            if _OF_THE_WEB.fullmatch(codecs.lookup(name).name):
                names.append(name)
    return names


def _nearly_all_good(text: str) -> bool:
    """Most characters outside ASCII were valid UTF-8, which bytes of another encoding hardly ever are by chance."""
    bad = text.count("\ufffd")
    ascii_only = text.encode("ascii", "ignore")  # a tenth of the time of asking each character
    return len(text) - bad - len(ascii_only) >= _GOOD_TO_BAD * bad


def _least_damaged(body: bytes, declared: list[str]) -> Decoded:
    candidates = ["utf-8", "gb18030", *declared]
    texts = {name: body.decode(name, "replace") for name in candidates}
    best = min(texts, key=lambda name: texts[name].count("\ufffd") / (len(texts[name]) or 1))
    return Decoded(texts[best], best, "least-damaged")
