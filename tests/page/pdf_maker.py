"""A PDF of one page in Chinese, with a text at a chosen place."""

from html import escape

# The codes of the font are UTF-16, and this map says so: no font file is needed to read the text.
_MAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
)
_FONT = b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
_CID_FONT = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>"
# Where a text is drawn, and how.
_DRAWN = {
    "body": "BT /F1 9 Tf 20 720 Td <{}> Tj ET",
    "invisible": "BT /F1 9 Tf 3 Tr 20 720 Td <{}> Tj ET",
    "white": "BT 1 g /F1 9 Tf 20 720 Td <{}> Tj ET",
    "outside the page": "BT /F1 9 Tf 20 2720 Td <{}> Tj ET",
    "layer switched off": "/OC /L1 BDC BT /F1 9 Tf 20 720 Td <{}> Tj ET EMC",
    "header": "/Artifact <</Type/Pagination/Subtype/Header>> BDC BT /F1 9 Tf 20 790 Td <{}> Tj ET EMC",
}


class _Objects:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def add(self, body: bytes) -> int:
        self.bodies.append(body)
        return len(self.bodies)

    def stream(self, data: bytes, head: bytes = b"") -> int:
        return self.add(b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(data), data))

    def file(self, root: int, about: int) -> bytes:
        out, places = bytearray(b"%PDF-1.7\n"), []
        for number, body in enumerate(self.bodies, 1):
            places.append(len(out))
            out += b"%d 0 obj%s\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(b"%010d 00000 n \n" % at for at in places)
        out += b"trailer<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, root, about, start)
        return bytes(out)


def _hex(text: str) -> str:
    return text.encode("utf-16-be").hex()


def _string(text: str) -> bytes:
    return f"<feff{_hex(text)}>".encode()


def pdf_at(place: str, text: str, attached: bytes = b"") -> bytes:
    """`place`: one of _DRAWN, or comment, free text, form field, form data, bookmark, properties, XMP, embedded, on a comment."""
    objects = _Objects()
    font = objects.add(_FONT % (objects.add(_CID_FONT), objects.stream(_MAP)))
    layer = objects.add(b"<</Type/OCG/Name(L)>>")
    drawing = [_DRAWN["body"].format(_hex("通知公告"))] if place != "body" else []
    drawing += [_DRAWN[place].format(_hex(text))] if place in _DRAWN else []
    content = objects.stream("\n".join(drawing).encode())
    annotation, form = _annotation(objects, place, text, attached)
    page = objects.add(
        b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<</Font<</F1 %d 0 R>>/Properties<</L1 %d 0 R>>>>%s>>"
        % (len(objects.bodies) + 2, content, font, layer, b"/Annots[%d 0 R]" % annotation if annotation else b"")
    )
    pages = objects.add(b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % page)
    more = form + b"/OCProperties<</OCGs[%d 0 R]/D<</OFF[%d 0 R]/Order[]>>>>" % (layer, layer)
    root = objects.add(b"<</Type/Catalog/Pages %d 0 R%s%s>>" % (pages, more, _about(objects, place, text, attached)))
    return objects.file(root, objects.add(b"<</Title %s>>" % _string(text if place == "properties" else "通知")))


def _specification(objects: _Objects, attached: bytes) -> int:
    file = objects.stream(attached, b"/Type/EmbeddedFile")
    return objects.add(b"<</Type/Filespec/F(a.bin)/UF(a.bin)/EF<</F %d 0 R>>>>" % file)


def _annotation(objects: _Objects, place: str, text: str, attached: bytes) -> tuple[int, bytes]:
    """Number of the annotation, and what the catalogue says of forms."""
    rect = b"/Rect[9 9 90 90]"
    if place in {"comment", "free text"}:
        kind = b"Text" if place == "comment" else b"FreeText/DA(/F1 9 Tf)"
        return objects.add(b"<</Type/Annot/Subtype/%s%s/Contents %s>>" % (kind, rect, _string(text))), b""
    if place == "on a comment":
        return objects.add(b"<</Type/Annot/Subtype/FileAttachment%s/FS %d 0 R>>" % (rect, _specification(objects, attached))), b""
    if place == "form field":
        number = len(objects.bodies) + 1
        field = objects.add(b"<</FT/Tx/T(a)/V %s/Kids[%d 0 R]>>" % (_string(text), number + 1))
        return objects.add(
            b"<</Type/Annot/Subtype/Widget%s/Parent %d 0 R>>" % (rect, field)
        ), b"/AcroForm<</Fields[%d 0 R]>>" % field
    if place == "form data":
        data = objects.stream(f"<xfa:datasets><xfa:data><a>{escape(text)}</a></xfa:data></xfa:datasets>".encode())
        return 0, b"/AcroForm<</Fields[]/XFA[(datasets) %d 0 R]>>" % data
    return 0, b""


def _about(objects: _Objects, place: str, text: str, attached: bytes) -> bytes:
    if place == "bookmark":
        entry = objects.add(b"<</Title %s/Parent %d 0 R>>" % (_string(text), len(objects.bodies) + 2))
        return b"/Outlines %d 0 R" % objects.add(b"<</First %d 0 R/Last %d 0 R/Count 1>>" % (entry, entry))
    if place == "XMP":
        packet = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:description>{escape(text)}</dc:description></x:xmpmeta>"
        return b"/Metadata %d 0 R" % objects.stream(packet.encode(), b"/Type/Metadata/Subtype/XML")
    if place == "embedded":
        return b"/Names<</EmbeddedFiles<</Names[(a.bin) %d 0 R]>>>>" % _specification(objects, attached)
    return b""


def locked_pdf() -> bytes:
    """A PDF that asks for a password: nobody knows the one that its keys were made of."""
    body = pdf_at("body", "通知")
    lock = b"<</Filter/Standard/V 2/R 3/Length 128/P -44/O <%s>/U <%s>>>" % (b"5a" * 32, b"a5" * 32)
    return body.replace(b"trailer<<", b"trailer<</Encrypt %s/ID[<00><00>]" % lock)
