"""A planted ID number is found in every format, at every place where the format can hide it; look-alikes are not.

`pytest tests/page/test_attachments_recall.py -s -k matrix` prints the matrix.
"""

from datetime import date

import pytest

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.model import Finding
from govcrawl.page.attachments.reader import extract
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.page import attachment_makers as make
from tests.page import binary_makers as binary
from tests.page.attachment_matrix import MATRIX, PLACES, Planted, absent, planted

SPECIMEN = "11010519491231002X"
TEXT = f"身份证号 {SPECIMEN}"
# Of every kind that lists carry; a name of a file can hold them too.
LOOK_ALIKES = (
    "订单编号 123456789012345678",
    "条形码 690123456789012345",
    "身份证号 110105********002X",
    "身份证号 110105194912310021",
    "值班电话 13800000001 0578-1234567 王主任",
    "统一社会信用代码 91110000100006485X",
    "联系电话 138****0001 住址 青山镇柳树村",
)
FORMATS = (
    "pdf", "doc", "wps", "docx", "xls", "et", "xlsx", "ppt", "dps", "pptx", "csv", "txt", "rtf", "zip", "7z", "rar", "tar.gz", "ofd",
    "eml", "odt", "ods", "odp",
)  # fmt: skip
DETECTORS = [detector for detector in all_detectors() if detector.id.startswith("leaks/")]
CELLS = [*planted()]


def judged(one: Planted, text: str) -> list[Finding]:
    """What the leak detectors say of the document, read as the crawl reads it."""
    body = one.maker(text)
    page = Page(one.url, body, extracted=extract(body, one.url))
    inspection = Inspector(DETECTORS).inspect(page, Context(Site(id="s", url=one.url), date(2025, 11, 20)))
    assert not inspection.failed
    return inspection.findings


def test_the_matrix_names_every_format_and_place_as_covered_or_as_absent() -> None:
    assert set(FORMATS) == set(MATRIX)
    for name, row in MATRIX.items():
        cells = [f"{len(row[place])} ways" if not isinstance(row[place], str) else "-" for place in PLACES]
        print(f"{name:7}", *(f"{place}: {cell:9}" for place, cell in zip(PLACES, cells, strict=True)))
        assert set(row) == set(PLACES)
        assert all(row.values())
    for name, place, reason in absent():
        print(f"{name} {place}: {reason}")
        assert reason.startswith("no such place: ")
    print(f"{len(CELLS)} ways to plant a text")


@pytest.mark.parametrize("one", CELLS, ids=str)
def test_a_planted_number_is_found_and_masked(one: Planted) -> None:
    found = judged(one, TEXT)
    assert {finding.rule.id for finding in found} == {"leaks/id-number"}
    assert SPECIMEN not in repr(found)


def test_look_alikes_are_left_alone_in_every_format() -> None:
    text = "； ".join(LOOK_ALIKES)
    assert [str(one) for one in CELLS if judged(one, text)] == []


@pytest.mark.slow
@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_each_look_alike_alone_is_left_alone_in_every_format(text: str) -> None:
    assert [str(one) for one in CELLS if judged(one, text)] == []


def test_a_finding_says_where_in_the_document_a_person_has_to_look() -> None:
    (finding,) = judged(Planted("et", "hidden", "sheet", lambda text: binary.xls_at("hidden", text)), TEXT)
    assert finding.url == "http://www.qingshan.gov.cn/files/a.et"
    assert finding.evidence.locator == "a.et/隐藏 (hidden), row 3"


@pytest.mark.parametrize(
    ("way", "locator"),
    [
        ("docx hidden: hidden run", "a.docx/word/document.xml (hidden), line 1"),
        ("docx comment: comment", "a.docx/word/comments.xml (comment), line 1"),
        ("doc hidden: deleted", "a.doc (hidden), line 1"),
        ("doc header: header", "a.doc (header), line 1"),
        ("ppt hidden: hidden slide", "a.ppt (hidden), line 1"),
        ("ppt comment: comment", "a.ppt (comment), line 2"),
        ("pdf nested: file on a comment", "a.pdf/page 1/a.bin/隐藏 (hidden), row 3"),
        ("eml nested: head of a mail", "a.eml/part 3 (header), line 3"),
        ("rar nested: document", "a.rar/a.docx/word/document.xml, line 1"),
    ],
)
def test_the_place_is_named_in_the_words_of_the_format(way: str, locator: str) -> None:
    one = next(one for one in CELLS if str(one) == way)
    assert judged(one, TEXT)[0].evidence.locator == locator


def test_a_page_without_a_reader_asks_the_pool() -> None:
    page = Page("http://www.qingshan.gov.cn/files/a.docx", make.docx(TEXT))
    assert any(SPECIMEN in part.text for part in page.attachment_parts)
    assert not page.html
