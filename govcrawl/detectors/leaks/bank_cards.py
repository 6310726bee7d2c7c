"""Bank card numbers of persons."""

import html
import re
from collections.abc import Iterable, Iterator

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.leaks.catalogue import has_long_numbers
from govcrawl.detectors.leaks.checks import card_number
from govcrawl.detectors.leaks.numbers import Span, card_numbers
from govcrawl.detectors.leaks.tables import Table
from govcrawl.detectors.leaks.view import tables_of, view_of
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

_LABEL = re.compile(
    r"银行卡|储蓄卡|借记卡|信用卡|卡号|一卡通|存折|(?:银行|个人|收款|工资|发放|打款)?(?:账|帐)(?:号|户)|bank[\s_-]?card|card[\s_-]?(?:no|num)",
    re.IGNORECASE,
)
# Accounts that are published so that people pay into them.
_PUBLIC = re.compile(
    r"公司|有限|局|委|中心|学校|大学|学院|医院|协会|基金|财政|对公|专户|保证金|缴费|缴款|税务|社团|单位|账户名称|户\s*名|收款人|开户名|捐|投标|招标|工会|党费|法院|非税|国库"
)
_TAGS = re.compile(r"<[^<>]*>|&nbsp;|\s+")
_NEAR = 50
_FEWEST = 3


class BankCards(Detector):
    """Luhn and the issuer's range are not enough: one random number in a thousand passes both. A word for it must stand there."""

    id = "leaks/bank-card"
    title = "Bank card number of a person"
    category = Category.SECURITY_LEAK
    severity, confidence = Severity.HIGH, Confidence.HIGH
    indicators = ("V1",)
    gate = staticmethod(has_long_numbers)
    flagged = (
        Example("<p>张某 银行卡号：6222021234567890128</p>", "label and number, Luhn and range right"),
        Example(
            "<table><tr><th>姓名</th><th>一卡通账号</th></tr><tr><td>张三</td><td>6228481357924680013</td></tr>"
            "<tr><td>李四</td><td>6228481357924680021</td></tr><tr><td>王五</td><td>6228481357924680039</td></tr></table>",
            "a column of them beside names",
        ),
    )
    clean = (
        Example("<p>订单号：6222021234567890128</p>", "passes by chance, nobody calls it a card"),
        Example("<p>银行卡号：6222021234567890129</p>", "check digit wrong"),
        Example("<p>户名：青山县财政局 账号：6222021234567890128</p>", "an account to pay into"),
        Example("<p>银行卡号：6222 **** **** 0005</p>", "masked already"),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the page is enough
        found = [(piece.data, cards) for piece in view_of(page).readings if (cards := card_numbers(piece.data))]
        numbers = {number for data, cards in found for number in _labelled(data, cards)}
        # To cut tables out of a page costs more than all the rest here.
        if any(_LABEL.search(_words(data)) for data, _ in found):
            for table in tables_of(page):
                numbers |= _in_columns(table)
        if not numbers:
            return
        first = min(numbers)
        many = len(numbers) >= _FEWEST
        yield self.finding(
            page.url,
            page.url.partition("?")[0] if many else mask.fingerprint(first),
            mask.secret(first),
            locator=_place(page, first.encode()),
            reason=f"{len(numbers)} different card numbers",
            severity=Severity.CRITICAL if many else self.severity,
            extra={"count": len(numbers)},
        )


def _place(page: Page, number: bytes) -> str:
    """Where the number stands as it is; "" where it is written in groups."""
    return next((piece.at(at) for piece in view_of(page).readings if (at := piece.data.find(number)) >= 0), "")


def _words(data: bytes) -> str:
    return html.unescape(_TAGS.sub("", data.decode("utf-8", "ignore")))


def _labelled(data: bytes, cards: Iterable[tuple[Span, str]]) -> Iterator[str]:
    """Card numbers with a word for it before them and no payee."""
    for (start, end), number in cards:
        before = _TAGS.sub("", data[max(0, start - 6 * _NEAR) : start].decode("utf-8", "ignore"))[-_NEAR:]
        after = _TAGS.sub("", data[end : end + 2 * _NEAR].decode("utf-8", "ignore"))[: _NEAR // 2]
        if _LABEL.search(before[-24:]) and not _PUBLIC.search(before + after):
            yield number


def _in_columns(table: Table) -> set[str]:
    """Numbers of the columns that are called card or account and hold mostly card numbers."""
    at, heading = table.heading()
    found: set[str] = set()
    if not any(re.search(r"姓\s*名|户主|持卡人|申请人|学生|考生", cell) for cell in heading):
        return found
    for index, cell in enumerate(heading):
        if _LABEL.search(cell):
            values = [value.replace(" ", "") for value in table.column(index, at) if re.fullmatch(r"[\d ]{16,24}", value)]
            cards = {value for value in values if card_number(value)}
            if values and 2 * len(cards) >= len(values):
                found |= cards
    return found
