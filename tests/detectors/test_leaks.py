"""What the leak detectors find, what they leave alone, and that they never repeat a secret."""

import csv
import json
import random
from collections.abc import Iterator
from datetime import date

import pytest

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.leaks.catalogue import FILES, rules_of
from govcrawl.detectors.leaks.checks import card_number, id_number, luhn, mod_11_2, old_id_number, uscc
from govcrawl.detectors.registry import all_detectors
from govcrawl.detectors.rules import Rule
from govcrawl.findings.model import Finding
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.eval.corpus import ROOT, available

HOST = "http://www.qingshan.gov.cn"
INSPECTOR = Inspector([detector for detector in all_detectors() if detector.id.startswith("leaks/")])
RULES = [rule for name in FILES for rule in rules_of(name)]
needs_corpus = pytest.mark.skipif(not available(), reason=f"no labelled pages at {ROOT}")


def judged(
    body: str | bytes, url: str = f"{HOST}/a.html", status: int = 200, headers: dict[str, str] | None = None
) -> list[Finding]:
    page = Page(url, body if isinstance(body, bytes) else body.encode(), status, headers or {}, date(2025, 11, 20))
    inspection = INSPECTOR.inspect(page, Context(Site(id="s", url=url), page.today))
    assert not inspection.failed
    return inspection.findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_flags_its_samples_and_leaves_the_others_alone(rule: Rule) -> None:
    assert rule.id.startswith("leaks/")
    assert len(rule.flagged) >= 2
    assert len(rule.clean) >= 2
    for sample in rule.flagged:
        assert judged(sample.text, sample.url, sample.status, dict(sample.headers)), sample.reason
    for sample in rule.clean:
        assert rule.id not in {
            finding.rule.id for finding in judged(sample.text, sample.url, sample.status, dict(sample.headers))
        }, sample.reason


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.mask == "secret" and rule.severity == "critical"], ids=lambda rule: rule.id
)
def test_a_finding_shows_a_third_of_its_secret_at_most(rule: Rule) -> None:
    for sample in rule.flagged:
        match = rule.pattern.search(sample.text)
        secret = next((group for group in match.groups() if group), match.group())
        told = repr(judged(sample.text, sample.url))
        length = len(secret) // 3 + 1
        assert [part for n in range(len(secret) - length + 1) if (part := secret[n : n + length]) in told] == [], sample.reason


def test_no_two_rules_share_an_id() -> None:
    names = [rule.id for rule in RULES] + [detector.id for detector in INSPECTOR.detectors]
    assert len(names) == len(set(names))


@needs_corpus
def test_every_documented_number_behaves_as_documented() -> None:
    with (ROOT / "leaks" / "idcard_test_numbers.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            found = judged(f"<p>张某，身份证号：{row['number']}，联系地址</p>")
            assert bool(found) == (row["checksum_ok"] == "True"), row
            assert row["number"] not in repr(found)


def test_a_number_of_a_renamed_county_or_a_residence_permit_is_a_number() -> None:
    """The county register of python-stdnum rejects them (detection: 3.2)."""
    for stem in ("32032119800101001", "65900119700101001", "42900419850101001", "81000019900101001"):
        number = next(stem + mark for mark in "0123456789X" if mod_11_2(stem + mark))
        assert id_number(number)


def test_an_organisation_number_is_nobodys() -> None:
    assert uscc("91110000100006485X") or not judged("<p>统一社会信用代码：91110000100006485X</p>")
    assert not judged("<p>统一社会信用代码：11330000002482285C 机构</p>")


def test_checks_follow_their_standards() -> None:
    assert luhn("79927398713")
    assert not luhn("79927398710")
    assert card_number("6222021234567890128")
    assert not card_number("1222021234567890128")
    assert old_id_number("130503670401001")
    assert not old_id_number("990503670401001")


@needs_corpus
def test_every_exposure_type_is_recognised_when_it_is_the_page() -> None:
    for template in json.loads((ROOT / "leaks" / "nuclei_exposures.json").read_text(encoding="utf-8")):
        for path, body in _responses(template):
            assert judged(body, HOST + path), (template["id"], path, body[:40])


def _responses(template: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, bytes]]:
    match = template["match"]
    if template["id"] == "zip-backup-files":
        for name in (
            "www.qingshan.gov.cn",
            "qingshan.gov.cn",
            "qingshan",
            "www",
            "2024",
            *[name for name in template["names"] if name[0] != "{"],
        ):
            yield f"/{name}.zip", b"PK\x03\x04" + b"\0\1\2" * 20
        return
    words = {
        "exposed-svn": ["10\n\ndir\n", "svn://10.0.0.8/trunk"],
        "springboot-env": ['{"activeProfiles":[],"propertySources":[{"local.server.port":1}]}'],
        "phpinfo-files": ["<title>phpinfo()</title> PHP Version PHP Extension"],
        "druid-monitor": ["<html><title>Druid Stat Index</title></html>"],
    }.get(template["id"], match.get("body_any", []))
    for path in template["paths"]:
        if template["id"] == "ds-store-file":
            yield path, bytes.fromhex("0000000142756431") + b"\0" * 20
        for word in words:
            yield path, f"{word}\n".encode()


def test_a_quoted_trace_is_no_leak_and_the_same_trace_on_an_error_page_is() -> None:
    trace = "java.lang.NullPointerException\n\tat com.example.A.run(A.java:5)\n\tat com.example.B.run(B.java:7)\n"
    prose = "<p>" + "柳树村今年的工作安排。" * 200 + "</p>"
    assert judged(f"<html><head><title>Error</title></head><body><pre>{trace}</pre></body></html>", status=500)
    assert not judged(f"<html><head><title>Spring 报错解决办法</title></head><body>{prose}<pre>{trace}</pre></body></html>")
    assert not judged(
        f"<html><head><title>学习园地</title></head><body>{prose}<p>程序运行报错如下：</p><pre>{trace}</pre></body></html>"
    )
    assert judged(f"<html><head><title>青山县人民政府</title></head><body>{prose}<div>{trace}</div></body></html>")


def test_a_long_list_of_persons_is_one_finding() -> None:
    dice = random.Random(7)
    rows = []
    while len(rows) < 50:
        stem = f"330106{dice.randrange(1950, 2000)}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}{dice.randrange(1000):03}"
        rows.append(stem + next(mark for mark in "0123456789X" if mod_11_2(stem + mark)))
    table = "".join(f"<tr><td>{n}</td><td>张{n}</td><td>{number}</td></tr>" for n, number in enumerate(rows))
    found = judged(f"<table><tr><th>序号</th><th>姓名</th><th>身份证号</th></tr>{table}</table>")
    assert [finding.severity for finding in found if finding.rule.id == "leaks/id-number"] == ["critical"]
    assert not [number for number in rows if number in repr(found)]


# Who it is, where they live and how to reach them, around the number of a form, a sentence and a table.
BESIDE_A_NUMBER = (
    "<p>姓名：张三丰，身份证号：11010519491231002X，住青山镇柳树村1组12号，电话 0571-88881234</p>",
    "<table><tr><td>1</td><td>张三丰</td><td>男</td><td>11010519491231002X</td><td>柳树村3组</td><td>88881234</td></tr></table>",
    "<table><tr><td>11010519491231002X</td><td title='柳树村'>张三丰</td><td>青山镇柳树村3组</td></tr></table>",
    "<input name='xm' value='张三丰'><input name='sfzh' value='11010519491231002X'><input name='dz' value='青山镇柳树村3组'>",
    "户主 张三丰 Zhang Sanfeng 11010519491231002X",
)


@pytest.mark.parametrize("body", BESIDE_A_NUMBER)
def test_the_person_beside_a_number_is_masked_with_it(body: str) -> None:
    (finding,) = [one for one in judged(body) if one.rule.id == "leaks/id-number"]
    assert "110***02X" in finding.evidence.snippet
    told = repr(finding)
    assert [word for word in ("张三", "三丰", "Sanfeng", "柳树村", "3组", "88881234") if word in told] == []


def test_a_name_in_the_heading_of_a_table_is_masked() -> None:
    rows = "".join(f"<tr><td>王{n}</td><td>肢体</td></tr>" for n in range(4))
    (finding,) = judged(f"<table><tr><th>姓名</th><th>残疾类别</th><th>负责人：张三丰</th></tr>{rows}</table>")
    assert finding.evidence.snippet == "姓名 | 残疾类别 | 负责人：张**"


def test_the_evidence_of_a_trace_is_the_trace_and_not_its_markup() -> None:
    trace = "java.lang.NullPointerException\n\tat com.example.A.run(A.java:5)\n\tat com.example.B.run(B.java:7)\n"
    found = judged(f"<html><head><title>Error</title></head><body><pre>{trace}</pre></body></html>", status=500)
    snippet = next(one.evidence.snippet for one in found if one.rule.id == "leaks/java-trace")
    assert snippet.startswith("java.lang.NullPointerException\nat com.example.A.run(A.java:5)")
    assert "<" not in snippet


HEADINGS = ("订单号", "商品条码", "批准文号", "流水号", "快递单号", "发票号码", "合同编号", "数值")


def random_tables(count: int, seed: int) -> Iterator[str]:
    """Tables of 250 rows with random numbers of 18 and of 16 to 19 digits under headings of lists that really look so."""
    dice = random.Random(seed)
    for page in range(count // 1000):
        headings = [HEADINGS[(page + n) % len(HEADINGS)] for n in range(4)]
        rows = (
            f"<tr><td>{dice.randrange(10**17, 10**18)}</td><td>{dice.randrange(10**17, 10**18)}</td>"
            f"<td>{dice.randrange(10**15, 10**19)}</td><td>{dice.randrange(10**17, 10**18)}</td></tr>"
            for _ in range(250)
        )
        yield f"<table><tr>{''.join(f'<th>{heading}</th>' for heading in headings)}</tr>{''.join(rows)}</table>"


def test_a_million_random_numbers_give_two_findings_at_most() -> None:
    assert sum(len(judged(table)) for table in random_tables(1_000_000, 1)) <= 2


@pytest.mark.slow
def test_ten_million_random_numbers_give_twenty_findings_at_most() -> None:
    total = sum(len(judged(table)) for table in random_tables(10_000_000, 2))
    print(f"findings on 10,000,000 random numbers: {total}")
    assert total <= 20
