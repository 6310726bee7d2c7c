"""How log lines look: constant text plus fields, one line each."""

import logging
from collections.abc import Callable
from typing import TextIO

from govcrawl.kit.clock import iso, utc_now

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class FieldFormatter(logging.Formatter):
    """`time LEVEL logger text name=value ...`; the whole line, trace included, goes through `mask`."""

    def __init__(self, mask: Callable[[str], str]) -> None:
        super().__init__()
        self.mask = mask

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={_word(value)}" for name, value in vars(record).items() if name not in _STANDARD)
        line = f"{iso(utc_now())} {record.levelname} {record.name} {record.getMessage()}{fields}"
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return self.mask(line)


def set_up(stream: TextIO, level: int = logging.WARNING, mask: Callable[[str], str] = str) -> None:
    """Sends every record of `level` and above to `stream`; may be called again, the last call counts."""
    handler = logging.StreamHandler(stream)
    # On the handler too: Scrapy opens the root logger for everything.
    handler.setLevel(level)
    handler.setFormatter(FieldFormatter(mask))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)


def _word(value: object) -> str:
    text = str(value)
    return text if text and text.isprintable() and " " not in text else repr(text)
