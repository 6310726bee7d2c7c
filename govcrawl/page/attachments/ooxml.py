"""Word and PowerPoint files of the XML form: body, tables, headers, notes, comments, hidden and deleted text, properties."""

import html
import re
import zipfile
from collections.abc import Callable

from lxml import etree

from govcrawl.page.attachments.archives import read_entry
from govcrawl.page.attachments.values import Refused, Tray, Where
from govcrawl.page.attachments.xml import attribute, local, parsed

Nested = Callable[[bytes, str, Tray, int], None]

_TEXT = frozenset({"t", "delText", "instrText", "delInstrText"})
_BREAKS = frozenset({"br", "cr"})
_HIDING = frozenset({"vanish", "webHidden", "delText", "delInstrText", "moveFrom"})
_WORDS = frozenset({"text", "author", "definedName"})
# Comments of a sheet have runs without a paragraph.
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/"
_LINES = frozenset({"p", "tr"})
_PLACES = (
    (re.compile(r"(?:header|footer)\d*\.xml$|slideMasters/|slideLayouts/|handoutMasters/"), Where.HEADER),
    (re.compile(r"comments?[^/]*\.xml$|/comments/|threadedComments/"), Where.COMMENT),
    (re.compile(r"(?:footnotes|endnotes)\.xml$|notesSlides/|notesMasters/"), Where.NOTE),
    (re.compile(r"^docProps/|customXml/"), Where.PROPERTIES),
)
# Parts that hold no words.
_SILENT = re.compile(
    r"(?:styles|settings|fontTable|theme\d*|webSettings|numbering|presProps|viewProps|tableStyles|calcChain)\.xml$|\.rels$|^\[Content_Types\]"
)
# Cells are read by the sheet reader; of these parts only headers, footers and the texts of cell prompts are left.
_CELLS = re.compile(r"^xl/(?:worksheets/.*\.xml|sharedStrings\.xml|tables/.*\.xml|pivotTables/.*\.xml)$")
_EDGES = re.compile(
    rb"<(?:\w+:)?(?:(?:odd|even|first)(?:Header|Footer)|formula[12])>([^<]*)<|\s(?:prompt|error|promptTitle)=\"([^\"]*)\""
)
# The copy of its source that a pivot table keeps, also where the source is no longer in the file.
_PIVOT = re.compile(r"^xl/pivotCache/.*\.xml$")
_PIVOT_VALUES = frozenset({"s", "n", "d"})
_EMBEDDED = re.compile(r"/embeddings/|/afchunk|\.(?:bin|docx?|xlsx?|pptx?|pdf|rtf|html?|mht|zip)$", re.IGNORECASE)
_SETTINGS = re.compile(r"/printerSettings/|/activeX/|/vbaProject\.bin$")


def read_package(archive: zipfile.ZipFile, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    """Every XML part of the package, and the files embedded in it."""
    for info in archive.infolist():
        inside = f"{path}/{info.filename}"
        if info.is_dir() or _SILENT.search(info.filename) or _SETTINGS.search(info.filename):
            continue
        try:
            if _CELLS.search(info.filename):
                _edges(read_entry(archive, info, tray), inside, tray)
            elif info.filename.endswith(".xml"):
                _part(read_entry(archive, info, tray), info.filename, inside, tray)
            elif _EMBEDDED.search(info.filename):
                nested(read_entry(archive, info, tray), inside, tray, depth + 1)
        except Refused as refusal:
            tray.skip(inside, str(refusal))


def _edges(data: bytes, path: str, tray: Tray) -> None:
    lines = [(match[1] or match[2]).decode("utf-8", "replace") for match in _EDGES.finditer(data) if match[1] or match[2]]
    tray.add(html.unescape("\n".join(lines)), Where.HEADER, path)


def _part(data: bytes, name: str, path: str, tray: Tray) -> None:
    root = parsed(data)
    where = next((place for pattern, place in _PLACES if pattern.search(name)), Where.BODY)
    if _PIVOT.search(name):
        values = [attribute(element, "v") for element in root.iter() if local(element) in _PIVOT_VALUES]
        tray.add("\n".join(values), Where.HIDDEN, path)
        return
    if where is Where.PROPERTIES:
        texts = [
            element.text for element in root.iter() if isinstance(element.tag, str) and element.text and element.text.strip()
        ]
        tray.add("\n".join(texts), where, path)
        return
    if local(root) == "sld" and attribute(root, "show") in {"0", "false"}:
        where = Where.HIDDEN
    lines: list[str] = []
    tables: list[str] = []
    hidden: list[str] = []
    _walk(root, lines, tables, hidden)
    tray.add("\n".join(hidden), Where.HIDDEN, path)
    tray.add("\n".join(lines), where, path)
    tray.add("\n".join(tables), Where.TABLE, path)


def _walk(root: etree._Element, lines: list[str], tables: list[str], hidden: list[str]) -> None:
    """Lines of the paragraphs, and rows of the tables with tabs; text in a table is found under both.

    A paragraph of which a part is hidden or deleted is hidden as a whole, so that its words stay together.
    """
    for element in root.iter():
        name = local(element)
        if name == "p":
            (hidden if _hides(element) else lines).append(_line(element))
        elif name == "t" and element.text and element.tag.startswith(_SHEET):
            lines.append(element.text)
        elif name == "tr":
            cells = [child for child in element if local(child) in {"tc", "sdt"}]
            tables.append("\t".join(" ".join(_line(cell).split()) for cell in cells))
        elif name in {"docPr", "cNvPr"}:
            lines += [value for key in ("descr", "title") if (value := attribute(element, key))]
        elif element.text and (name == "v" or (name in _WORDS and element.text.strip())):
            lines.append(element.text)


def _hides(paragraph: etree._Element) -> bool:
    return any(local(child) in _HIDING and attribute(child, "val") not in {"0", "false", "off"} for child in paragraph.iter())


def _line(element: etree._Element) -> str:
    pieces: list[str] = []
    for child in element.iter():
        name = local(child)
        if name in _TEXT and child.text:
            pieces.append(child.text)
        elif name in {"tab", *_BREAKS} or (name in _LINES and pieces):
            pieces.append(" ")
    return "".join(pieces)
