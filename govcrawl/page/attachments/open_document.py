"""OpenDocument files and OFD, the Chinese fixed-layout form: all words of their XML parts."""

import zipfile
from collections.abc import Callable

from lxml import etree

from govcrawl.page.attachments.archives import read_entry
from govcrawl.page.attachments.values import Refused, Tray, Where
from govcrawl.page.attachments.xml import attribute, local, parsed

Nested = Callable[[bytes, str, Tray, int], None]

_ASIDE = {
    "annotation": Where.COMMENT,
    "header": Where.HEADER,
    "footer": Where.HEADER,
    "note": Where.NOTE,
    "tracked-changes": Where.HIDDEN,
}
_DOCUMENT = ("content.xml", "styles.xml", "meta.xml")
_MANIFEST = "META-INF/manifest.xml"
# Fields whose words stand in an attribute: shown only where a condition holds, or never.
_FIELDS = frozenset({"hidden-text", "hidden-paragraph", "conditional-text", "variable-set", "user-field-decl", "variable-decl"})
_FIELD_WORDS = ("string-value", "string-value-if-true", "string-value-if-false")


def read_open_document(archive: zipfile.ZipFile, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    """Raises Refused where the document has a password."""
    if _MANIFEST in archive.namelist() and b"encryption-data" in read_entry(archive, archive.getinfo(_MANIFEST), tray):
        raise Refused("encrypted")
    for info in archive.infolist():
        leaf = info.filename.rpartition("/")[2]
        inside = f"{path}/{info.filename}"
        try:
            if leaf in _DOCUMENT:
                _document(parsed(read_entry(archive, info, tray)), inside, tray)
            elif info.filename.startswith(("Object", "Embedded")) and not info.is_dir():
                nested(read_entry(archive, info, tray), inside, tray, depth + 1)
        except Refused as refusal:
            tray.skip(inside, str(refusal))


def _document(root: etree._Element, path: str, tray: Tray) -> None:
    if path.endswith("meta.xml"):
        tray.add("\n".join(text for text in root.itertext() if text.strip()), Where.PROPERTIES, path)
        return
    for element in root.iter():
        where = _ASIDE.get(local(element).partition("-")[0] if local(element) != "tracked-changes" else "tracked-changes")
        if where:
            tray.add(" ".join(element.itertext()), where, path)
    fields = [attribute(element, word) for element in root.iter() if local(element) in _FIELDS for word in _FIELD_WORDS]
    tray.add("\n".join(words for words in fields if words), Where.HIDDEN, path)
    lines = ["".join(element.itertext()) for element in root.iter() if local(element) in {"p", "h"}]
    tray.add("\n".join(lines), Where.BODY, path)
    rows = [
        "\t".join(
            " ".join("".join(cell.itertext()).split()) for cell in row if local(cell) in {"table-cell", "covered-table-cell"}
        )
        for row in root.iter()
        if local(row) == "table-row"
    ]
    tray.add("\n".join(rows), Where.TABLE, path)


_ENCRYPTED_OFD = ("encryptions.xml", "decryptseed.dat")


def read_ofd(archive: zipfile.ZipFile, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    """Every XML part: page contents, templates, annotations, document properties; and attached files."""
    texts = 0
    if any(name.rpartition("/")[2].lower() in _ENCRYPTED_OFD for name in archive.namelist()):
        raise Refused("encrypted")
    for info in archive.infolist():
        inside = f"{path}/{info.filename}"
        try:
            if info.filename.lower().endswith(".xml"):
                texts += _ofd_part(parsed(read_entry(archive, info, tray)), info.filename, inside, tray)
            elif "attach" in info.filename.lower() and not info.is_dir():
                nested(read_entry(archive, info, tray), inside, tray, depth + 1)
        except Refused as refusal:
            tray.skip(inside, str(refusal))
    if not texts:
        tray.skip(path, "no text layer")


def _ofd_part(root: etree._Element, name: str, path: str, tray: Tray) -> int:
    lines = [element.text for element in root.iter() if local(element) == "TextCode" and element.text]
    where = Where.COMMENT if "annot" in name.lower() else Where.HEADER if "tpl" in name.lower() else Where.BODY
    tray.add("\n".join(lines), where, path)
    tray.add("".join(lines), where, path)
    others = [
        element.text.strip()
        for element in root.iter()
        if isinstance(element.tag, str)
        and local(element) != "TextCode"
        and element.text
        and element.text.strip()
        and not len(element)
    ]
    tray.add("\n".join(others), Where.PROPERTIES, path)
    return len(lines)
