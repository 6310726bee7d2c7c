"""The encoding of a page: all nine cases that detectors of encodings get wrong."""

import codecs

import pytest

from govcrawl.page.decode import decode
from govcrawl.page.model import Page

TITLE = "青山县人民政府信息公开"
MARKUP = f"<html><head><title>{TITLE}</title></head><body>{'<p>plain ascii text</p>' * 40}</body></html>"


def declared(charset, text=MARKUP):
    return text.replace("<head>", f'<head><meta charset="{charset}">')


CASES = [
    ("undeclared GBK, mostly ASCII", MARKUP.encode("gbk"), ""),
    ("header utf-8, body GBK", MARKUP.encode("gbk"), "text/html; charset=utf-8"),
    ("header gbk, body utf-8", MARKUP.encode(), "text/html; charset=gbk"),
    ("header ISO-8859-1, meta utf-8", declared("utf-8").encode(), "text/html; charset=ISO-8859-1"),
    ("header ISO-8859-1, body GBK", declared("gb2312").encode("gbk"), "text/html; charset=ISO-8859-1"),
    ("a typing error in the meta", MARKUP.replace("<head>", '<head><meta charset="uft-8">').encode("gbk"), ""),
    ("utf-8 with its last character cut", declared("utf-8").encode() + "县".encode()[:2], ""),
    ("UTF-8 with BOM under another label", codecs.BOM_UTF8 + MARKUP.encode(), "text/html; charset=gb2312"),
    ("UTF-16 with BOM", codecs.BOM_UTF16_LE + MARKUP.encode("utf-16-le"), ""),
]


@pytest.mark.parametrize(("body", "content_type"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_case_of_the_wild_is_read(body, content_type):
    assert f"<title>{TITLE}</title>" in decode(body, content_type).text


def test_a_short_title_in_gbk_is_read():
    assert decode("<title>民政局通知</title>".encode("gbk")).text == "<title>民政局通知</title>"


def test_characters_of_four_bytes_are_read():
    assert decode("<title>𠮷林𪚥</title>".encode("gb18030")).text == "<title>𠮷林𪚥</title>"


def test_a_label_of_gb2312_means_its_superset():
    decoded = decode(declared("gb2312", "<head></head><p>朱镕基同志与喆</p>").encode("gbk"))
    assert "朱镕基同志与喆" in decoded.text
    assert (decoded.encoding, decoded.path) == ("gb18030", "declared")


def test_declared_big5_is_read():
    assert "民政局通知" not in decode(declared("big5", "<head></head><p>澳門特別行政區</p>").encode("big5")).text
    assert "澳門特別行政區" in decode(declared("big5", "<head></head><p>澳門特別行政區</p>").encode("big5")).text


def test_damage_costs_only_the_damaged_place():
    text = decode(declared("utf-8").encode() + b"\xff\xfe" + "民政局".encode()).text
    assert TITLE in text
    assert "民政局" in text


@pytest.mark.parametrize("label", ["base64", "hex", "undefined", "idna", "unicode_escape", "zlib", "\x00", "utf-7", "a" * 40])
def test_a_label_that_is_no_encoding_of_text_is_passed_over(label):
    assert TITLE in decode(MARKUP.encode("gbk"), f"text/html; charset={label}").text


def test_how_it_was_decided_is_told():
    assert [decode(body, kind).path for body, kind in ((b"<p>a</p>", ""), (MARKUP.encode(), ""), (MARKUP.encode("gbk"), ""))] == [
        "ascii",
        "strict",
        "strict",
    ]


@pytest.mark.parametrize("content_type", ["", "text/html"])
def test_a_page_in_utf_16_is_a_page(content_type):
    """Browsers show it; taken for a binary it would be a place where nobody looks."""
    page = Page("http://a.test/", "<title>青山县</title><p>通知".encode("utf-16"), headers={"content-type": content_type})
    assert (page.is_document, page.title, page.text) == (False, "青山县", "通知")
