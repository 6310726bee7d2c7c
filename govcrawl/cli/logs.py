"""The log of a command: on stderr, with everything that looks like an identifier masked."""

import logging
from typing import TextIO

from govcrawl.findings import mask
from govcrawl.kit import log

_LONGEST = 100_000


def set_up_log(stream: TextIO, level: int = logging.WARNING) -> None:
    log.set_up(stream, level, mask=lambda line: mask.text(line, _LONGEST))
