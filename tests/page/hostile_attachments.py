"""Hostile attachments by kind: bombs, cut off, encrypted, wrongly named, nested without end, too long, entities, paths that lead out."""

import bz2
import gzip
import io
import itertools
import lzma
import os
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from govcrawl.page.attachments import Limits
from tests.page import attachment_makers as make
from tests.page import binary_makers as binary
from tests.page import office_makers as office
from tests.page.attachment_matrix import MATRIX, Maker
from tests.page.pdf_maker import locked_pdf, pdf_at

# Smaller than those of the crawl where bombs would have to be larger; the memory is the crawl's own.
LIMITS = Limits(unpacked_bytes=20_000_000, files=300, rows=5_000, text_characters=2_000_000, pages=200, seconds=120)
TEXT = "身份证号 11010519491231002X"
CANARY = "govcrawl-escaped"
READ = "read"  # what is expected of a file that is odd but can be read
ANY = "any"  # read, or told
_BOMB_BYTES = 4_000_000
_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@dataclass(frozen=True, slots=True)
class Case:
    """One file. `expected`: a word of the reason that must be given ("" for any), READ or ANY."""

    kind: str
    name: str
    maker: Callable[[], bytes]
    expected: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def _ole(streams: dict[str, bytes]) -> bytes:
    return make.ole(streams)


def _bombs() -> Iterator[Case]:
    payloads = {"zeros": b"\0" * _BOMB_BYTES, "digits": b"0" * _BOMB_BYTES, "a line": "张三,女\n".encode() * 400_000}
    packers: dict[str, Callable[[bytes], bytes]] = {
        "zip": lambda data: make.zipped({"a.txt": data}),
        "zip in zip": lambda data: make.zipped({"a.zip": make.zipped({"a.txt": data})}),
        "gzip": gzip.compress,
        "bzip2": bz2.compress,
        "xz": lzma.compress,
        "tar.gz": lambda data: make.tar_gz({"a.txt": data}),
        "7z": lambda data: office.seven_zip({"a.txt": data}),
        "docx": lambda data: make.docx(word__header1_DOT_xml=data),
        "docx object": lambda data: make.docx(word__embeddings__a_DOT_bin=data),
        "pptx": lambda data: make.pptx(ppt__slides__slide9_DOT_xml=data),
        "xlsx": lambda data: office.xlsx_with({"xl/worksheets/sheet9.xml": data}),
        "odt": lambda data: make.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": data}),
        "ofd": lambda data: make.zipped({"OFD.xml": "<a/>", "Doc_0/Content.xml": data}),
    }
    for (packed, packer), (called, data) in itertools.product(packers.items(), payloads.items()):
        yield Case("bomb", f"{called} in {packed}", lambda packer=packer, data=data: packer(data), "")
    yield Case("bomb", "object of a slide", lambda: binary.ppt_at("nested", "", b"\0" * _BOMB_BYTES), "")
    yield Case(
        "bomb", "thirty pieces", lambda: make.zipped({f"{n}.txt": os.urandom(1) * 900_000 for n in range(30)}), "unpacks to more"
    )
    yield Case("bomb", "an entry that states one byte", _liar, "damaged")


def _liar() -> bytes:
    body = bytearray(make.zipped({"a.txt": "0" * 1_500_000}))
    at = body.index(b"PK\x01\x02")
    body[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(body)


def _maker(name: str, place: str) -> Maker:
    """The first way that a format has for the place."""
    cell = MATRIX[name][place]
    if isinstance(cell, str):
        raise KeyError(f"{name}: {cell}")
    return next(iter(cell.values()))


# Of a text nobody can tell that it was cut.
_WITH_AN_END = (
    "pdf",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "ppt",
    "pptx",
    "rtf",
    "zip",
    "7z",
    "rar",
    "tar.gz",
    "ofd",
    "odt",
    "ods",
    "odp",
)


def _truncated() -> Iterator[Case]:
    for name in _WITH_AN_END:
        whole = _maker(name, "body")
        for share in (0.1, 0.3, 0.5, 0.7, 0.9):
            yield Case("truncated", f"{name} at {share}", lambda whole=whole, share=share: _cut(whole(TEXT), share), "")


def _cut(body: bytes, share: float) -> bytes:
    return body[: max(12, int(len(body) * share))]


def _flagged_zip(method: int = 8) -> bytes:
    body = bytearray(make.zipped({"a.txt": "x"}))
    central = body.index(b"PK\x01\x02")
    for flag, way in ((6, 8), (central + 8, central + 10)):
        body[flag] |= 1
        struct.pack_into("<H", body, way, method)
    return bytes(body)


def _locked_rar4(*, head: bool) -> bytes:
    """The flag of the archive's head says that all heads are encrypted; that of a file's that its data is."""
    body = bytearray(make.rar({"a.txt": b"x" * 64}))
    at = 7 if head else 20
    struct.pack_into("<H", body, at + 3, struct.unpack_from("<H", body, at + 3)[0] | (0x80 if head else 0x04))
    (size,) = struct.unpack_from("<H", body, at + 5)
    struct.pack_into("<H", body, at, zlib.crc32(body[at + 2 : at + size]) & 0xFFFF)
    return bytes(body)


def _locked_rar5() -> bytes:
    """The first block says that all that follow are encrypted."""
    head = b"\x04\x00\x00\x00\x0f" + bytes(16)
    head = bytes([len(head)]) + head
    return b"Rar!\x1a\x07\x01\x00" + struct.pack("<I", zlib.crc32(head)) + head + bytes(range(64))


def _sealed_mail(kind: str) -> bytes:
    head = f"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
    return head.encode() + b"Content-Transfer-Encoding: base64\r\n\r\nMIIBxQYJKoZIhvcNAQcDoIIBtjCCAbI=\r\n"


def _encrypted() -> Iterator[Case]:
    package = {"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000}
    locked: dict[str, Callable[[], bytes]] = {
        "zip": _flagged_zip,
        "zip with AES": lambda: _flagged_zip(99),
        "7z, list of files": office.locked_seven_zip,
        "rar 4, heads": lambda: _locked_rar4(head=True),
        "rar 4, a file": lambda: _locked_rar4(head=False),
        "rar 5": _locked_rar5,
        "doc": lambda: make.ole(make.word_streams("x", encrypted=True)),
        "xls": lambda: _ole({"Workbook": binary._begin(5) + binary._record(0x2F, bytes(54))}),
        "ppt": lambda: _ole({"PowerPoint Document": binary._holder(0x03E8) + binary._atom(0x2F14, bytes(40), 0xF)}),
        "docx, xlsx, pptx": lambda: _ole(package),
        "pdf": locked_pdf,
        "odt": office.locked_open_document,
        "ofd": lambda: make.zipped({"OFD.xml": "<a/>", "Encryptions.xml": "<a/>", "Doc_0/Content.xml": bytes(range(256))}),
        "mail, S/MIME": lambda: _sealed_mail("application/pkcs7-mime; smime-type=enveloped-data"),
        "mail, PGP": lambda: _sealed_mail("application/pgp-encrypted"),
    }
    for name, maker in locked.items():
        yield Case("encrypted", name, maker, "encrypted")
        yield Case("encrypted", f"{name}, in a zip", lambda maker=maker: make.zipped({"a.bin": maker()}), "encrypted")


def _wrong_extension() -> Iterator[Case]:
    """Their text can be read, so they are inspected as if they were called what they are."""
    names = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "rtf", "zip", "rar", "ofd", "eml", "ods")
    for name, extension in itertools.product(names, ("jpg", "pdf.exe", "txt")):
        yield Case("wrong extension", f"{name} called a.{extension}", lambda name=name: _maker(name, "body")(TEXT), READ)


def _wrapped(pack: Callable[[bytes], bytes], times: int) -> bytes:
    body = TEXT.encode()
    for _ in range(times):
        body = pack(body)
    return body


def _recursive() -> Iterator[Case]:
    packers: dict[str, Callable[[bytes], bytes]] = {
        "zip": lambda body: make.zipped({"a": body}),
        "gzip": lambda body: gzip.compress(body, mtime=0),
        "tar": lambda body: make.tar_gz({"a": body}, "w:"),
        "docx": lambda body: make.docx(word__embeddings__a_DOT_bin=body),
        "ole": lambda body: _ole({"Package": body}),
        "mail": lambda body: make.eml(attached=body),
        "pdf": lambda body: pdf_at("embedded", "", body),
    }
    for (name, pack), times in itertools.product(packers.items(), (7, 12)):
        yield Case("recursive", f"{name} {times} times", lambda pack=pack, times=times: _wrapped(pack, times), "nested deeper")
    wide = lambda body: make.zipped({f"{n}.zip": body for n in range(20)})  # noqa: E731 - one of its kind
    yield Case("recursive", "a tree of zips", lambda: _wrapped(wide, 3), "more than 300 files")


def _sheet_of(rows: Iterator[str] | list[str]) -> bytes:
    data = f"<worksheet {_SHEET}><sheetData>{''.join(rows)}</sheetData></worksheet>"
    source = zipfile.ZipFile(io.BytesIO(make.xlsx("", "")))
    return make.zipped({name: data if name == "xl/worksheets/sheet1.xml" else source.read(name) for name in source.namelist()})


def _ods_of(table: str) -> bytes:
    body = office.open_document("spreadsheet", "body", TEXT)
    source = zipfile.ZipFile(io.BytesIO(body))
    files = {name: source.read(name) for name in source.namelist()}
    files["content.xml"] = files["content.xml"].replace(b"<table:table-row>", table.encode(), 1)
    return make.zipped(files)


def _long() -> Iterator[Case]:
    million = 1_000_000
    cells = '<c r="A{0}"><v>{0}</v></c>'
    yield Case("10^6 rows", "csv", lambda: b"1,x\n" * million, "characters")
    yield Case("10^6 rows", "tsv", lambda: b"1\tx\n" * million, "characters")
    yield Case("10^6 rows", "xlsx", lambda: _sheet_of(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, million + 1)), "")
    yield Case(
        "10^6 rows", "xlsx, an empty million", lambda: _sheet_of([f'<row r="{million}">{cells.format(million)}</row>']), "rows"
    )
    far = '<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
    yield Case("10^6 rows", "xlsx, two corners", lambda: _sheet_of([far.format(1, "A"), far.format(1_048_576, "XFD")]), "")
    wide = '<row r="1"><c r="{}1"><v>1</v></c></row>'
    yield Case("10^6 rows", "xlsx, wide", lambda: _sheet_of([wide.format("XFD"), far.format(4000, "A")]), ANY)
    repeated = '<table:table-row table:number-rows-repeated="{}"><table:table-cell office:value-type="string" table:number-columns-repeated="{}"><text:p>x</text:p></table:table-cell></table:table-row><table:table-row>'
    yield Case("10^6 rows", "ods, repeated", lambda: _ods_of(repeated.format(million, 1)), "")
    yield Case("10^6 rows", "ods, repeated both ways", lambda: _ods_of(repeated.format(million, 16384)), "")
    yield Case("10^6 rows", "rtf", lambda: b"{\\rtf1 " + b"\\cell a\\row " * 400_000 + b"}", ANY)
    yield Case("10^6 rows", "docx, paragraphs", lambda: make.docx("<w:p><w:r><w:t>abc</w:t></w:r></w:p>" * 300_000), "")
    yield Case("10^6 rows", "pdf, pages", lambda: _many_pages(400), "more than 200 pages")
    yield Case(
        "10^6 rows", "zip, files", lambda: make.zipped({f"{number}.txt": "x" for number in range(2000)}), "more than 300 files"
    )
    yield Case(
        "10^6 rows", "tar, files", lambda: make.tar_gz({f"{number}.txt": b"x" for number in range(2000)}), "more than 300 files"
    )
    yield Case("10^6 rows", "mail, parts", _many_parts, "more than 300 files")


def _many_pages(count: int) -> bytes:
    """One page, named over and over."""
    body = pdf_at("body", TEXT)
    start = body.index(b"/Kids[") + 6
    page = body[start : body.index(b"]", start)]
    return body.replace(b"/Kids[%s]/Count 1" % page, b"/Kids[%s]/Count %d" % (b" ".join([page] * count), count))


def _many_parts() -> bytes:
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(1000))
    return (
        b'From: a@b.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        + parts
        + b"--b--\r\n"
    )


def _entities() -> Iterator[Case]:
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    kinds = {
        "a billion laughs": laughs,
        "a file of the system": '<!DOCTYPE l [<!ENTITY c SYSTEM "file:///etc/passwd">]>',
        "an address": '<!DOCTYPE l [<!ENTITY % d SYSTEM "http://127.0.0.1:9/evil.dtd"> %d; <!ENTITY c "x">]>',
    }
    holders: dict[str, Callable[[str | bytes], bytes]] = {
        "docx": lambda xml: make.docx(word__header1_DOT_xml=xml),
        "pptx": lambda xml: make.pptx(ppt__slides__slide2_DOT_xml=xml),
        "xlsx": lambda xml: office.xlsx_with({"xl/comments9.xml": xml}),
        "odt": lambda xml: make.zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": xml}),
        "ofd": lambda xml: make.zipped({"OFD.xml": "<a/>", "Doc_0/Content.xml": xml}),
    }
    for (name, hold), (called, head) in itertools.product(holders.items(), kinds.items()):
        xml = f"{head}<w:document {make._W} a='&c;'><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:document>"
        yield Case("XML entities", f"{called} in {name}", lambda hold=hold, xml=xml: hold(xml), "entities")
        wide = xml.encode("utf-16")
        yield Case("XML entities", f"{called} in {name}, UTF-16", lambda hold=hold, wide=wide: hold(wide), "entities")


def _paths() -> Iterator[Case]:
    names = {
        "up": f"../../{CANARY}",
        "up, from within": f"a/../../../{CANARY}",
        "from the root": f"/tmp/{CANARY}",  # noqa: S108 - where nothing may be written
        "of Windows": f"..\\..\\{CANARY}",
        "of a drive": f"C:\\{CANARY}",
    }
    packers: dict[str, Callable[[str], bytes]] = {
        "zip": lambda name: make.zipped({name: TEXT}),
        "tar.gz": lambda name: make.tar_gz({name: TEXT.encode()}),
        "rar 4": lambda name: make.rar({name: TEXT.encode()}),
        "rar 5": lambda name: binary.rar5({name: TEXT.encode()}),
        "7z": lambda name: office.seven_zip({name: TEXT.encode()}),
    }
    for (packed, pack), (called, name) in itertools.product(packers.items(), names.items()):
        yield Case("path traversal", f"{called} in {packed}", lambda pack=pack, name=name: pack(name), "outside the archive")
    for called, kind in (
        ("symbolic link", tarfile.SYMTYPE),
        ("hard link", tarfile.LNKTYPE),
        ("device", tarfile.CHRTYPE),
        ("pipe", tarfile.FIFOTYPE),
    ):
        yield Case("path traversal", f"{called} in tar", lambda kind=kind: _odd_tar(kind), "a link or a device")


def _odd_tar(kind: bytes) -> bytes:
    """A link that leads out, and a file that would be written through it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        link = tarfile.TarInfo("way")
        link.type, link.linkname = kind, "/tmp"  # noqa: S108 - where the link leads
        archive.addfile(link)
        file = tarfile.TarInfo(f"way/{CANARY}")
        file.size = 1
        archive.addfile(file, io.BytesIO(b"x"))
    return buffer.getvalue()


def _turned() -> Iterator[Case]:
    for number, name in zip(range(48), itertools.cycle(MATRIX), strict=False):
        place = "nested" if number % 2 and not isinstance(MATRIX[name]["nested"], str) else "body"
        maker = _maker(name, place)
        yield Case("bytes turned", f"{name} {number}", lambda maker=maker, number=number: _turn(maker(TEXT), number), ANY)


def _turn(body: bytes, seed: int) -> bytes:
    dice, turned = random.Random(seed), bytearray(body)
    for _ in range(dice.randrange(1, 30)):
        turned[dice.randrange(len(turned))] = dice.randrange(256)
    return bytes(turned)


def _loop() -> bytes:
    """A compound file whose table of sectors leads in a circle."""
    body = bytearray(make.doc("通知" * 3000))
    table = 512 + 512 * struct.unpack_from("<I", body, 76)[0]
    struct.pack_into("<4I", body, table, 1, 2, 0, 0)
    return bytes(body)


def _no_document() -> Iterator[Case]:
    heads = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"\x1f\x8b\x08",
             b"BZh9", b"\xfd7zXZ\x00", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"MZ\x90\0\3\0", b"\x7fELF", b"SQLite format 3\0", b"\0\0\0\x20ftypmp42")  # fmt: skip
    for head in heads:
        yield Case("no document", f"a head alone, {head[:4]!r}", lambda head=head: head + bytes(200), "")
    yield Case("no document", "empty", lambda: b"", "empty")
    yield Case("no document", "noise", lambda: random.Random(1).randbytes(50_000), "")
    yield Case("no document", "deep groups", lambda: b"{\\rtf1" + b"{" * 100_000, "nested too deep")
    yield Case("no document", "deep XML", lambda: make.docx("<w:sdt>" * 200_000 + "</w:sdt>" * 200_000), ANY)
    yield Case("no document", "a circle of sectors", _loop, ANY)
    yield Case(
        "no document", "a pdf whose page is its own parent", lambda: pdf_at("body", "").replace(b"/Kids[", b"/Kids[8 0 R "), ANY
    )


def cases() -> list[Case]:
    """All of them, kind by kind."""
    makers = (_bombs, _truncated, _encrypted, _wrong_extension, _recursive, _long, _entities, _paths, _turned, _no_document)
    return [case for maker in makers for case in maker()]


def few(count: int = 4) -> list[Case]:
    """Some of every kind, spread over it."""
    kinds: dict[str, list[Case]] = {}
    for case in cases():
        kinds.setdefault(case.kind, []).append(case)
    return [all_of[at * (len(all_of) - 1) // (count - 1)] for all_of in kinds.values() for at in range(count)]
