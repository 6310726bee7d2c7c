"""The process that reads attachments: bytes in, texts out, with a ceiling on its memory and no right to write files."""

import os
import resource
import sys

import msgspec

from govcrawl.page.attachments.naming import NAMELESS
from govcrawl.page.attachments.reader import extract
from govcrawl.page.attachments.values import Extracted, Unread
from govcrawl.page.attachments.wire import Job, receive, send

_OPEN_FILES = 64
_READY = b"ready"


def confine(memory_bytes: int) -> None:
    """Ceilings that the system enforces, whatever a library does: memory, size of written files (none), open files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def main() -> None:
    confine(int(sys.argv[1]))
    # Libraries may print what they think of a file; that must not mix with the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    send(answers, _READY)
    decoder, encoder = msgspec.msgpack.Decoder(Job), msgspec.msgpack.Encoder()
    while message := receive(sys.stdin.buffer):
        job = decoder.decode(message)
        try:
            result = extract(job.body, limits=job.limits)
            answer = encoder.encode(result)
        except MemoryError:
            answer = encoder.encode(Extracted("unknown", (), (Unread(NAMELESS, "more memory than allowed"),)))
        send(answers, answer)


if __name__ == "__main__":
    main()
