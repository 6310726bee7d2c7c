"""The process that reads pictures: bytes in, addresses out."""

import msgspec

from govcrawl.page.codes.reader import read
from govcrawl.page.codes.values import Job, Reading
from govcrawl.page.confined import serve

_decoder, _encoder = msgspec.msgpack.Decoder(Job), msgspec.msgpack.Encoder()


def main() -> None:
    serve(_read, _spent)


def _read(message: bytes) -> bytes:
    job = _decoder.decode(message)
    return _encoder.encode(read(job.body, job.limits))


def _spent() -> bytes:
    return _encoder.encode(Reading(unread="more memory than allowed"))


if __name__ == "__main__":
    main()
