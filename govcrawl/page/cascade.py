"""Style sheets reduced to the rules that can hide something."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, count, islice

from govcrawl.kit.lazy import lazy
from govcrawl.kit.remember import remembered_within
from govcrawl.page.hiding import declarations
from govcrawl.page.sheet_rules import Rule, rules_of, without_comments
from govcrawl.page.sheet_signs import hides, in_a_state, may_undo
from govcrawl.page.style_rules import UNNAMED, Ending, Index, Written, index_of

MAX_SHEET_CHARS = 2_000_000
MAX_RULES = 20_000
# Most sites have some sheets of their own, and a worker has pages of hundreds of sites in turns. The texts are those that the crawl keeps.
_SHEETS_CHARS = 64 * 1024 * 1024
_SHORT, _SHORT_CHARS = 1_000, 6 * 1024 * 1024

# A tag that a selector may end in: what follows in its part are states, attributes or nothing.
_LAST_TAG = re.compile(r"(?<![\w.#:\[(\\-])([a-zA-Z][\w-]*)(?=[:\[]|\s*(?:,|$))")
_MAY_BE_UNNAMED = re.compile(r"(?<![^\s>+~,{};])[*\[:]")
_NAME = re.compile(r"[\w-]|[^\x00-\x7f]")
_NO_RULES: Ending = {}
_OUT_OF_FLOW = re.compile(r"(?<=[:\s])(?:absolute|fixed)\b", re.IGNORECASE)
_DRAWN = re.compile(r"::?(?:before|after)(?![-\w])", re.IGNORECASE)
_LAID_OVER = re.compile(r"absolute|fixed|background|inset", re.IGNORECASE)
# Of a sheet: what is asked for beyond that comes from an index of all its rules.
_MOST_ASKED, _MOST_PARSED = 128, 0.5
_OTHERS_CHARS = 6 * 1024 * 1024  # in pieces, each rule of a sheet takes three times its text


class Sheet:
    """A parsed sheet: `hiding` are the rules that hide, by key; the others are known by where they stand. Two are the same where they are one
    object.
    """

    def __init__(self, text: str, rules: Sequence[Rule]) -> None:
        begins, opens, ends, signs, stateful = zip(*rules, strict=True) if rules else ((),) * 5
        self.text = text
        self._begins, self._opens, self._ends = array("I", begins), array("I", opens), array("I", ends)
        self._stateful = array("I", compress(count(), stateful))
        self._others: dict[str, Ending] = {}
        self._parsed = 0
        self.hiding = index_of(
            self._written(number) for number, sign in enumerate(signs) if sign >= 0 and self._hides(number, sign)
        )

    @lazy
    def revealing(self) -> frozenset[str]:
        """What the last parts of rules ask for that only work in a state (`:hover`, `.open`)."""
        found = (self._written(number) for number in self._stateful if self._in_a_state(number) and self._may_undo(number))
        return frozenset(index_of(rule for rule in found if declarations(rule[2])))

    def others(self, key: str) -> Ending:
        """Every rule that ends in a key and could undo the hiding. Looked up when an element asks: an index of all takes longer than the rest
        of the sheet, and a template asks for a few keys, always the same.
        """
        found = self._others.get(key)
        if found is None and (len(self._others) >= _MOST_ASKED or self._parsed > _MOST_PARSED * len(self.text)):
            return _every(self.text).get(key, _NO_RULES)
        if found is None:
            numbers = self._naming(key) if key.startswith((".", "#")) else self._tagged.get(key, ())
            written = [self._written(number) for number in numbers if not self._in_a_state(number)]
            self._parsed += sum(len(selectors) for _number, selectors, _body in written)
            found = self._others[key] = index_of(written).get(key, _NO_RULES)
        return found

    @lazy
    def placed(self) -> frozenset[str]:
        """What rules end in (`#id`, `.class` or a tag) that take elements out of the flow."""
        places = (found.start() for found in _OUT_OF_FLOW.finditer(self.text))
        numbers = dict.fromkeys(bisect_right(self._opens, place) - 1 for place in places)
        return frozenset(index_of(self._written(number) for number in numbers if number >= 0 and not self._in_a_state(number)))

    @lazy
    def drawn(self) -> Mapping[str, Index]:
        """The rules of what is drawn before and after elements and may lie over them, by `::after` and its like as they are written."""
        found: dict[str, list[Written]] = {}
        for number in dict.fromkeys(bisect_right(self._begins, one.start()) - 1 for one in _DRAWN.finditer(self.text)):
            if number < 0 or self._in_a_state(number):
                continue
            _number, selectors, body = self._written(number)
            for selector in selectors.split(",") if _LAID_OVER.search(body) else ():
                mark = _DRAWN.search(selector)
                if mark and not selector[mark.end() :].strip():
                    found.setdefault(mark[0], []).append((number, selector[: mark.start()], body))
        return {mark: index_of(rules) for mark, rules in found.items()}

    def varies(self, name: str) -> bool:
        """Whether a rule that only works in a state has a class or an id in its selectors."""
        return any(self._in_a_state(number) for number in self._naming(name))

    def _naming(self, name: str) -> Iterator[int]:
        """The rules whose selectors have a class or an id."""
        text, last, place = self.text, -1, self.text.find(name)
        while place >= 0:
            after = place + len(name)
            number = bisect_right(self._begins, place) - 1
            if number > last and place < self._opens[number] and not _NAME.match(text, after):
                last = number
                yield number
            place = text.find(name, after)

    @lazy
    def _tagged(self) -> "Mapping[str, array[int]]":
        """The rules that may end in a tag, by its name in lower case, and those that may end in no name."""
        found: dict[str, array[int]] = {}
        text = self.text
        for number, (begin, opened) in enumerate(zip(self._begins, self._opens, strict=True)):
            for tag in {tag.lower() for tag in _LAST_TAG.findall(text, begin, opened)}:
                found.setdefault(tag, array("I")).append(number)
            if _MAY_BE_UNNAMED.search(text, begin, opened):
                found.setdefault(UNNAMED, array("I")).append(number)
        return found

    def _written(self, number: int) -> Written:
        begin, opened, end = self._begins[number], self._opens[number], self._ends[number]
        return number, self.text[begin:opened], self.text[opened + 1 : end]

    def _hides(self, number: int, sign: int) -> bool:
        return hides(self.text, sign, self._opens[number], self._ends[number]) and not self._in_a_state(number)

    def _in_a_state(self, number: int) -> bool:
        return in_a_state(self.text, self._begins[number], self._opens[number])

    def _may_undo(self, number: int) -> bool:
        return may_undo(self.text, self._opens[number], self._ends[number])


@remembered_within(_SHEETS_CHARS)
def sheet_of(text: str) -> Sheet:
    """A sheet by its text, kept across pages: those of a site have the same."""
    text = without_comments(text[:MAX_SHEET_CHARS])
    rules = rules_of(text)
    first = list(islice(rules, MAX_RULES))
    # However many stand before it, a rule that hides is seen: nothing is easier than to put a few thousand empty ones there.
    further = (rule for rule in rules if rule[3] >= 0 and hides(text, rule[3], rule[1], rule[2]))
    return Sheet(text, [*first, *islice(further, MAX_RULES)])


def block_of(text: str) -> Sheet:
    """The sheet of a style block."""
    return short_block(text) if len(text) < _SHORT else sheet_of(text)


@remembered_within(_SHORT_CHARS)
def short_block(text: str) -> Sheet:
    """Apart from the others: many are of one page only, and each takes a thousand bytes however short it is."""
    return sheet_of.__wrapped__(text)


@remembered_within(_OTHERS_CHARS)
def _every(text: str) -> Index:
    """The rules that could undo a hiding, of a sheet that a page asks for more of them than any template does."""
    return index_of(
        (number, text[begin:opened], text[opened + 1 : end])
        for number, (begin, opened, end, _sign, stateful) in enumerate(islice(rules_of(text), MAX_RULES))
        if not (stateful and in_a_state(text, begin, opened))
    )
