"""Hostile attachments cost one attachment: no crash, no file, memory bounded, and each says why it was not inspected."""

import gzip
import io
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from govcrawl.page.attachments import ExtractorPool, Limits
from govcrawl.page.attachments.reader import extract
from tests.page import attachment_makers as make

_LIMITS = Limits(unpacked_bytes=20_000_000, files=300, rows=2_000, text_characters=2_000_000, seconds=20)
_LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><w:document {}><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>'


def _encrypted_zip() -> bytes:
    """The flag that says so, in both heads; nobody gets as far as the password."""
    body = bytearray(make.zipped({"a.txt": "x"}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    return bytes(body)


def _recursive_zip(depth: int) -> bytes:
    body = make.zipped({"a.txt": "bottom"})
    for _ in range(depth):
        body = make.zipped({"a.zip": body})
    return body


def _many_files() -> bytes:
    return make.zipped({f"{number}.txt": "x" for number in range(350)})


def _liar() -> bytes:
    """A zip entry whose head states one byte."""
    body = bytearray(make.zipped({"a.txt": "0" * 1_500_000}))
    at = body.index(b"PK\x01\x02")
    body[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(body)


def named() -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes, and a word of the reason that must be given."""
    yield "zip bomb", make.zipped({"a.txt": "0" * 12_000_000}), "times its size"
    yield "zip bomb in pieces", make.zipped({f"{n}.txt": os.urandom(1) * 900_000 for n in range(30)}), "unpacks to more"
    yield "gzip bomb", gzip.compress(b"0" * 12_000_000), "times its size"
    yield "xz bomb", make.tar_gz({"a": b"0" * 12_000_000}, mode="w:xz"), "times its size"
    yield "xlsx bomb", make.zipped({"[Content_Types].xml": make._TYPES, "xl/workbook.xml": b" " * 12_000_000}), "times its size"
    yield "lying head", _liar(), "damaged"
    yield "recursive zip", _recursive_zip(9), "nested deeper"
    yield "many files", _many_files(), "more than 300 files"
    yield "many rows", ("a,b\n" * 300_000).encode(), "more than 2,000 rows"
    yield "encrypted zip", _encrypted_zip(), "encrypted"
    yield "encrypted doc", make.ole(make.word_streams("x", encrypted=True)), "encrypted"
    yield "encrypted office", make.ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 5000}), "encrypted"
    yield "XML entities", make.docx(word__header1_DOT_xml=_LAUGHS.format(make._W)), "entities"
    yield "deep groups", b"{\\rtf1" + b"{" * 100_000, "nested too deep"
    yield "path traversal", make.zipped({"../../etc/passwd": "x"}), "outside the archive"
    yield "absolute path", make.tar_gz({"/etc/passwd": b"x"}), "outside the archive"
    yield "scan", make.pdf(" ").replace(b"BT /F1 12 Tf", b"q Q %         "), ""
    yield "image", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "no text layer"
    yield "program", b"MZ\x90\0\3\0" + b"\0" * 100, "a program"
    yield "unknown", bytes(range(256)) * 20, "unknown binary"
    yield "empty", b"", "empty"
    yield "huge", b"PK\x03\x04" + b"\0" * 100, "damaged"


def truncated() -> Iterator[tuple[str, bytes]]:
    whole = {
        "docx": make.docx("x" * 3000), "xlsx": make.xlsx("body", "x"), "pdf": make.pdf("x"), "doc": make.doc("通知" * 500), "xls": make.xls("body", "x"),
        "ods": make.ods("x"), "ofd": make.ofd("x"), "rtf": make.rtf("x" * 500), "tar.gz": make.tar_gz({"a.txt": os.urandom(3000)}),
        "rar": make.rar({"a.txt": b"x" * 3000}), "zip": make.zipped({"a.txt": os.urandom(3000)}),
    }  # fmt: skip
    for name, body in whole.items():
        for share in (0.3, 0.6, 0.9):
            yield f"{name} cut at {share}", body[: int(len(body) * share)]


@pytest.mark.parametrize(("name", "body", "word"), [*named()], ids=lambda value: value if isinstance(value, str) else "")
def test_a_hostile_attachment_says_why_it_was_not_inspected(name: str, body: bytes, word: str) -> None:
    reasons = [unread.reason for unread in extract(body, "http://www.qingshan.gov.cn/a.bin", limits=_LIMITS).not_inspected]
    assert any(word in reason for reason in reasons) or not word, (name, reasons)


@pytest.mark.parametrize(("name", "body"), [*truncated()], ids=lambda value: value if isinstance(value, str) else "")
def test_a_truncated_attachment_is_never_taken_for_whole(name: str, body: bytes) -> None:
    assert extract(body, "a.bin", limits=_LIMITS).not_inspected, name


def test_bytes_turned_at_random_break_nothing() -> None:
    """In the process that the crawl uses, under its ceilings; 300 files with `-m slow`."""
    _turned(60)


@pytest.mark.slow
def test_three_hundred_files_with_bytes_turned_at_random_break_nothing() -> None:
    _turned(300)


def _turned(count: int) -> None:
    dice = random.Random(20251120)
    seeds = [make.docx("x"), make.xlsx("body", "x"), make.pdf("x"), make.doc("通知"), make.xls("body", "x"), make.ppt("x"), make.ods("x"), make.rtf("x"),
             make.eml("x"), make.rar({"a": b"x"}), make.tar_gz({"a": b"x"}), make.ofd("x")]  # fmt: skip
    with ExtractorPool(limits=_LIMITS) as pool:
        for number in range(count):
            body = bytearray(seeds[number % len(seeds)])
            for _ in range(dice.randrange(1, 30)):
                body[dice.randrange(len(body))] = dice.randrange(256)
            result = pool.extract(bytes(body), f"http://www.qingshan.gov.cn/{number}")
            assert result.parts or result.not_inspected


def test_a_wrong_extension_changes_nothing() -> None:
    assert extract(make.docx("柳树村"), "http://www.qingshan.gov.cn/a.pdf").format == "docx"


def test_nothing_is_written_to_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with ExtractorPool(limits=_LIMITS) as pool:
        for body in (make.zipped({"../../escaped.txt": "x", "/tmp/escaped.txt": "y"}), make.tar_gz({"../escaped.txt": b"x"})):  # noqa: S108
            assert pool.extract(body, "a.zip").parts
    assert not list(tmp_path.parent.glob("**/escaped.txt"))


def test_the_memory_of_the_reader_stays_below_its_ceiling() -> None:
    limits = Limits(memory_bytes=150_000_000, ratio=100_000, text_characters=2_000_000_000, seconds=120)
    body = make.zipped({"a.txt": "名".encode() + b"0" * 20_000_000})
    with ExtractorPool(limits=limits) as pool:
        assert any("memory" in unread.reason for unread in pool.extract(body, "a.zip").not_inspected)
        assert pool.extract(make.docx("柳树村"), "b.docx").parts
        pid = pool._idle.queue[0].process.pid
        peak_kb = next(
            int(line.split()[1]) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmPeak")
        )
    assert peak_kb * 1024 <= limits.memory_bytes


def test_an_attachment_that_takes_too_long_costs_only_itself() -> None:
    with ExtractorPool(limits=Limits(seconds=0.01)) as pool:
        assert "took longer" in pool.extract(make.docx("一"), "a.docx").not_inspected[0].reason
        pool.limits = Limits()
        assert pool.extract(make.docx("柳树村"), "b.docx").text.strip() == "柳树村"


def test_a_process_that_dies_is_replaced() -> None:
    with ExtractorPool() as pool:
        assert pool.extract(make.docx("一"), "a.docx").parts
        process = pool._idle.get()
        process.process.kill()
        process.process.wait()
        pool._idle.put(process)
        assert pool.extract(make.docx("二"), "b.docx").text.strip() == "二"


def test_the_same_bytes_under_many_addresses_are_read_once() -> None:
    with ExtractorPool() as pool:
        body = make.docx("一")
        first = pool.extract(body, "http://a.qingshan.gov.cn/1.docx")
        assert pool.extract(body, "http://b.qingshan.gov.cn/2.docx") is first


def test_names_of_chinese_zip_programs_are_readable() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mingdan.txt", "x")
    raw = buffer.getvalue().replace(b"mingdan.txt", "名单甲乙".encode("gbk") + b"txt")
    assert "名单甲乙txt" in extract(raw, "a.zip").text
