"""Style sheets without all that says nothing of what a visitor sees: half of their text, or less.

A worker of a large crawl has pages of hundreds of sites in turns, each with sheets of its own; how many of them it can keep is told by their
length, and so is what it takes to read one anew.
"""

import re
from collections.abc import Iterator

from govcrawl.page.hiding import READ
from govcrawl.page.sheet_rules import STRING, rules_of, without_comments

_DECLARATION = re.compile(r"([a-zA-Z-]+)\s*:\s*([^;]+)")
# Which picture it is does not matter, and the whole of it may stand there.
_PICTURE = re.compile(r"url\([^()]*\)", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


def condensed(text: str) -> str:
    """A sheet that hides and shows the same elements: the imports, and of the rules that apply on a screen those declarations that can hide
    something or undo it, each rule on a line.
    """
    text = without_comments(text)
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    imports, ended, _ = text.partition("{")[0].rpartition(";")
    if ended:
        yield imports + ended
    for begin, opened, end, _sign, _stateful in rules_of(text):
        if declared := _declared(text[opened + 1 : end]):
            yield f"{_selectors(text[begin:opened])}{{{declared}}}"


def _selectors(prelude: str) -> str:
    prelude = prelude.rpartition(";")[2].strip()
    return prelude if _is_quoting(prelude) else _BLANKS.sub(" ", prelude)


def _declared(body: str) -> str:
    plain = STRING.sub('""', body) if _is_quoting(body) else body
    if _is_quoting(plain.replace('""', "")) or "\\" in plain:
        return body  # where its strings and names end is left to whoever reads it
    found = _DECLARATION.findall(_PICTURE.sub("url()", plain))
    return ";".join([f"{name}:{value.strip()}" for name, value in found if name.lower() in READ])


def _is_quoting(text: str) -> bool:
    return '"' in text or "'" in text
