"""Which pictures of a page are taken for QR codes, and what is read in them."""

import base64
import random
import sys

import pytest

from govcrawl.page.codes import Limits, PicturePool, Reading, missing, pictures
from govcrawl.page.codes.reader import read
from govcrawl.page.model import Page
from tests.page import code_makers as make

URL = "http://www.qingshan.gov.cn/xw/"
LIMITS = Limits()


def named(html: str) -> list[str]:
    return [picture.address.removeprefix("http://www.qingshan.gov.cn/") for picture in pictures(Page(URL, html.encode()))]


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ('<img src="/images/qrcode.png">', "the file's name"),
        ('<img src="/images/ewm_01.jpg">', "二维码, abbreviated"),
        ('<img src="/images/erweima2.gif">', "二维码, spelled"),
        ('<img src="/images/wx.png">', "微信, abbreviated"),
        ('<img src="/images/weixin.png">', "微信, spelled"),
        ('<img src="/1.png" alt="二维码">', "its words"),
        ('<img src="/1.png" title="扫一扫关注">', "its title"),
        ('<img src="/1.png" class="foot-wechat">', "its class"),
        ('<img src="/1.png" width="120" height="120px">', "a square frame"),
        ('<img src="data:image/gif;base64,R0lGOD" data-src="/ewm.png">', "one that waits to be scrolled to"),
        ('<img src="/app/code.png">', "a mere hint"),
    ],
)
def test_a_picture_that_may_be_a_code_is_looked_at(markup, why):
    assert len(named(markup)) == 1, why


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        ('<img src="/images/swx.jpg">', "letters within a word"),
        ('<img src="/images/banner.jpg" width="1000" height="90">', "a banner"),
        ('<img src="/images/icon.png" width="16" height="16">', "an icon"),
        ('<img src="/verifyCode.jpg" alt="二维码">', "what guards a form is made anew for each visitor"),
        ('<img src="/images/qr.svg">', "not a raster"),
        ('<img src="data:image/svg+xml;base64,PHN2Zz4=" class="qr">', "not a raster either"),
        ('<img class="qrcode">', "made by a script"),
        ("<p>二维码</p>", "no picture"),
    ],
)
def test_a_picture_without_a_sign_is_not(markup, why):
    assert named(markup) == [], why


def test_the_most_telling_pictures_come_first_and_each_once():
    page = '<img src="/p.png" width=90 height=90><img src="/app.png"><img src="/ewm.png"><img src="/app.png" alt="扫码下载">'
    assert named(page) == ["app.png", "ewm.png", "p.png"]


def test_a_picture_in_the_page_itself_comes_with_its_bytes_and_a_name_of_its_own():
    body = make.code("http://a.test/")
    (picture,) = pictures(Page(URL, f'<img src="data:image/png;base64,{base64.b64encode(body).decode()}">'.encode()))
    assert picture.data == body
    assert picture.address.startswith("data:image/png ")
    assert len(picture.address) < 40


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_code_is_read_in_every_usual_format(form):
    assert read(make.code("http://www.bet365.com/x", form), LIMITS) == Reading(("http://www.bet365.com/x",))


def test_all_codes_of_a_poster_are_read():
    assert set(read(make.poster("https://u.wechat.com/MAbc", "http://b.test/"), LIMITS).addresses) == {
        "https://u.wechat.com/MAbc",
        "http://b.test/",
    }


def test_a_code_without_a_background_is_seen_on_a_white_page():
    assert read(make.see_through("http://b.test/"), LIMITS).addresses == ("http://b.test/",)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("HTTP://WWW.BET365.COM/", ("http://www.bet365.com/",)),
        (" www.bet365.com/app ", ("http://www.bet365.com/app",)),
        ("http://user:secret@b.test/", ("http://b.test/",)),
        ("110105194912310021", ()),
        ("BEGIN:VCARD\nN:青山\nTEL:13800000000\nEND:VCARD", ()),
        ("weixin://wxpay/bizpayurl?pr=1", ()),
        ("javascript:alert(1)", ()),
        ("http://", ()),
    ],
)
def test_only_addresses_are_kept_of_what_a_code_says(text, addresses):
    assert read(make.code(text), LIMITS).addresses == addresses


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "no png, jpeg, gif, webp or bmp"),
        (b"<html><title>404</title>", "no png, jpeg, gif, webp or bmp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no png, jpeg, gif, webp or bmp"),
        (make.code("http://a.test/", "TIFF"), "no png, jpeg, gif, webp or bmp"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no png, jpeg, gif, webp or bmp"),
        (make.code("http://a.test/")[:120], "broken"),
        (make.lying(900, 900), "broken"),
        (make.long_text(), "broken"),
        (make.bomb(9_000), "more than 12,000,000 pixels"),
        (make.bomb(), "more than 12,000,000 pixels"),
        (make.lying(2**31 - 1, 2**31 - 1), "more than 12,000,000 pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000, "larger than 1,048,576 bytes"),
    ],
    ids=range(12),
)
def test_a_hostile_picture_is_told_and_raises_nothing(body, reason):
    assert read(body, LIMITS) == Reading(unread=reason)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_broken_picture_never_raises(form):
    whole, chance = make.code("http://a.test/", form, 2), random.Random(7)
    for _ in range(150):
        body = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        assert isinstance(read(bytes(body[: chance.randint(1, len(body))]), LIMITS), Reading)


def test_the_process_reads_a_content_once_and_lives_through_a_bomb():
    with PicturePool() as pool:
        body = make.code("http://b.test/")
        found = [pool.read(content) for content in (body, make.bomb(9_000), body, make.code("http://c.test/"))]
        assert [reading.addresses for reading in found] == [("http://b.test/",), (), ("http://b.test/",), ("http://c.test/",)]
        assert pool.reads == 3


def test_a_process_that_takes_too_long_is_replaced():
    with PicturePool(Limits(seconds=0.0)) as pool:
        assert pool.read(make.code("http://b.test/")) == Reading(unread="took longer than 0 seconds")
        pool.limits = LIMITS
        assert pool.read(make.code("http://c.test/")).addresses == ("http://c.test/",)


def test_a_process_that_wants_more_memory_than_it_may_have_says_so():
    with PicturePool(Limits(memory_bytes=110 * 1024 * 1024)) as pool:
        assert pool.read(make.saved(make.drawn("http://b.test/").resize((3400, 3400)).convert("RGBA"))).unread
        assert pool.read(make.code("http://c.test/")).addresses == ("http://c.test/",)


def test_what_the_extra_lacks_is_named(monkeypatch):
    assert missing() == ()
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    assert missing() == ("zxing-cpp",)
