"""The process that reads attachments: bytes in, texts out."""

import msgspec

from govcrawl.page.attachments.naming import NAMELESS
from govcrawl.page.attachments.reader import extract
from govcrawl.page.attachments.values import Extracted, Job, Unread
from govcrawl.page.confined import serve

_decoder, _encoder = msgspec.msgpack.Decoder(Job), msgspec.msgpack.Encoder()


def main() -> None:
    serve(_read, _spent)


def _read(message: bytes) -> bytes:
    job = _decoder.decode(message)
    return _encoder.encode(extract(job.body, limits=job.limits))


def _spent() -> bytes:
    return _encoder.encode(Extracted("unknown", (), (Unread(NAMELESS, "more memory than allowed"),)))


if __name__ == "__main__":
    main()
