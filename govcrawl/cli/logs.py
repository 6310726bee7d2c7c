"""The log of a command: on stderr, with everything that looks like an identifier masked."""

import logging
from typing import TextIO

from govcrawl.findings import mask
from govcrawl.kit import log

_LONGEST = 100_000


def set_up_log(stream: TextIO, level: int = logging.WARNING, *, as_json: bool = False) -> None:
    # Its client tells every attempt of an outage with a trace; the store says once that there is one.
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)
    log.set_up(stream, level, mask=lambda line: mask.text(line, _LONGEST), as_json=as_json)
