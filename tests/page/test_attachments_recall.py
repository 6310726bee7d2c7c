"""A planted ID number is found in every format, at every place where the format can hide it; look-alikes are not."""

from collections.abc import Iterator
from datetime import date

import libarchive
import pytest

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.model import Finding
from govcrawl.page.attachments.reader import extract
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.page import attachment_makers as make

SPECIMEN = "11010519491231002X"
TEXT = f"身份证号 {SPECIMEN}"
ASCII = f"ID card {SPECIMEN}"
# Of the same length and of every kind that lists carry: order, barcode, approval number, masked, wrong check digit.
LOOK_ALIKES = (
    "订单编号 123456789012345678",
    "条形码 690123456789012345",
    "身份证号 110105********002X",
    "身份证号 110105194912310021",
)


def _seven_zip(files: dict[str, bytes]) -> bytes:
    blocks: list[bytes] = []
    with libarchive.custom_writer(lambda data: blocks.append(bytes(data)) or len(data), "7zip") as archive:
        for name, data in files.items():
            archive.add_file_from_memory(name, len(data), data)
    return b"".join(blocks)


def documents(text: str, plain: str) -> Iterator[tuple[str, bytes]]:
    """Format and place -> bytes. `plain` is the text for formats that are made here in ASCII only."""
    yield from _word_and_slides(text)
    yield from _sheets(text)
    yield from _fixed_layout(text, plain)
    yield from _old_office(text)
    yield from _plain(text)
    yield from _archives(text)


def _word_and_slides(text: str) -> Iterator[tuple[str, bytes]]:
    word = make._W
    yield "docx body", make.docx(text)
    yield (
        "docx table",
        make.docx(f"<w:tbl><w:tr><w:tc>{make._paragraph('项')}</w:tc><w:tc>{make._paragraph(text)}</w:tc></w:tr></w:tbl>"),
    )
    yield "docx hidden", make.docx(make._paragraph(text, "<w:rPr><w:vanish/></w:rPr>"))
    yield "docx deleted", make.docx(f"<w:p><w:del><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>")
    yield "docx header", make.docx(word__header1_DOT_xml=f"<w:hdr {word}>{make._paragraph(text)}</w:hdr>")
    yield "docx footnote", make.docx(word__footnotes_DOT_xml=f"<w:footnotes {word}>{make._paragraph(text)}</w:footnotes>")
    yield "docx comment", make.docx(word__comments_DOT_xml=f"<w:comments {word}>{make._paragraph(text)}</w:comments>")
    yield "docx properties", make.docx(docProps__core_DOT_xml=make._CORE.format(text))
    yield "docx nested", make.docx(word__embeddings__a_DOT_xlsx=make.xlsx("body", text))
    yield "pptx body", make.pptx(text)
    yield "pptx hidden", make.pptx(ppt__slides__slide2_DOT_xml=make.slide(text, 'show="0"'))
    yield "pptx header", make.pptx(ppt__slideMasters__slideMaster1_DOT_xml=make.slide(text))
    yield "pptx notes", make.pptx(ppt__notesSlides__notesSlide1_DOT_xml=make.slide(text))
    yield (
        "pptx comment",
        make.pptx(ppt__comments__comment1_DOT_xml=f"<p:cmLst {make._P}><p:cm><p:text>{text}</p:text></p:cm></p:cmLst>"),
    )
    yield "pptx nested", make.pptx(ppt__embeddings__a_DOT_docx=make.docx(text))


def _sheets(text: str) -> Iterator[tuple[str, bytes]]:
    for place in ("body", "hidden", "hidden row", "header", "comment", "properties"):
        yield f"xlsx {place}", make.xlsx(place, text)
    yield "xlsx nested", make.zipped({"a.xlsx": make.xlsx("hidden", text)})
    for place in ("body", "hidden", "header", "comment"):
        yield f"xls and et {place}", make.xls(place, text)
    yield "xls nested", make.zipped({"a.et": make.xls("body", text)})
    for place in ("cell", "comment", "header", "meta", "hidden"):
        yield f"ods {place}", make.ods(**{place: text})
    yield "csv body", f"序号,内容\n1,{text}\n2,无\n".encode("gb18030")


def _fixed_layout(text: str, plain: str) -> Iterator[tuple[str, bytes]]:
    yield "pdf body", make.pdf(plain)
    yield "pdf hidden", make.pdf(plain, hidden=True)
    yield "pdf comment", make.pdf(annotation=plain)
    yield "pdf properties", make.pdf(title=plain)
    yield "pdf nested", make.pdf(attached=make.docx(text))
    for place in ("body", "annotation", "template", "title"):
        yield f"ofd {place}", make.ofd(**{place: text})
    yield "ofd nested", make.ofd(attached=make.docx(text))


def _old_office(text: str) -> Iterator[tuple[str, bytes]]:
    yield "doc and wps body", make.doc(text)
    yield "doc table", make.doc(f"项\x07{text}\x07\x07")
    yield "doc nested", make.doc("通知", ObjectPool__Package=make.docx(text))
    yield "ppt body", make.ppt(text)
    yield "ppt header", make.ppt(text, kind=0x0FBA)


def _plain(text: str) -> Iterator[tuple[str, bytes]]:
    yield "rtf body", make.rtf(text)
    for place in ("hidden", "header", "comment", "info"):
        yield f"rtf {place}", make.rtf(**{place: text})
    yield "rtf nested", make.rtf(attached=make.doc(text))
    yield "eml body", make.eml(text)
    yield "eml header", make.eml(header=text)
    yield "eml hidden", make.eml(html_only=text)
    yield "eml nested", make.eml(attached=make.docx(text))
    yield "txt body", text.encode("gb18030")


def _archives(text: str) -> Iterator[tuple[str, bytes]]:
    inner = {"名单.txt": text.encode()}
    yield "zip body", make.zipped({"名单.txt": text})
    yield "zip nested", make.zipped({"a.zip": make.zipped({"b.docx": make.docx(text)})})
    yield "tar.gz body", make.tar_gz({"a.txt": text.encode()})
    yield "tar.xz nested", make.tar_gz({"a.zip": make.zipped(inner)}, mode="w:xz")
    yield "rar body", make.rar({"a.txt": text.encode()})
    yield "7z body", _seven_zip({"a.txt": text.encode()})
    yield "7z nested", _seven_zip({"a.docx": make.docx(text)})


def judged(body: bytes) -> list[Finding]:
    url = "http://www.qingshan.gov.cn/files/a.csv"
    page = Page(url, body, extracted=extract(body, url))
    detectors = [detector for detector in all_detectors() if detector.id in {"leaks/id-number", "leaks/bank-card"}]
    inspection = Inspector(detectors).inspect(page, Context(Site(id="s", url=url), date(2025, 11, 20)))
    assert not inspection.failed
    return inspection.findings


@pytest.mark.parametrize(("place", "body"), [*documents(TEXT, ASCII)], ids=lambda value: value if isinstance(value, str) else "")
def test_a_planted_number_is_found_and_masked(place: str, body: bytes) -> None:
    found = judged(body)
    assert found, place
    assert SPECIMEN not in repr(found)


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_look_alike_is_left_alone_in_every_format(text: str) -> None:
    flagged = [place for place, body in documents(text, "Order no 123456789012345678") if judged(body)]
    assert flagged == []


def test_a_page_without_a_reader_asks_the_pool() -> None:
    page = Page("http://www.qingshan.gov.cn/files/a.docx", make.docx(TEXT))
    assert any(SPECIMEN in part.text for part in page.attachment_parts)
    assert not page.html
