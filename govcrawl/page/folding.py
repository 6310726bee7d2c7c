"""JavaScript read token by token, its constant strings folded; nothing is ever run."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from govcrawl.page.script_strings import DECODERS, MAX_STRING_CHARS, METHODS, Token, char_of, literal
from govcrawl.page.script_tokens import MAX_TOKENS, tokens_of

_HEX_RUN = 4  # so many escaped characters that nobody types them by hand

_HUMP = re.compile(r"[A-Z]")
_OUT_OF_SIGHT = re.compile("none|hidden|collapse")
_OPERAND_ENDS = frozenset(("s", "n", "i", "x", "a", "e"))
_QUOTES = frozenset("\"'`")
_MARKS = {mark: Token("p", mark) for mark in "(){}[].,;:=+-*/!?<>&|%"}  # the only tokens of these marks, so that `is` tells them
_OPEN, _ROUND, _SQUARE, _PLUS, _EQUALS = (_MARKS[mark] for mark in "()]+=")
_QUIET = {mark: token for mark, token in _MARKS.items() if mark not in "){}]"}  # they end nothing
_WORDS = frozenset(("return", "typeof", "in", "if", "while", "for", "switch"))  # whose brackets are no call


@dataclass(frozen=True, slots=True)
class Hidden:
    """Declarations that a script sets on the elements of a selector."""

    target: str
    style: str


@dataclass(slots=True)
class Draft:
    """What has been read so far; `layers` holds the tokens of each."""

    layers: list[list[Token]] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    inserts: list[str] = field(default_factory=list)
    hides: list[Hidden] = field(default_factory=list)
    shows: set[str] = field(default_factory=set)
    classes: list[tuple[str, str]] = field(default_factory=list)  # selector, class names that it gets
    titles: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    encoded: bool = False

    @property
    def code(self) -> str:
        """The script with its strings folded, a line a layer; "" where nothing is done that a condition could guard."""
        if not (self.writes or self.moves or self.sources or self.titles):
            return ""
        return "\n".join(
            "".join([f'"{token.value}"' if token.kind == "s" else f"{token.value} " for token in layer]) for layer in self.layers
        )


_SELECTS = {"getElementById": "#{}", "$": "{}", "jQuery": "{}", "querySelector": "{}", "querySelectorAll": "{}"}
_INSERTS = frozenset(("append", "prepend", "html", "after", "before", "insertAdjacentHTML", "appendTo", "prependTo"))
_RUNS = frozenset(("eval", "Function", "setTimeout", "execScript", "setInterval"))
_HIDES = frozenset(("hide", "remove", "empty", "fadeOut"))
_SHOWS = frozenset(("show", "toggle", "slideDown", "slideToggle", "fadeIn", "fadeToggle", "toggleClass"))
# All calls that mean something; the others are most of a script.
_MEANT = frozenset(
    ("fromCharCode", "write", "writeln", "replace", "assign", "open", "navigate", "setAttribute", "removeChild", "css", "setProperty", "attr",
     "addClass", "removeClass", *DECODERS, *METHODS, *_SELECTS, *_INSERTS, *_RUNS, *_HIDES, *_SHOWS)
)  # fmt: skip
_AT_ONCE = frozenset(("$", "jQuery", "ready", "setTimeout", "onload", "addEventListener"))


def fold(code: str, draft: Draft) -> list[str]:
    """Reads one layer of code into the draft; gives the code that it hands to eval and its kin."""
    folder = _Folder(draft)
    folder.run(code)
    draft.layers.append(folder.stack)
    return folder.following


class _Folder:
    """One pass over the tokens with a stack that is reduced as soon as its top is constant."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.stack: list[Token] = []
        self.opened: list[int] = []  # where round brackets stand on the stack
        self.braces: list[bool] = []  # for each curly one: does it open a body that runs later
        self.later = 0
        self.pending: bool | None = None
        self.known: dict[str, Token] = {}
        self.made: dict[str, Token] = dict(_MARKS)
        self.following: list[str] = []

    def run(self, code: str) -> None:
        tokens = tokens_of(code)
        stack, known, made = self.stack, self.known, self.made
        for value, ahead in pairwise([*tokens, ";"]):
            if (mark := _QUIET.get(value)) is not None:
                if mark is _OPEN:
                    self.opened.append(len(stack))
                stack.append(mark)
                continue
            token = made.get(value) or self._read(value)
            if token.kind == "p":
                self._mark(token, ahead)
                continue
            if token.kind == "i" and (value in known or value == "function" or self.pending is False):
                token = self._named(token, ahead)
            stack.append(token)
            # Only a sum or an assignment can end here; most names and numbers end nothing.
            if len(stack) > 2 and ((before := stack[-2]) is _PLUS or before is _EQUALS):
                self._reduce(ahead)

    def _mark(self, token: Token, ahead: str) -> None:
        mark = token.value
        if mark == "{":
            self.braces.append(bool(self.pending))
            self.later += bool(self.pending)
            self.pending = None
        elif mark == "}" and self.braces:
            self.later -= self.braces.pop()
        self.stack.append(token)
        if mark in ")]":
            self._reduce(ahead)

    def _read(self, value: str) -> Token:
        """The token of a text that has not been met; names, numbers and marks are the same few over and over."""
        first = value[0]
        if first in _QUOTES and len(value) > 1:
            self.draft.encoded |= value.count("\\x") + value.count("\\u") >= _HEX_RUN
            return Token("s", literal(value))
        if first == "/" and len(value) > 1:
            return Token("x", value)
        kind = "i" if first in "_$" or (first.isascii() and first.isalpha()) else "n" if first.isdecimal() else "p"
        token = self.made[value] = Token(kind, value)
        return token

    def _named(self, token: Token, ahead: str) -> Token:
        """What a name stands for where that is known; the name else."""
        value = token.value
        if value in self.known and ahead not in ("=", "(", ":") and not self._after("."):
            token = self.known[value]
        if token.kind == "i" and (self.pending is False or token.value == "function"):
            self._function(token)
        return token

    def _after(self, mark: str) -> bool:
        return bool(self.stack) and self.stack[-1] == ("p", mark)

    def _function(self, token: Token) -> None:
        if token.value == "function":
            self.pending = self._runs_later()
        elif self.stack and self.stack[-1] == ("i", "function"):
            self.pending = True  # it has a name: somebody else calls it

    def _runs_later(self) -> bool:
        """Whether the function that starts here waits for an event: only bodies that run at once count as acts of the page."""
        names = [token.value for token in self.stack[-4:] if token.kind in ("i", "e")]
        if self.stack and self.stack[-1].value in ("(", "!", "+", "-", ";", "}"):
            return not (
                self.stack[-1].value != "("
                or len(self.stack) < 2
                or self.stack[-2].kind == "p"
                or (names[-1:] and names[-1] in _AT_ONCE)
            )
        return not (names and names[-1] in _AT_ONCE)

    def _reduce(self, ahead: str) -> None:
        for _ in range(MAX_TOKENS):
            top = self.stack[-1] if self.stack else Token("p", "")
            if top is _ROUND:
                done = self._call()
            elif top is _SQUARE:
                done = self._index()
            elif top.kind in _OPERAND_ENDS:
                done = ahead not in (".", "[", "(") and self._join()
                if not done:
                    self._assigned(ahead)
            else:
                return
            if not done:
                return

    def _join(self) -> bool:
        """`"a" + "b"` becomes one string; an operand that is not known is left out."""
        stack = self.stack
        if len(stack) < 3 or stack[-2] != ("p", "+") or stack[-3].kind not in _OPERAND_ENDS:
            return False
        left, right = stack[-3], stack[-1]
        if "s" not in (left.kind, right.kind):
            return False
        value = "".join(token.value for token in (left, right) if token.kind in ("s", "n"))
        del stack[-3:]
        stack.append(Token("s", value[:MAX_STRING_CHARS]))
        return True

    def _index(self) -> bool:
        stack = self.stack
        start = len(stack) - 2
        while start >= 0 and (stack[start].kind in ("s", "n") or stack[start] == ("p", ",")):
            start -= 1
        if start < 0 or stack[start] != ("p", "["):
            return False
        inside = [token for token in stack[start + 1 : -1] if token.kind != "p"]
        indexed = start > 0 and (stack[start - 1].kind in ("i", "e") or stack[start - 1].value in (")", "]"))
        if indexed and (len(inside) != 1 or inside[0].kind != "s"):
            return False
        del stack[start:]
        if indexed:
            stack += [Token("p", "."), Token("i", inside[0].value)]
            return False
        stack.append(Token("a", "\0".join(token.value for token in inside)))
        return True

    def _call(self) -> bool:
        if not self.opened:
            return False
        start = self.opened.pop()
        stack = self.stack
        callee = stack[start - 1] if start else Token("p", "")
        if callee.kind == "i" and callee.value not in _MEANT and callee.value not in _WORDS and not self._of_classes(start):
            return False
        inside = stack[start + 1 : -1]
        if callee.kind != "i" or callee.value in _WORDS:
            return self._group(start, inside)
        result = self._value(callee.value, start, inside)
        if result is not None:
            del stack[result[0] :]
            stack.append(result[1])
            return True
        self._act(callee.value, start, inside)
        return False

    def _of_classes(self, start: int) -> bool:
        """Whether the call is one of a list of classes: all of its methods mean something."""
        return start >= 3 and self.stack[start - 3] == ("i", "classList")

    def _group(self, start: int, inside: list[Token]) -> bool:
        if len(inside) != 1 or inside[0].kind not in ("s", "a", "e"):
            return False
        del self.stack[start:]
        self.stack.append(inside[0])
        return True

    def _value(self, name: str, start: int, inside: list[Token]) -> tuple[int, Token] | None:
        """Where the call begins on the stack and what it yields, where that can be told."""
        strings = [token.value for token in inside if token.kind == "s"]
        if name == "fromCharCode":
            self.draft.encoded = True
            return self._begin(start), Token("s", "".join(char_of(token.value) for token in inside if token.kind == "n"))
        if name in DECODERS and len(inside) == 1 and strings:
            self.draft.encoded = True
            return self._begin(start), Token("s", DECODERS[name](strings[0])[:MAX_STRING_CHARS])
        if name in _SELECTS and strings and inside[0].kind == "s" and not strings[0].lstrip().startswith("<"):
            return self._begin(start), Token("e", _SELECTS[name].format(strings[0]))
        if name == "eval" and len(inside) == 1 and strings:
            return self._evaluated(start, strings[0])
        if start >= 3 and self.stack[start - 2] == ("p", ".") and (method := METHODS.get(name)):
            result = method(self.stack[start - 3], [token.value for token in inside if token.kind != "p"])
            return (start - 3, result) if result else None
        return None

    def _begin(self, start: int) -> int:
        """Start of `a.b.name(`: the members before the name belong to the call."""
        at = start - 1
        while at >= 2 and self.stack[at - 1] == ("p", ".") and self.stack[at - 2].kind in ("i", "x"):
            at -= 2
        return at

    def _evaluated(self, start: int, code: str) -> tuple[int, Token] | None:
        inner = _Folder(Draft())
        inner.run(code[:MAX_STRING_CHARS])
        if len(inner.stack) == 1 and inner.stack[0].kind == "s":
            self.draft.encoded = True
            return start - 1, inner.stack[0]
        self.following.append(code)
        return None

    def _act(self, name: str, start: int, inside: list[Token]) -> None:
        strings = [token.value for token in inside if token.kind == "s"]
        owner = self.stack[start - 3] if start >= 3 and self.stack[start - 2] == ("p", ".") else Token("p", "")
        if name in ("write", "writeln") and strings:
            self.draft.writes.append("".join(strings))
        elif name in _INSERTS and (markup := [text for text in strings if "<" in text]):
            self.draft.inserts += markup
        elif name in _RUNS and strings:
            self.following.append(strings[-1])
        elif name in ("replace", "assign", "open", "navigate") and strings and owner.value in ("location", "window"):
            self.draft.moves.append(strings[0])
        elif name == "setAttribute" and len(strings) == 2 and strings[0].lower() == "src":
            self.draft.sources.append(strings[1])
        else:
            self._change(name, owner, start, inside)

    def _change(self, name: str, owner: Token, start: int, inside: list[Token]) -> None:
        """What a call does to an element."""
        strings = [token.value for token in inside if token.kind == "s"]
        if name == "removeChild" and len(inside) == 1 and inside[0].kind == "e":
            self._style(inside[0].value, "display:none")
        elif owner == ("i", "classList") and start >= 5 and self.stack[start - 5].kind == "e" and strings:
            self._classed(name, self.stack[start - 5].value, strings[0])
        elif owner.kind == "e" and name == "css" and inside[:1] == [Token("p", "{")]:
            self._style(owner.value, _object(inside))
        elif owner.kind == "e":
            self._on_element(name, owner.value, strings)

    def _on_element(self, name: str, target: str, strings: list[str]) -> None:
        if name in _HIDES:
            self._style(target, "display:none")
        elif name in _SHOWS:
            self.draft.shows.add(target)
        elif name in ("css", "setProperty") and len(strings) == 2:
            self._style(target, f"{strings[0]}:{strings[1]}")
        elif name in ("setAttribute", "attr") and len(strings) == 2 and strings[0].lower() == "style":
            self._style(target, strings[1])
        elif name in ("addClass", "removeClass") and strings:
            self._classed(name.removesuffix("Class"), target, strings[0])

    def _classed(self, name: str, target: str, names: str) -> None:
        if name != "add":
            self.draft.shows.add(target)
        elif self.later <= 0:
            self.draft.classes.append((target, names))

    def _assigned(self, ahead: str) -> None:
        """`name = "value"`: remembered, and recognised where the name means something to a page."""
        stack = self.stack
        if ahead == "+" or len(stack) < 3 or stack[-2] != ("p", "=") or stack[-3].value in ("=", "!", "<", ">"):
            return
        value = stack[-1]
        if stack[-3].kind == "i" and (len(stack) < 4 or stack[-4] != ("p", ".")):
            name = stack[-3].value
            if value.kind in ("s", "a", "e"):
                self.known[name] = value
            if name == "location" and value.kind == "s":
                self.draft.moves.append(value.value)
        elif stack[-3] == ("p", "+") and len(stack) >= 4 and stack[-4].kind == "i" and value.kind == "s":
            before = self.known.get(stack[-4].value, Token("s", ""))
            self.known[stack[-4].value] = Token("s", (before.value + value.value)[:MAX_STRING_CHARS])
        elif value.kind == "s" and stack[-3].kind == "i" and len(stack) >= 5:
            self._member(stack[-5], stack[-3].value, value.value)

    def _member(self, owner: Token, name: str, value: str) -> None:
        stack = self.stack
        draft = self.draft
        if name == "title" and owner.value == "document":
            draft.titles.append(value)
        elif name in ("href", "location") and owner.value in ("location", "window", "document", "self", "top", "parent"):
            draft.moves.append(value)
        elif name == "src":
            draft.sources.append(value)
        elif name in ("innerHTML", "outerHTML") and "<" in value:
            draft.inserts.append(value)
        elif name == "className" and owner.kind == "e":
            self._classed("add", owner.value, value)
        elif owner == ("i", "style") and len(stack) >= 7 and stack[-7].kind == "e":
            css = value if name == "cssText" else f"{_dashed(name)}:{value}"
            self._style(stack[-7].value, css)

    def _style(self, target: str, style: str) -> None:
        low = style.lower().replace(" ", "")
        if low.startswith(("display:", "visibility:")) and not _OUT_OF_SIGHT.search(low):
            self.draft.shows.add(target)
        elif self.later <= 0:
            self.draft.hides.append(Hidden(target, style))


def _object(inside: list[Token]) -> str:
    """The declarations of an object literal: `{position: "absolute", left: "-9999px"}`."""
    return ";".join(
        f"{_dashed(name.value)}:{value.value}"
        for name, colon, value in zip(inside[1:], inside[2:], inside[3:], strict=False)
        if colon == ("p", ":") and name.kind in ("i", "s") and value.kind in ("s", "n")
    )


def _dashed(name: str) -> str:
    return _HUMP.sub(lambda hump: "-" + hump[0].lower(), name)
