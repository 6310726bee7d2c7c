"""Text of strangers as it may be shown: it steers no terminal, turns no line around and breaks no encoding."""

import json
import re
from collections.abc import Callable

_REPLACED = "\N{REPLACEMENT CHARACTER}"
# What JSON allows unescaped and a terminal obeys: DEL and the second set of control characters, what turns a line around, half surrogates.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]")


def plain(text: str, *, lines: bool = False) -> str:
    """White space as single spaces (line feeds kept with `lines`), all else that does not print as U+FFFD."""
    return text if text.isprintable() else "".join(letter if letter.isprintable() else _shown(letter, lines) for letter in text)


def _shown(letter: str, lines: bool) -> str:
    if letter.isspace():
        return letter if letter == "\u3000" or (lines and letter == "\n") else " "
    return _REPLACED


def json_line(document: object, default: Callable[[object], object] | None = None, indent: int | None = None) -> str:
    """JSON that people can read and that is safe to be shown: the same document, with what steers a terminal escaped."""
    written = json.dumps(document, ensure_ascii=False, default=default, indent=indent)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
