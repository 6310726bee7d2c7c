"""ID numbers of persons in the text, the tables or the source of a page."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.leaks.catalogue import has_long_numbers
from govcrawl.detectors.leaks.checks import id_number
from govcrawl.detectors.leaks.numbers import id_numbers, narrow, narrowed, runs_of_eighteen
from govcrawl.detectors.leaks.tables import Table
from govcrawl.detectors.leaks.view import tables_of, view_of
from govcrawl.detectors.rules import Piece
from govcrawl.findings import mask
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

_LABEL = re.compile(
    r"身份证|身份證|身分证|公民身份|居民身份|身份号码|身份代码|证件号|证件编号|id[\s_-]?card|id[\s_-]?(?:no|num)|identity|sfz|cert_?(?:no|code|num)|zjhm|shenfenz",
    re.IGNORECASE,
)
# Numbers of the same length that are nobody's: what stands before them says so.
_OTHER = re.compile(
    r"订单|单号|编号|编码|条码|条形码|流水|文号|批文|发票|快递|运单|物流|信用代码|机构代码|项目代码|合同|许可证|注册号|备案|序列号|批次|账号|账户|帐号|卡号|税号"
    r"|统一代码|标识码|二维码|事项|receipt|order|barcode|serial|trace|uuid|(?:^|[^a-z])(?:sn|no)\s*[.:：=]",
    re.IGNORECASE,
)
_TAGS = re.compile(r"<[^<>]*>|&nbsp;|\s+")
_SHOWN_TAGS = re.compile(r"<[^<>]*(?:>|$)|&nbsp;|\s+")  # one that the window cuts, too
_NEAR = 60
_SINGLE = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that could be a person's, and the words before it."""

    number: str
    start: int
    before: str
    written: str
    after: str
    piece: Piece

    @property
    def labelled(self) -> bool:
        label, other = _last(_LABEL, self.before), _last(_OTHER, self.before)
        return label >= 0 and label >= other

    @property
    def otherwise(self) -> bool:
        return _last(_OTHER, self.before) >= 0 or self.before.rstrip("\"'").endswith(("/", "=", "&", "%"))

    @property
    def locator(self) -> str:
        return self.piece.at(self.start)

    @property
    def snippet(self) -> Masked:
        text = self.before + self.written + self.after
        at = len(self.before)
        return mask.within(text, at, at + len(self.written), window=_NEAR - 1, around=mask.near_person)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.end() for match in pattern.finditer(text)), default=-1)


@dataclass(frozen=True, slots=True)
class Runs:
    """What the texts of a page hold: numbers that pass the check, and how many of 18 signs there are in all."""

    passing: Sequence[Candidate]
    long: int

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> "Runs":
        """Offsets are bytes of each text in UTF-8."""
        read = [replace(piece, data=narrowed(piece.data)) for piece in pieces]
        passing = [_candidate(piece, span, number) for piece in read for span, number in id_numbers(piece.data)]
        return cls(passing, sum(runs_of_eighteen(piece.data) for piece in read) if passing else 0)


def _candidate(piece: Piece, span: tuple[int, int], number: str) -> Candidate:
    text, (start, end) = piece.data, span
    written = text[start:end].decode()
    before = _TAGS.sub("", text[max(0, start - 6 * _NEAR) : start].decode("utf-8", "ignore"))[-_NEAR:]
    after = _SHOWN_TAGS.sub(" ", text[end : end + 6 * _NEAR].decode("utf-8", "ignore"))[:_NEAR]
    return Candidate(number, start, before, written, after, piece)


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers by the heading of the column that they stand in; it outweighs the words before them."""

    persons: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tables: Sequence[Table]) -> "Columns":
        persons: set[str] = set()
        others: set[str] = set()
        for table in tables:
            at, heading = table.heading()
            for index, cell in enumerate(heading):
                if _LABEL.search(cell):
                    persons |= _numbers(table.column(index, at))
                elif cell:
                    others |= _numbers(table.column(index, at)) if _OTHER.search(cell) else set()
        return cls(frozenset(persons), frozenset(others))

    def named(self, one: Candidate) -> bool:
        return one.number in self.persons or (one.labelled and one.number not in self.others)

    def bare(self, one: Candidate) -> bool:
        """A number of the new form that nothing speaks against; nobody born before 1900 lives."""
        return one.number not in self.others and not one.otherwise and id_number(one.number, 1900)


def _numbers(cells: Iterable[str]) -> set[str]:
    return {"".join(sign for sign in narrow(cell) if sign.isalnum()) for cell in cells if len(cell) >= 15}


def persons(runs: Runs, columns: Columns) -> list[Candidate]:
    """Those that are ID numbers.

    Without a word for it a number counts only where at least half of its kind pass the check: of random numbers 1 in
    65,000 does, of ID numbers all.
    """
    trusted = 2 * sum(len(one.number) == 18 for one in runs.passing) >= runs.long
    return [one for one in runs.passing if columns.named(one) or (trusted and columns.bare(one))]


class IdNumbers(Detector):
    """No county register: it rejects real numbers. Masked numbers have no 17 digits left and are never seen."""

    id = "leaks/id-number"
    title = "ID number of a person"
    category = Category.SECURITY_LEAK
    severity, confidence = Severity.HIGH, Confidence.HIGH
    indicators = ("V1",)
    gate = staticmethod(has_long_numbers)
    flagged = (
        Example("<p>张某，身份证号：11010519491231002X</p>", "the standard's own specimen with its label"),
        Example("<p>获奖者 李某 11010219840406970X</p>", "bare, the only number of its kind on the page"),
        Example("<p>公民身份号码 １１０１０５１９４９１２３１００２Ｘ</p>", "full-width digits"),
        Example("<p>身份证 110105 19491231 002X</p>", "in groups, as typed by hand"),
        Example("<input name='sfzh' value='440524188001010014'>", "the second specimen, in a form field"),
    )
    clean = (
        Example("<p>身份证号：110105********002X</p>", "masked already"),
        Example("<p>身份证号：110105194912310021</p>", "check digit wrong"),
        Example("<p>订单编号：11010519491231002X</p>", "an order number that happens to pass"),
        Example("<p>身份证号：11010519491231002X9</p>", "part of a longer run"),
        Example("<p>统一社会信用代码 91110000100006485X 注册</p>", "an organisation's number, public by law"),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the page is enough
        runs = Runs.of(view_of(page).readings)
        if not runs.passing:
            return
        found = persons(runs, Columns.of(tables_of(page)))
        distinct = {one.number.upper(): one for one in reversed(found)}
        if distinct:
            yield from self._told(page, found[0], distinct, sure=len(distinct) >= 3 or any(one.labelled for one in found))

    def _told(self, page: Page, first: Candidate, distinct: Mapping[str, Candidate], *, sure: bool) -> Iterator[Finding]:
        """Up to three numbers are told one by one; more of them are one finding, a list."""
        confidence = Confidence.HIGH if sure else Confidence.MEDIUM
        if len(distinct) <= _SINGLE:
            for number, one in sorted(distinct.items()):
                subject = mask.fingerprint(number)
                yield self.finding(page.url, subject, one.snippet, locator=one.locator, confidence=confidence, extra={"count": 1})
            return
        yield self.finding(
            page.url,
            page.url.partition("?")[0],
            first.snippet,
            locator=first.locator,
            reason=f"{len(distinct)} different ID numbers",
            title="List of ID numbers of persons",
            severity=Severity.CRITICAL,
            confidence=confidence,
            extra={"count": len(distinct)},
        )
