"""The addresses in the QR codes of a picture, from its bytes."""

import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from io import BytesIO

import zxingcpp
from PIL import Image, UnidentifiedImageError

from govcrawl.kit.urls import resolve
from govcrawl.page.codes.values import Limits, Reading

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
# What Pillow raises on broken files, by its own tests; a process that dies of anything else is told of as well.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RuntimeError,
    Warning,
    struct.error,
    zlib.error,
)
_SCHEME = re.compile(r"https?:", re.IGNORECASE)
# Readers of codes open a bare name too.
_NAME = re.compile(r"(?:[a-z0-9\u4e00-\u9fff](?:[a-z0-9\u4e00-\u9fff-]{0,62})\.)+[a-z\u4e00-\u9fff][a-z0-9\u4e00-\u9fff-]+(?:[:/?#].*)?", re.IGNORECASE)  # fmt: skip
_ADDRESS_CHARS = 2_000


def read(body: bytes, limits: Limits) -> Reading:
    """Never raises but MemoryError."""
    if len(body) > limits.input_bytes:
        return Reading(unread=f"larger than {limits.input_bytes:,} bytes")
    Image.MAX_IMAGE_PIXELS = limits.pixels
    try:
        # What Pillow only warns of, such as a picture that may be a bomb, is not read.
        with warnings.catch_warnings(action="error"):
            return _read(body, limits)
    except UnidentifiedImageError:
        return Reading(unread="no png, jpeg, gif, webp or bmp")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Reading(unread=f"more than {limits.pixels:,} pixels")
    except _BROKEN:
        return Reading(unread="broken")


def _read(body: bytes, limits: Limits) -> Reading:
    with Image.open(BytesIO(body), formats=_FORMATS) as picture:
        if picture.width * picture.height > limits.pixels:
            raise Image.DecompressionBombError
        grey = _grey(picture)
    found = zxingcpp.read_barcodes(grey, formats=_QR)
    return Reading(tuple(dict.fromkeys(_addresses([code.text for code in found[: limits.codes]]))))


def _grey(picture: Image.Image) -> Image.Image:
    """Its first frame, as it looks on a white page."""
    if not picture.has_transparency_data:
        return picture.convert("L")
    seen = picture.convert("LA")
    white = Image.new("L", picture.size, 255)
    white.paste(seen.getchannel("L"), mask=seen.getchannel("A"))
    return white


def _addresses(texts: list[str]) -> Iterator[str]:
    """Those that a visitor would be led to; numbers and cards of persons are nobody's business here."""
    for text in texts:
        plain = text.strip()[:_ADDRESS_CHARS]
        if not _SCHEME.match(plain):
            plain = f"http://{plain}" if _NAME.fullmatch(plain) else ""
        if plain and (url := resolve("", plain)):
            yield url
