"""Small documents of every format, with a text planted at a chosen place."""

import email
import email.message
import email.policy
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
from openpyxl.comments import Comment

Maker = Callable[[str], bytes]

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>{}</dc:description></cp:coreProperties>'
)


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _paragraph(text: str, run: str = "") -> str:
    return f"<w:p><w:r>{run}<w:t>{text}</w:t></w:r></w:p>"


def docx(body: str = "通知", **more: str | bytes) -> bytes:
    """`more` are further parts by a name in which __ stands for / and _DOT_ for a dot."""
    document = f"<w:document {_W}><w:body>{body if body.startswith('<') else _paragraph(body)}</w:body></w:document>"
    named = {name.replace("__", "/").replace("_DOT_", "."): data for name, data in more.items()}
    return zipped({"[Content_Types].xml": _TYPES, "word/document.xml": document, **named})


def pptx(body: str = "通知", **more: str | bytes) -> bytes:
    named = {name.replace("__", "/").replace("_DOT_", "."): data for name, data in more.items()}
    return zipped({"[Content_Types].xml": _TYPES, "ppt/presentation.xml": "<p/>", "ppt/slides/slide1.xml": slide(body), **named})


def slide(text: str, show: str = "") -> str:
    return f"<p:sld {_P} {_A} {show}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>"


def xlsx(place: str, text: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["序号", "内容"])
    if place == "body":
        sheet.append([1, text])
    elif place == "hidden":
        hidden = book.create_sheet("隐藏")
        hidden.append([text])
        hidden.sheet_state = "veryHidden"
    elif place == "hidden row":
        sheet.append([1, text])
        sheet.row_dimensions[2].hidden = True
    elif place == "header":
        sheet.oddHeader.center.text = text
    elif place == "comment":
        sheet["A1"].comment = Comment(text, "editor")
    elif place == "properties":
        book.properties.description = text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pdf(body: str = "Notice", *, annotation: str = "", title: str = "", attached: bytes = b"", hidden: bool = False) -> bytes:
    """A PDF of one page, ASCII only; hidden text is drawn in render mode 3, which shows nothing."""
    mode = "3 Tr " if hidden else ""
    content = f"BT /F1 12 Tf {mode}72 720 Td ({body}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + (b"/Names<</EmbeddedFiles<</Names[(a.bin) 8 0 R]>>>>" if attached else b"") + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>"
        + (b"/Annots[6 0 R]" if annotation else b"")
        + b">>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents({annotation})>>".encode(),
        f"<</Title({title})>>".encode(),
        b"<</Type/Filespec/F(a.bin)/UF(a.bin)/EF<</F 9 0 R>>>>",
        b"<</Type/EmbeddedFile/Length %d>>stream\n%s\nendstream" % (len(attached), attached),
    ]
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, data in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, data)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R/Info 7 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def ods(cell: str = "通知", comment: str = "", header: str = "", meta: str = "", hidden: str = "") -> bytes:
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    table = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    style = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    note = f"<office:annotation><text:p>{comment}</text:p></office:annotation>" if comment else ""

    def sheet(name: str, text: str, more: str = "") -> str:
        value = f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>{more}</table:table-cell>'
        return f'<table:table table:name="{name}"><table:table-row>{value}</table:table-row></table:table>'

    content = (
        f"<office:document-content {office} {table}><office:body><office:spreadsheet>{sheet('表1', cell, note)}"
        f"{sheet('隐藏', hidden) if hidden else ''}</office:spreadsheet></office:body></office:document-content>"
    )
    styles = f"<office:document-styles {office} {table} {style}><style:header><text:p>{header}</text:p></style:header></office:document-styles>"
    metadata = f"<office:document-meta {office}><office:meta><x>{meta}</x></office:meta></office:document-meta>"
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "styles.xml": styles,
            "meta.xml": metadata,
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        }
    )


def ofd(
    body: str = "通知",
    *,
    annotation: str = "",
    remark: str = "",
    template: str = "",
    title: str = "",
    attached: bytes = b"",
    visible: bool = True,
) -> bytes:
    sight = "" if visible else ' Visible="false"'

    def page(text: str, more: str = "") -> str:
        return f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:TextObject{sight}><ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject>{more}</ofd:Page>'

    return zipped(
        {
            "OFD.xml": f'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Title>{title}</ofd:Title></ofd:OFD>',
            "Doc_0/Pages/Page_0/Content.xml": page(body),
            "Doc_0/Tpls/Tpl_0/Content.xml": page(template),
            "Doc_0/Annots/Page_0/Annotation.xml": page(annotation, f"<ofd:Annot><ofd:Remark>{remark}</ofd:Remark></ofd:Annot>"),
            "Doc_0/Attachs/a.bin": attached or "x",
        }
    )


def rtf(
    body: str = "notice", *, hidden: str = "", header: str = "", comment: str = "", info: str = "", attached: bytes = b""
) -> bytes:
    def escaped(text: str) -> str:
        return "".join(sign if sign.isascii() else "".join(f"\\'{byte:02x}" for byte in sign.encode("gb18030")) for sign in text)

    parts = [r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 Arial;}}"]
    parts += [rf"{{\info{{\title {escaped(info)}}}}}"] if info else []
    parts += [rf"{{\header {escaped(header)}\par}}"] if header else []
    parts += [rf"\pard {escaped(body)}\par "]
    parts += [rf"{{\v {escaped(hidden)}}}"] if hidden else []
    parts += [rf"{{\*\annotation {escaped(comment)}}}"] if comment else []
    parts += [rf"{{\object{{\*\objdata {attached.hex()}}}}}"] if attached else []
    return ("".join(parts) + "}").encode("ascii")


def eml(
    body: str = "通知",
    *,
    header: str = "",
    comments: str = "",
    attached: bytes = b"",
    filename: str = "a.bin",
    html_only: str = "",
    forwarded: bytes = b"",
) -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@qingshan.gov.cn", "b@qingshan.gov.cn", header or "notice"
    message["MIME-Version"] = "1.0"
    if comments:
        message["Comments"] = comments
    message.set_content(body)
    if html_only:
        message.add_alternative(f"<p style='display:none'>{html_only}</p>", subtype="html")
    if attached:
        message.add_attachment(attached, maintype="application", subtype="octet-stream", filename=filename)
    if forwarded:
        message.add_attachment(email.message_from_bytes(forwarded, policy=email.policy.default))
    return message.as_bytes()


def tar_gz(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def rar(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    """RAR 4 with stored files: marker, archive head, the block of a comment, one head and the bytes for each file."""

    def block(kind: int, flags: int, rest: bytes) -> bytes:
        head = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
        return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head

    out = b"Rar!\x1a\x07\x00" + block(0x73, 0, b"\0" * 6) + comment
    for name, data in files.items():
        rest = (
            struct.pack("<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x5A000000, 20, 0x30, len(name), 0x20)
            + name.encode()
        )
        out += block(0x74, 0x8000, rest) + data
    return out + block(0x7B, 0x4000, b"")


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file of version 3 with streams at the root, or in one storage (`Storage/stream`); all in big sectors."""
    entries: list[tuple[str, int, bytes, int]] = [("Root Entry", 5, b"", -1)]
    for name, data in streams.items():
        storage, _, leaf = name.rpartition("/")
        parent = 0
        if storage:
            known = [at for at, entry in enumerate(entries) if entry[0] == storage]
            if not known:
                entries.append((storage, 1, b"", 0))
            parent = known[0] if known else len(entries) - 1
        entries.append((leaf, 2, data + b"\0" * max(0, 4096 - len(data)), parent))
    sectors: list[bytes] = []
    chain: list[int] = []
    starts: dict[int, int] = {}
    for at, (_, kind, data, _) in enumerate(entries):
        if kind == 2:
            starts[at] = len(sectors)
            blocks = [data[i : i + 512].ljust(512, b"\0") for i in range(0, len(data), 512)]
            chain += [*range(len(sectors) + 1, len(sectors) + len(blocks)), 0xFFFFFFFE]
            sectors += blocks
    directory = b"".join(_entry(entries, at, starts) for at in range(len(entries)))
    first_directory = len(sectors)
    blocks = [directory[i : i + 512].ljust(512, b"\0") for i in range(0, len(directory), 512)]
    chain += [*range(len(sectors) + 1, len(sectors) + len(blocks)), 0xFFFFFFFE]
    sectors += blocks
    tables = 1
    while (len(chain) + tables) > tables * 128:
        tables += 1
    first_table = len(sectors)
    chain += [0xFFFFFFFD] * tables
    packed = b"".join(struct.pack("<I", value) for value in chain).ljust(tables * 512, b"\xff")
    sectors += [packed[i : i + 512] for i in range(0, len(packed), 512)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, tables, first_directory, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += b"".join(struct.pack("<I", first_table + n if n < tables else 0xFFFFFFFF) for n in range(109))
    return head + b"".join(sectors)


def _entry(entries: list[tuple[str, int, bytes, int]], at: int, starts: dict[int, int]) -> bytes:
    """A directory entry; the children of a storage hang on one another to the right, in the order that the format asks for."""
    name, kind, data, parent = entries[at]

    def children(of: int) -> list[int]:
        found = [i for i, entry in enumerate(entries) if entry[3] == of]
        return sorted(found, key=lambda i: (len(entries[i][0]), entries[i][0].upper()))

    siblings = children(parent) if at else [0]
    place = siblings.index(at)
    right = siblings[place + 1] if place + 1 < len(siblings) else 0xFFFFFFFF
    child = (children(at) or [0xFFFFFFFF])[0]
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw) + 2, kind, 1) + struct.pack("<III", 0xFFFFFFFF, right, child)
    return head + b"\0" * 36 + struct.pack("<IQ", starts.get(at, 0xFFFFFFFE if kind == 5 else 0), len(data))


def word_streams(text: str, *, encrypted: bool = False) -> dict[str, bytes]:
    """WordDocument and 1Table with one piece of UTF-16."""
    raw = text.encode("utf-16-le")
    stream = bytearray(2048)
    struct.pack_into("<6H", stream, 0, 0xA5EC, 0xC1, 0, 0, 0, 0x0200 | (0x0100 if encrypted else 0))
    pieces = struct.pack("<2I", 0, len(raw) // 2) + struct.pack("<HIH", 0, 2048, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<2I", stream, 0x01A2, 0, len(clx))
    return {"WordDocument": bytes(stream) + raw, "1Table": clx}


def doc(text: str, **more: bytes) -> bytes:
    return ole({**word_streams(text), **{name.replace("__", "/"): data for name, data in more.items()}})
