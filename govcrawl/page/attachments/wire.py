"""Messages between the crawl and the process that reads attachments."""

import struct
from typing import IO

import msgspec

from govcrawl.page.attachments.values import Limits


class Job(msgspec.Struct):
    body: bytes
    limits: Limits


_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """One message; b"" at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return b""
    (length,) = _LENGTH.unpack(head)
    return stream.read(length)
