"""The name of a document in the paths of its parts."""

import re
from dataclasses import replace
from urllib.parse import unquote

from govcrawl.page.attachments.values import Extracted

NAMELESS = "attachment"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


def name_of(url: str) -> str:
    """The last piece of the address, as a person reads it."""
    leaf = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    return _CONTROLS.sub("_", unquote(leaf, errors="replace")) or NAMELESS


def named(extracted: Extracted, url: str) -> Extracted:
    """What was read without an address, under the name that the file has at this one."""
    name = name_of(url)
    if name == NAMELESS:
        return extracted
    return replace(
        extracted,
        parts=tuple(replace(part, path=_under(name, part.path)) for part in extracted.parts),
        not_inspected=tuple(replace(unread, path=_under(name, unread.path)) for unread in extracted.not_inspected),
    )


def _under(name: str, path: str) -> str:
    return name + path[len(NAMELESS) :] if path == NAMELESS or path.startswith(f"{NAMELESS}/") else path
