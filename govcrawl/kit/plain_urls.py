"""Addresses that the parser of the URL Standard would leave as they are: most of those on a page, told at a tenth of its price."""

import re
from functools import lru_cache

import ada_url

# Labels of letters and digits, and a last one without digits, which makes no IPv4 address. Two hyphens may begin an encoded label.
_HOST = r"(?:[a-z0-9_]+(?:-[a-z0-9_]+)*\.)+[a-z]{2,}"
# Nothing that the Standard escapes, and no name that begins with a dot: it may be the folder itself, or the one above.
_NAMES = r"(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*/)*(?:[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)?"
_QUERY = r"(?:\?[A-Za-z0-9_.~=&%/:;,+@!$()*-]*)?"
_WITH_HOST = re.compile(rf"https?://({_HOST})/")
_ABSOLUTE = re.compile(rf"https?://{_HOST}/{_NAMES}{_QUERY}").fullmatch
_ROOTED = re.compile(rf"/{_NAMES}{_QUERY}").fullmatch
_NEAR = re.compile(rf"(\./|(?:\.\./)+|(?=[A-Za-z0-9_~-]))({_NAMES}{_QUERY})").fullmatch


def plain_host(url: str) -> str:
    """The host of an address that names a plain one; "" where the parser has to say."""
    match = _WITH_HOST.match(url)
    return match[1] if match else ""


def plain_join(base: str, href: str) -> str:
    """The absolute http(s) address that `href` means on the page `base` ("": none); "" where the parser has to say."""
    if href.startswith("http"):
        return href if _ABSOLUTE(href) else ""
    if href.startswith("/"):
        home = _home(base) if base and _ROOTED(href) else ""
        return home + href if home else ""
    near = _NEAR(href) if base else None
    return _above(_folder(base), near[1].count("..")) + near[2] if near and _folder(base) else ""


def _above(folder: str, levels: int) -> str:
    """The folder so many levels up; the root has none above."""
    home, root, path = folder.partition("://")
    host, slash, path = path.partition("/")
    for _ in range(levels):
        path = path[:-1].rpartition("/")[0] + "/" if "/" in path[:-1] else ""
    return f"{home}{root}{host}{slash}{path}"


@lru_cache(maxsize=1024)
def _home(base: str) -> str:
    """Scheme and host of a page, without a slash."""
    return "/".join(_normal(base).split("/", 3)[:3])


@lru_cache(maxsize=1024)
def _folder(base: str) -> str:
    """The folder that a page stands in, with its slash."""
    return _normal(base).partition("#")[0].partition("?")[0].rpartition("/")[0] + "/" if _normal(base) else ""


def _normal(base: str) -> str:
    """As the Standard writes it; "" for what is no http(s) address, or one with credentials."""
    try:
        whole = ada_url.normalize_url(base)
    except ValueError:
        return ""
    return whole if whole.startswith(("http://", "https://")) and "@" not in whole else ""
