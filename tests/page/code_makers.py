"""Pictures with QR codes in them, and hostile ones, made here."""

import struct
import zlib
from io import BytesIO

import zxingcpp
from PIL import Image


def code(text: str, form: str = "PNG", scale: int = 4) -> bytes:
    return saved(drawn(text, scale), form)


def drawn(text: str, scale: int = 4) -> Image.Image:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=scale)
    height, width = made.shape
    return Image.frombuffer("L", (width, height), bytes(made))


def saved(picture: Image.Image, form: str = "PNG") -> bytes:
    stream = BytesIO()
    picture.save(stream, form)
    return stream.getvalue()


def poster(*texts: str) -> bytes:
    """A coloured picture with several codes on it."""
    picture = Image.new("RGB", (300 * len(texts) + 40, 360), (240, 220, 220))
    for number, text in enumerate(texts):
        picture.paste(drawn(text), (20 + 300 * number, 40))
    return saved(picture, "JPEG")


def see_through(text: str) -> bytes:
    """Black dots on nothing: what is not drawn is black, too, for whoever forgets the page behind it."""
    grey = drawn(text)
    picture = Image.new("RGBA", grey.size, (0, 0, 0, 0))
    picture.putalpha(grey.point(lambda value: 255 - value))
    return saved(picture)


def bomb(side: int = 30_000) -> bytes:
    """Small on the wire, a gigabyte unpacked."""
    return saved(Image.new("1", (side, side), 1))


def lying(width: int, height: int) -> bytes:
    """A PNG whose header promises more than there is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def long_text() -> bytes:
    """A PNG with a comment that unpacks to two hundred megabytes."""
    plain = code("http://a.test/")
    data = b"c\0\0" + zlib.compress(b"0" * 200_000_000)
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    return plain[:33] + chunk + plain[33:]
