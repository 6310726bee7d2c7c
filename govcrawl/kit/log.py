"""How log lines look: constant text plus fields, one line each."""

import json
import logging
from collections.abc import Callable
from textwrap import indent
from typing import TextIO

from govcrawl.kit.clock import iso, utc_now
from govcrawl.kit.plain import plain

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class FieldFormatter(logging.Formatter):
    """`time LEVEL logger text name=value ...`; the whole line, trace included, goes through `mask`."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__()
        self.mask = mask

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={_word(value)}" for name, value in _fields(record).items())
        line = f"{iso(utc_now())} {record.levelname} {record.name} {plain(record.getMessage())}{fields}"
        if record.exc_info:
            # Indented: the words of an exception may be a stranger's, and look like lines of their own.
            trace = plain(self.formatException(record.exc_info), lines=True)
            line = f"{line}\n{indent(trace, '  ')}"
        return self.mask(line)


class JsonFormatter(FieldFormatter):
    """One JSON object a line: `@timestamp level logger message`, the fields, and `trace`; every text goes through `mask`."""

    def format(self, record: logging.LogRecord) -> str:
        told = {name: self._plain(value) for name, value in _fields(record).items()}
        trace = {"trace": self._plain(self.formatException(record.exc_info))} if record.exc_info else {}
        head = {"@timestamp": iso(utc_now()), "level": record.levelname, "logger": record.name}
        # The fixed ones win over a field of the same name.
        return json.dumps(told | head | {"message": self._plain(record.getMessage())} | trace, ensure_ascii=False)

    def _plain(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        # Half surrogates cannot be written to a stream.
        return self.mask(str(value)).encode("utf-8", "replace").decode()


def set_up(stream: TextIO, level: int = logging.WARNING, mask: Callable[[str], str] = str, *, as_json: bool = False) -> None:
    """Sends every record of `level` and above to `stream`; may be called again, the last call counts."""
    handler = logging.StreamHandler(stream)
    # On the handler too: Scrapy opens the root logger for everything.
    handler.setLevel(level)
    handler.setFormatter(JsonFormatter(mask) if as_json else FieldFormatter(mask))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _word(value: object) -> str:
    text = str(value)
    return text if text and text.isprintable() and " " not in text else repr(text)
