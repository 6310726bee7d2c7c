"""Tables that set out private facts of many people, judged by heading and rows."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.leaks.catalogue import alarm_on
from govcrawl.detectors.leaks.tables import Table
from govcrawl.detectors.leaks.view import tables_of
from govcrawl.findings import mask
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

_ROWS = 3
_PHONES_ALONE = 10
_NAME = re.compile(r"姓\s*名|户主|申请人|持[卡证]人|患者|当事人|残疾人$|低保对象|受助人|学生$|考生$|乘客|旅客")
# Who serves the public is named with his telephone on purpose.
_DUTY = re.compile(
    r"职务|职称|部门|科室|处室|值班|窗口|办公(?:电话|室|地址)|监督|投诉|咨询|热线|主管|负责人|联系人|责任人|包[保联村]|河长|网格|驻村|律师|调解员|医师|执业|机构|企业|公司|工作单位|法定代表"
    r"|经营者|店名|商户|项目|导师|专家|记者|传真|邮编|邮箱|志愿|救援|派出所|社区民警|通讯录"
)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_HOUSE = re.compile(r"\d+\s*(?:号|弄|栋|幢|单元|室|组)(?!线)|[一二三四五六七八九十]+(?:组|社|队)$")
_PASSPORT = re.compile(r"[EGDSPH]\d{8}|E[A-HJ-NP-Z]\d{7}|[CHMW]\d{8,10}|[KJ]\d{8}")
_PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Z][·•\s]?[A-HJ-NP-Z0-9]{5,6}")
_ILL = re.compile(r"[^\s无否/—-]")
_BIRTH = re.compile(r"(?:19|20)\d{2}[-./年]?\d{1,2}(?:[-./月]?\d{1,2}日?)?")


@dataclass(frozen=True, slots=True)
class Fact:
    """A kind of private fact: how its column is called, and what a full, unmasked value looks like."""

    heading: re.Pattern[str]
    value: Callable[[str], object]


_FACTS: Mapping[str, Fact] = {
    "mobile phone": Fact(re.compile(r"电话|手机|联系方式|移动"), _MOBILE.search),
    "home address": Fact(re.compile(r"住址|家庭地址|居住地|现住|户籍地|户口所在|详细地址|通[讯信]地址|^地址$"), _HOUSE.search),
    "passport": Fact(re.compile(r"护照|通行证"), _PASSPORT.fullmatch),
    "number plate": Fact(re.compile(r"车牌|号牌|车号|车辆牌照"), _PLATE.search),
    "illness or disability": Fact(
        re.compile(r"残疾(?:类别|等级|类型|程度)|病种|疾病|病名|诊断|病情|病史|传染|HIV|精神"), _ILL.search
    ),
    "date of birth": Fact(re.compile(r"出生"), _BIRTH.search),
}
# What is private in itself, what only together with something else.
_ALONE = frozenset({"passport", "illness or disability"})


class PersonalTables(Detector):
    """Names alone, masked values and people on duty are public. Two private facts beside names are not, nor is a long list of telephones."""

    id = "leaks/personal-table"
    title = "Table of private facts of persons"
    category = Category.SECURITY_LEAK
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example(
            "<table><tr><th>姓名</th><th>联系电话</th><th>家庭住址</th></tr>"
            + "".join(f"<tr><td>张{n}</td><td>1380000000{n}</td><td>青山镇柳树村{n}组12号</td></tr>" for n in range(4))
            + "</table>",
            "telephone and address beside the names",
        ),
        Example(
            "<table><tr><th>序号</th><th>姓名</th><th>护照号码</th></tr>"
            + "".join(f"<tr><td>{n}</td><td>李{n}</td><td>E1234567{n}</td></tr>" for n in range(4))
            + "</table>",
            "passports",
        ),
        Example(
            "<table><tr><th>姓名</th><th>残疾类别</th><th>残疾等级</th></tr>"
            + "".join(f"<tr><td>王{n}</td><td>肢体</td><td>二级</td></tr>" for n in range(4))
            + "</table>",
            "disabilities beside full names",
        ),
    )
    clean = (
        Example(
            "<table><tr><th>姓名</th><th>职务</th><th>手机</th></tr>"
            + "".join(f"<tr><td>张{n}</td><td>副局长</td><td>1380000000{n}</td></tr>" for n in range(4))
            + "</table>",
            "officials on duty",
        ),
        Example(
            "<table><tr><th>姓名</th><th>联系电话</th><th>家庭住址</th></tr>"
            + "".join(f"<tr><td>张*</td><td>138****000{n}</td><td>青山镇柳树村</td></tr>" for n in range(4))
            + "</table>",
            "masked as the rules ask",
        ),
        Example(
            "<table><tr><th>姓名</th><th>村</th><th>救助金额</th></tr>"
            + "".join(f"<tr><td>张{n}</td><td>柳树村</td><td>500</td></tr>" for n in range(4))
            + "</table>",
            "a public list of aid, as the law wants it",
        ),
    )
    misses = (Example("<p>张三，电话13800000001，住柳树村1组12号</p>", "running text about one person, left to people"),)

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the page is enough
        if "names" not in alarm_on(page).triggers:
            return
        about = page.title if not page.is_document else ""
        for table in tables_of(page):
            at, heading = table.heading()
            facts = _facts(table, at, heading)
            if facts and _private(facts, heading, about):
                yield self._finding(page, table, heading, facts)

    def _finding(self, page: Page, table: Table, heading: tuple[str, ...], facts: Mapping[str, int]) -> Finding:
        rows = max(facts.values())
        strong = len(facts) > 1 or rows >= 20
        return self.finding(
            page.url,
            f"{page.url.partition('?')[0]} {'|'.join(heading)}",
            Masked(" | ".join(mask.near_person(cell) for cell in heading)),
            locator=table.where,
            reason=f"{rows} rows with {', '.join(sorted(facts))} beside names",
            confidence=Confidence.HIGH if strong else Confidence.MEDIUM,
            extra={"count": rows},
        )


def _facts(table: Table, at: int, heading: tuple[str, ...]) -> dict[str, int]:
    """Kind of fact -> number of rows that state it in full; only where a column of names stands beside."""
    if not any(_NAME.search(cell) for cell in heading):
        return {}
    found: dict[str, int] = {}
    for index, cell in enumerate(heading):
        for kind, fact in _FACTS.items():
            if fact.heading.search(cell):
                count = sum(bool(fact.value(value)) for value in table.column(index, at) if "*" not in value)
                found[kind] = max(count, found.get(kind, 0))
    return {kind: count for kind, count in found.items() if count >= _ROWS}


def _private(facts: Mapping[str, int], heading: tuple[str, ...], about: str) -> bool:
    if facts.keys() & _ALONE:
        return True
    if _DUTY.search(" ".join(heading)) or _DUTY.search(about):
        return False
    if set(facts) == {"mobile phone"}:
        return facts["mobile phone"] >= _PHONES_ALONE
    return len(facts) > 1 or "number plate" in facts
