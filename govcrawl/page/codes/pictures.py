"""The pictures of a page that may be a QR code, by cheap signs: names, words beside them, a square frame."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from govcrawl.kit.urls import resolve

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_SOURCES = ("src", "data-src", "data-original", "data-lazy-src")  # pictures that wait to be scrolled to name theirs in the others
_WORDS = ("alt", "title", "class", "id")
_SAYS = re.compile(
    r"""
      二维码 | 二維碼 | 扫一扫 | 扫码 | 扫描 | 公众号 | 公眾號 | 小程序 | 微信 | 客户端
    | (?<![a-z]) (?: qr | ewm | rwm | 2wm | wx | gzh ) (?![a-z])   # a word of its own: not in swx.jpg
    | qr_?code | er_?wei_?ma | wei_?xin | we_?chat
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HINTS = re.compile(r"code|weibo|(?<![a-z])(?:wb|app)(?![a-z])", re.IGNORECASE)
# Made anew for each visitor: nothing is asked for that counts or guards a form.
_GUARDS = re.compile(r"captcha|(?:verif|valid|check|auth|rand|yzm|kaptcha)\w*code|(?<![a-z])yzm|验证码", re.IGNORECASE)
_NEVER = re.compile(r"\.(?:svgz?|ico|tiff?|avif)(?:[?#]|$)|^data:image/(?:svg|avif|x-icon)", re.IGNORECASE)
_DATA = re.compile(r"data:(image/(?:png|jpe?g|gif|webp|bmp))((?:;[\w=-]{1,40}){0,3}),", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{2,4})(?:px)?\s*").fullmatch
_MOST_SIDE = 600  # a banner is larger, and an icon smaller
_LEAST_SIDE = 60
_NAME_CHARS = 300
_DATA_CHARS = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """`address` is absolute; of one that stands in the page itself (`data`) it is its type and a digest."""

    address: str
    data: bytes | None = None


def pictures(page: "Page") -> tuple[Picture, ...]:
    """Each once, the most telling first."""
    found: dict[str, tuple[int, Picture]] = {}
    for node in page.tree.tags("img"):
        attributes = node.attributes
        if (rank := _rank(attributes)) and (picture := _picture(page.base, attributes)):
            known = found.get(picture.address, (0, picture))
            found[picture.address] = max(known, (rank, picture), key=lambda entry: entry[0])
    return tuple(picture for _rank, picture in sorted(found.values(), key=lambda entry: -entry[0]))


def _rank(attributes: Mapping[str, str | None]) -> int:
    """0: no sign of a code."""
    source = _source(attributes)
    inline = source[:5].lower() == "data:"
    name = source[:_NAME_CHARS] if inline else source[-_NAME_CHARS:]
    said = [(attributes.get(word) or "")[:_NAME_CHARS] for word in _WORDS]
    words = " ".join(said if inline else (name, *said))
    rank = 4 * bool(_SAYS.search(words)) + 2 * (inline or _square(attributes)) + bool(_HINTS.search(words))
    return rank if rank and source and not _NEVER.search(name) and not _GUARDS.search(words) else 0


def _source(attributes: Mapping[str, str | None]) -> str:
    sources = [(attributes.get(name) or "").strip() for name in _SOURCES]
    # The picture that is shown until the other one is there is mostly a grey dot in a data: address.
    return next((source for source in sources if source and source[:5] != "data:"), next(filter(None, sources), ""))


def _square(attributes: Mapping[str, str | None]) -> bool:
    width, height = (_NUMBER((attributes.get(name) or "").strip()) for name in ("width", "height"))
    return bool(width and height and width[1] == height[1] and _LEAST_SIDE <= int(width[1]) <= _MOST_SIDE)


def _picture(base: str, attributes: Mapping[str, str | None]) -> Picture | None:
    source = _source(attributes)
    if source[:5].lower() == "data:":
        return next(_inline(source), None)
    url = resolve(base, source)
    return Picture(url) if url else None


def _inline(source: str) -> Iterator[Picture]:
    head = _DATA.match(source)
    if head is None or len(source) > _DATA_CHARS:
        return
    written = unquote_to_bytes(source[head.end() :])
    with suppress(binascii.Error, ValueError):
        data = base64.b64decode(written) if ";base64" in head[2].lower() else written
        yield Picture(f"data:{head[1].lower()} {blake2b(data, digest_size=6).hexdigest()}", data)
