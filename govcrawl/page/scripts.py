"""What inline scripts write, hide and gate, unfolded without running them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ahocorasick_rs import AhoCorasick

from govcrawl.kit.remember import remembered_within
from govcrawl.page.asides import scripts_in
from govcrawl.page.folding import Draft, Hidden, fold
from govcrawl.page.packed import unpacked

MAX_ROUNDS = 5
MAX_CODE_CHARS = 200_000
MAX_OUTPUT_CHARS = 1_000_000
_KEPT_CHARS = (
    8 * 1024 * 1024
)  # of scripts: those of a site are on all its pages, and a worker has pages of hundreds of sites in turns

# Scripts without any of these neither write, nor hide, nor gate, nor decode anything that a page shows. The sign is looked for first,
# all of them in one pass; "" says that the sign alone is enough.
_ADDS = r"\s*[^;\n]{0,40}<[adpmsiutADPMSIUT]"
_LEADS = r"[^\n]{0,400}?(?:location|\.title|write)"
# Halves of pictures are no letters, and a function that is handed on is not read.
_CALLED_WITH_LETTERS = r"""fromCharCode["'\s\]]*\((?!\s*5[5-7]\d{3}\b)"""
_WORTH = tuple(
    (sign, re.compile(pattern or re.escape(sign)))
    for sign, pattern in (
        ("write", r"\bwrite(?:ln)?\b"),
        ("\\x", r"(?:\\x[0-9a-fA-F]{2}){3}"),
        ("\\u00", r"(?:\\u00[0-9a-fA-F]{2}){3}"),
        ("unescape", r"\bunescape\s*\("),
        ("fromCharCode", _CALLED_WITH_LETTERS),
        ("atob", r"\batob\b"),
        ("p,a,c,k,e", ""),
        (".style", r"""\.style\b[^;\n]{0,60}?(?:["']\s*\+|(?i:none|hidden|csstext)|-\d{3}|=\s*["'](?i:absolute|fixed))"""),
        (".hide(", ""),
        (".css(", r"""\.css\(\s*(?:\{|["'](?i:display|visibility|position|left|top|text-indent|opacity))"""),
        (".setAttribute", r"""\.setAttribute\(\s*["'](?i:style)"""),
        ("innerHTML", rf"innerHTML\s*\+?={_ADDS}"),
        ("insertAdjacentHTML(", rf"insertAdjacentHTML\({_ADDS}"),
        (".append(", rf"\.append\({_ADDS}"),
        (".prepend(", rf"\.prepend\({_ADDS}"),
        (".html(", rf"\.html\({_ADDS}"),
        (".before(", rf"\.before\({_ADDS}"),
        (".after(", rf"\.after\({_ADDS}"),
        ("'style", r"'style'\s*\]\s*[.\[]"),
        ('"style', r'"style"\s*\]\s*[.\[]'),
        ("className", r"""\bclassName\s*=\s*["']"""),
        (".classList", r"\.classList\.add\("),
        (".removeChild", r"\.removeChild\(\s*[\w$]+\s*\)"),
        ("document.title", r"document\.title\s*="),
        (".referrer", r"\.referrer\b"),
        ("spider", f"spider{_LEADS}"),
        ("baidu", f"baidu{_LEADS}"),
        ("sogou", f"sogou{_LEADS}"),
    )
)
_SIGNS = AhoCorasick([sign for sign, _pattern in _WORTH])
# Of a long script only the surroundings of such places are read: libraries are long, injected lines are not.
_LONG_CODE = 6_000
_BEFORE, _AFTER = 600, 2_400
_MAX_PLACES = 48
_ENCODED_WHOLE = re.compile(r"p,a,c,k,e|(?:\\x[0-9a-f]{2}){12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What a script does as far as it can be read without running it.

    `writes` go into the document where the script stands, `inserts` somewhere else; `shows` are the targets that it also brings
    back, `classes` the class names that it gives to a selector; `encoded` says that a decoding step was needed to read it; `code` is the
    script with its strings folded, where it writes, leads or loads something or sets a title.
    """

    code: str = ""
    writes: tuple[str, ...] = ()
    inserts: tuple[str, ...] = ()
    hides: tuple[Hidden, ...] = ()
    shows: frozenset[str] = frozenset()
    classes: tuple[tuple[str, str], ...] = ()
    titles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    encoded: bool = False

    @property
    def markup(self) -> str:
        return "".join(self.writes)


NOTHING = Unfolded()


@remembered_within(_KEPT_CHARS)
def relevant(code: str) -> str:
    """The parts of a script that need reading; "" where there are none."""
    if not _worth(code):
        return ""
    if len(code) <= _LONG_CODE or _ENCODED_WHOLE.search(code):
        return code
    return "\n;".join(code[start:end] for start, end in _windows(code))


def _worth(code: str) -> bool:
    return any(pattern.search(code) for pattern in _patterns(code))


def _patterns(code: str) -> list[re.Pattern[str]]:
    """Those whose sign the code has."""
    met = {index for index, _start, _end in _SIGNS.find_matches_as_indexes(code, overlapping=True)}
    return [_WORTH[index][1] for index in sorted(met)]


def _windows(code: str) -> Iterator[tuple[int, int]]:
    """Stretches around the places of interest, each beginning after a line or statement."""
    found = [match.span() for pattern in _patterns(code) for match in islice(pattern.finditer(code), _MAX_PLACES)]
    done = 0
    for first, last in sorted(found)[:_MAX_PLACES]:
        if first < done:
            continue
        start = max(done, first - _BEFORE)
        cut = max(code.rfind("\n", start, first), code.rfind(";", start, first))
        done = min(len(code), last + _AFTER)
        yield (start if start == 0 else cut + 1 if cut >= start else first), done


@remembered_within(_KEPT_CHARS)
def unfold(code: str) -> Unfolded:
    """All layers of a script, at most five; a layer that cannot be read is left as it is."""
    draft = Draft()
    budget = MAX_OUTPUT_CHARS
    waiting = [code[:MAX_CODE_CHARS]]
    for _ in range(MAX_ROUNDS):
        following: list[str] = []
        for layer in waiting:
            following += _layer(layer, draft)
        budget -= sum(map(len, following))
        waiting = [layer[:MAX_CODE_CHARS] for layer in following if _worth(layer)]
        if not waiting or budget < 0:
            break
    return Unfolded(
        draft.code, tuple(draft.writes), tuple(draft.inserts), tuple(draft.hides), frozenset(draft.shows),
        tuple(draft.classes), tuple(draft.titles), tuple(draft.sources), tuple(draft.moves), draft.encoded,
    )  # fmt: skip


def _layer(code: str, draft: Draft) -> list[str]:
    """Reads one layer into the draft and gives the code that it would run next."""
    following = list(unpacked(code)) if "p,a,c,k,e" in code else []
    draft.encoded |= bool(following)
    written = len(draft.writes)
    following += fold(code, draft)
    markup = "\n".join(draft.writes[written:])
    return following + [script.code for script in scripts_in(markup) if script.code.strip()]
