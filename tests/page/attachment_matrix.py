"""Which text can stand where in an attachment: a maker for every format and place, or the reason why there is no such place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.page import attachment_makers as make
from tests.page import binary_makers as binary
from tests.page import office_makers as office
from tests.page.pdf_maker import pdf_at

Maker = Callable[[str], bytes]
Cell = Mapping[str, Maker] | str

PLACES = ("body", "hidden", "nested", "header", "comment", "properties")
_W = make._W
_P = make._P
_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PLAIN = "no such place: the file is one text without parts"
_NO_PAGES = "no such place: an archive has no pages; the heads of its files are in the row of their format"


def _run(text: str, run: str) -> str:
    return f"<w:p><w:r>{run}<w:t>{text}</w:t></w:r></w:p>"


_PDF: dict[str, Cell] = {
    "body": {"text": lambda text: pdf_at("body", text)},
    "hidden": {
        place: lambda text, place=place: pdf_at(place, text)
        for place in ("invisible", "white", "outside the page", "layer switched off")
    },
    "nested": {
        "embedded file": lambda text: pdf_at("embedded", "", make.docx(text)),
        "file on a comment": lambda text: pdf_at("on a comment", "", binary.xls_at("hidden", text)),
    },
    "header": {"running header": lambda text: pdf_at("header", text)},
    "comment": {
        place: lambda text, place=place: pdf_at(place, text) for place in ("comment", "free text", "form field", "form data")
    },
    "properties": {place: lambda text, place=place: pdf_at(place, text) for place in ("properties", "XMP", "bookmark")},
}
_DOC: dict[str, Cell] = {
    "body": {"text": lambda text: binary.doc_at("body", text), "text box": lambda text: binary.doc_at("text box", text)},
    "hidden": {place: lambda text, place=place: binary.doc_at(place, text) for place in ("hidden", "deleted")},
    "nested": {
        "package": lambda text: make.doc("通知", ObjectPool__Package=make.docx(text)),
        "workbook": lambda text: make.doc("通知", MBD0001__Workbook=binary.workbook("body", text)),
        "acrobat file": lambda text: make.doc("通知", ObjectPool__CONTENTS=pdf_at("body", text)),
    },
    "header": {place: lambda text, place=place: binary.doc_at(place, text) for place in ("header", "header text box")},
    "comment": {place: lambda text, place=place: binary.doc_at(place, text) for place in ("comment", "footnote", "endnote")},
    "properties": {place: lambda text, place=place: binary.doc_at(place, text) for place in ("properties", "company")},
}
_DOCX: dict[str, Cell] = {
    "body": {
        "text": make.docx,
        "table": lambda text: make.docx(
            f"<w:tbl><w:tr><w:tc>{_run('项', '')}</w:tc><w:tc>{_run(text, '')}</w:tc></w:tr></w:tbl>"
        ),
        "text box": lambda text: make.docx(
            f"<w:p><w:r><w:pict><w:txbxContent>{_run(text, '')}</w:txbxContent></w:pict></w:r></w:p>"
        ),
    },
    "hidden": {
        "hidden run": lambda text: make.docx(_run(text, "<w:rPr><w:vanish/></w:rPr>")),
        "deleted, tracked": lambda text: make.docx(f"<w:p><w:del><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>"),
        "inserted, tracked": lambda text: make.docx(f"<w:p><w:ins><w:r><w:t>{text}</w:t></w:r></w:ins></w:p>"),
        "moved away, tracked": lambda text: make.docx(f"<w:p><w:moveFrom><w:r><w:t>{text}</w:t></w:r></w:moveFrom></w:p>"),
        "field code": lambda text: make.docx(f'<w:p><w:r><w:instrText>QUOTE "{text}"</w:instrText></w:r></w:p>'),
    },
    "nested": {
        "workbook": lambda text: make.docx(word__embeddings__a_DOT_xlsx=make.xlsx("body", text)),
        "old object": lambda text: make.docx(word__embeddings__oleObject1_DOT_bin=make.ole({"Package": make.docx(text)})),
        "other form": lambda text: make.docx(word__afchunk1_DOT_htm=f"<html><body>{text}</body></html>"),
    },
    "header": {
        "header": lambda text: make.docx(word__header1_DOT_xml=f"<w:hdr {_W}>{_run(text, '')}</w:hdr>"),
        "footer": lambda text: make.docx(word__footer2_DOT_xml=f"<w:ftr {_W}>{_run(text, '')}</w:ftr>"),
    },
    "comment": {
        "comment": lambda text: make.docx(
            word__comments_DOT_xml=f"<w:comments {_W}><w:comment>{_run(text, '')}</w:comment></w:comments>"
        ),
        "footnote": lambda text: make.docx(word__footnotes_DOT_xml=f"<w:footnotes {_W}>{_run(text, '')}</w:footnotes>"),
    },
    "properties": {
        "core": lambda text: make.docx(docProps__core_DOT_xml=make._CORE.format(text)),
        "custom": lambda text: make.docx(docProps__custom_DOT_xml=f"<Properties><property><a>{text}</a></property></Properties>"),
        "data": lambda text: make.docx(customXml__item1_DOT_xml=f"<a><b>{text}</b></a>"),
    },
}
_XLS: dict[str, Cell] = {
    "body": {"cell": lambda text: binary.xls_at("body", text)},
    "hidden": {place: lambda text, place=place: binary.xls_at(place, text) for place in ("hidden", "hidden row", "pivot table")},
    "nested": {"workbook": lambda text: binary.xls_at("nested", text)},
    "header": {place: lambda text, place=place: binary.xls_at(place, text) for place in ("header", "footer")},
    "comment": {place: lambda text, place=place: binary.xls_at(place, text) for place in ("comment", "long comment")},
    "properties": {"summary": lambda text: binary.xls_at("properties", text)},
}
_XLSX: dict[str, Cell] = {
    "body": {"cell": lambda text: make.xlsx("body", text)},
    "hidden": {
        "hidden sheet": lambda text: make.xlsx("hidden", text),
        "hidden row": lambda text: make.xlsx("hidden row", text),
        "pivot table": lambda text: office.xlsx_with(
            {"xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords {_SHEET}><r><s v="{text}"/></r></pivotCacheRecords>'}
        ),
    },
    "nested": {
        "document": lambda text: office.xlsx_with({"xl/embeddings/a.docx": make.docx(text)}),
        "old object": lambda text: office.xlsx_with({"xl/embeddings/oleObject1.bin": binary.doc_at("body", text)}),
    },
    "header": {"header": lambda text: make.xlsx("header", text)},
    "comment": {
        "note": lambda text: make.xlsx("comment", text),
        "thread": lambda text: office.xlsx_with(
            {
                "xl/threadedComments/threadedComment1.xml": f"<ThreadedComments><threadedComment><text>{text}</text></threadedComment></ThreadedComments>"
            }
        ),
    },
    "properties": {"core": lambda text: make.xlsx("properties", text)},
}
_PPT: dict[str, Cell] = {
    "body": {"slide": lambda text: binary.ppt_at("body", text)},
    "hidden": {"hidden slide": lambda text: binary.ppt_at("hidden", text)},
    "nested": {"object": lambda text: binary.ppt_at("nested", "", binary.xls_at("body", text))},
    "header": {place: lambda text, place=place: binary.ppt_at(place, text) for place in ("header", "master")},
    "comment": {place: lambda text, place=place: binary.ppt_at(place, text) for place in ("comment", "notes")},
    "properties": {"summary": lambda text: binary.ppt_at("properties", text)},
}
_PPTX: dict[str, Cell] = {
    "body": {"slide": make.pptx},
    "hidden": {"hidden slide": lambda text: make.pptx(ppt__slides__slide2_DOT_xml=make.slide(text, 'show="0"'))},
    "nested": {"document": lambda text: make.pptx(ppt__embeddings__a_DOT_docx=make.docx(text))},
    "header": {"master": lambda text: make.pptx(ppt__slideMasters__slideMaster1_DOT_xml=make.slide(text))},
    "comment": {
        "comment": lambda text: make.pptx(
            ppt__comments__comment1_DOT_xml=f"<p:cmLst {_P}><p:cm><p:text>{text}</p:text></p:cm></p:cmLst>"
        ),
        "notes": lambda text: make.pptx(ppt__notesSlides__notesSlide1_DOT_xml=make.slide(text)),
    },
    "properties": {"core": lambda text: make.pptx(docProps__core_DOT_xml=make._CORE.format(text))},
}
_RTF: dict[str, Cell] = {
    "body": {"text": make.rtf},
    "hidden": {
        "hidden": lambda text: make.rtf(hidden=text),
        "deleted, tracked": lambda text: make.rtf(text).replace(b"\\pard ", b"\\pard\\deleted "),
    },
    "nested": {"object": lambda text: make.rtf(attached=make.doc(text))},
    "header": {
        "header": lambda text: make.rtf(header=text),
        "footer": lambda text: make.rtf(header=text).replace(b"\\header ", b"\\footerr "),
    },
    "comment": {
        "annotation": lambda text: make.rtf(comment=text),
        "footnote": lambda text: make.rtf(comment=text).replace(b"\\*\\annotation ", b"\\footnote "),
    },
    "properties": {"info": lambda text: make.rtf(info=text)},
}
_OFD: dict[str, Cell] = {
    "body": {"text": make.ofd},
    "hidden": {"object out of sight": lambda text: make.ofd(text, visible=False)},
    "nested": {"attachment": lambda text: make.ofd(attached=make.docx(text))},
    "header": {"template page": lambda text: make.ofd(template=text)},
    "comment": {"annotation": lambda text: make.ofd(annotation=text), "remark": lambda text: make.ofd(remark=text)},
    "properties": {"title": lambda text: make.ofd(title=text)},
}
_EML: dict[str, Cell] = {
    "body": {"text": make.eml},
    "hidden": {"out of sight": lambda text: make.eml(html_only=text)},
    "nested": {
        "attachment": lambda text: make.eml(attached=make.docx(text)),
        "mail": lambda text: make.eml(forwarded=make.eml(text)),
        "head of a mail": lambda text: make.eml(forwarded=make.eml(header=text)),
    },
    "header": {"subject": lambda text: make.eml(header=text)},
    "comment": {
        "comment in HTML": lambda text: make.eml(html_only=f"<!-- {text} -->"),
        "field": lambda text: make.eml(comments=text),
    },
    "properties": {"name of a file": lambda text: make.eml(attached=b"x", filename=f"{text}.txt")},
}


def _open(kind: str, hidden: tuple[str, ...], header: Cell) -> dict[str, Cell]:
    def at(*places: str) -> Cell:
        return {place: lambda text, place=place: office.open_document(kind, place, text) for place in places}

    nested: Cell = {"object": lambda text: office.open_document(kind, "nested", "", make.docx(text))}
    return {
        "body": at("body"),
        "hidden": at(*hidden),
        "nested": nested,
        "header": header or at("header"),
        "comment": at("comment"),
        "properties": at("properties"),
    }


_CSV: dict[str, Cell] = {
    "body": {"cell": lambda text: f"序号,内容\n1,{text}\n2,无\n".encode("gb18030")},
    **dict.fromkeys(PLACES[1:], _PLAIN),
}
_TXT: dict[str, Cell] = {"body": {"text": lambda text: text.encode("gb18030")}, **dict.fromkeys(PLACES[1:], _PLAIN)}
_ZIP: dict[str, Cell] = {
    "body": {"file": lambda text: office.zip_with({"名单.txt": text})},
    "hidden": {
        "hidden file": lambda text: office.zip_with({"名单.txt": text}, hidden=True),
        "file of a system": lambda text: office.zip_with({"__MACOSX/._名单.txt": text}),
    },
    "nested": {
        "zip in zip": lambda text: make.zipped({"a.zip": make.zipped({"b.docx": make.docx(text)})}),
        "rar in zip": lambda text: make.zipped({"a.rar": make.rar({"b.txt": text.encode()})}),
    },
    "header": _NO_PAGES,
    "comment": {
        "of the archive": lambda text: office.zip_with({"a.txt": "x"}, comment=text),
        "of a file": lambda text: office.zip_with({"a.txt": "x"}, entry_comment=text),
    },
    "properties": {"name of a file": lambda text: office.zip_with({f"{text}.txt": "x"})},
}
_SEVEN: dict[str, Cell] = {
    "body": {"file": lambda text: office.seven_zip({"a.txt": text.encode()})},
    "hidden": {"hidden file": lambda text: office.seven_zip({".a.txt": text.encode()})},
    "nested": {"document": lambda text: office.seven_zip({"a.docx": make.docx(text)})},
    "header": _NO_PAGES,
    "comment": "no such place: the format has none",
    "properties": {"name of a file": lambda text: office.seven_zip({f"{text}.txt": b"x"})},
}
_RAR: dict[str, Cell] = {
    "body": {
        "version 4": lambda text: make.rar({"a.txt": text.encode()}),
        "version 5": lambda text: binary.rar5({"a.txt": text.encode()}),
    },
    "hidden": {"hidden file": lambda text: binary.rar5({".a.txt": text.encode()})},
    "nested": {"document": lambda text: binary.rar5({"a.docx": make.docx(text)})},
    "header": _NO_PAGES,
    "comment": {
        "version 4": lambda text: make.rar({"a.txt": b"x"}, binary.rar4_comment(text)),
        "version 5": lambda text: binary.rar5({"a.txt": b"x"}, text),
    },
    "properties": {"name of a file": lambda text: binary.rar5({f"{text}.txt": b"x"})},
}
_TAR: dict[str, Cell] = {
    "body": {"file": lambda text: make.tar_gz({"a.txt": text.encode()})},
    "hidden": {"hidden file": lambda text: make.tar_gz({"a/.b.txt": text.encode()})},
    "nested": {
        "zip in tar.gz": lambda text: make.tar_gz({"a.zip": make.zipped({"b.txt": text})}),
        "tar.xz in tar.bz2": lambda text: make.tar_gz({"a.tar.xz": make.tar_gz({"b.docx": make.docx(text)}, "w:xz")}, "w:bz2"),
    },
    "header": _NO_PAGES,
    "comment": {
        "of a file": lambda text: office.tar_gz_commented({"a.txt": b"x"}, text),
        "of the archive": lambda text: office.gzip_with(b"x", comment=text),
    },
    "properties": {
        "name of a file": lambda text: make.tar_gz({f"{text}.txt": b"x"}),
        "name in the head": lambda text: office.gzip_with(b"x", name=text),
    },
}
# The programs of WPS write the old binary forms of Microsoft under names of their own.
MATRIX: Mapping[str, Mapping[str, Cell]] = {
    "pdf": _PDF,
    "doc": _DOC,
    "wps": _DOC,
    "docx": _DOCX,
    "xls": _XLS,
    "et": _XLS,
    "xlsx": _XLSX,
    "ppt": _PPT,
    "dps": _PPT,
    "pptx": _PPTX,
    "csv": _CSV,
    "txt": _TXT,
    "rtf": _RTF,
    "zip": _ZIP,
    "7z": _SEVEN,
    "rar": _RAR,
    "tar.gz": _TAR,
    "ofd": _OFD,
    "eml": _EML,
    "odt": _open("text", ("hidden", "tracked", "field"), {}),
    "ods": _open("spreadsheet", ("hidden sheet",), {}),
    "odp": _open("presentation", ("hidden slide", "notes"), "no such place: header fields of a presentation stand in its slides"),
}


@dataclass(frozen=True, slots=True)
class Planted:
    """One document to be made: a text at a place of a format, in one of the ways that the format has for it."""

    format: str
    place: str
    way: str
    maker: Maker

    @property
    def url(self) -> str:
        return f"http://www.qingshan.gov.cn/files/a.{self.format}"

    def __str__(self) -> str:
        return f"{self.format} {self.place}: {self.way}"


def planted() -> Iterator[Planted]:
    """Every cell that exists, in every way."""
    for name, row in MATRIX.items():
        for place, cell in row.items():
            if not isinstance(cell, str):
                yield from (Planted(name, place, way, maker) for way, maker in cell.items())


def absent() -> Iterator[tuple[str, str, str]]:
    """Format, place and the reason of each cell that does not exist."""
    for name, row in MATRIX.items():
        yield from ((name, place, cell) for place, cell in row.items() if isinstance(cell, str))
