"""The short way round the URL parser: the same answers wherever it gives one, and one for most links."""

from contextlib import suppress

import ada_url
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrawl.kit.plain_urls import plain_host, plain_join

_BASES = (
    "",
    "http://a.gov.cn",
    "http://a.gov.cn/",
    "https://www.b.gov.cn:8443/x/y/z.html?q=/1/#f",
    "http://127.0.0.1:81/z/",
    "http://WWW.A.gov.cn/a//b/../c d/e.html",
    "http://中国.cn/新/闻.html",
    "http://user:word@a.gov.cn/x/",
    "ftp://a.gov.cn/x/",
    "no address",
)
_PIECES = (
    *"/?=&:#@% \\.-_~;,+'a9中A",
    *(
        "..",
        "./",
        "../",
        "//",
        "http://",
        "https://",
        "a.gov.cn",
        "-a.cn",
        "a-.cn",
        "1.2",
        "0x7f",
        "xn--",
        "b--c",
        "%2e",
        "index.html",
    ),
)
_HREF = st.lists(st.sampled_from(_PIECES), max_size=8).map("".join)


def by_the_standard(base: str, href: str) -> str:
    joined = ""
    with suppress(ValueError):
        joined = ada_url.join_url(base, href) if base else ada_url.normalize_url(href)
    return joined.partition("#")[0]


def host_by_the_standard(url: str) -> str:
    with suppress(ValueError):
        return ada_url.URL(url).host
    return ""


@settings(max_examples=2000)
@given(st.sampled_from(_BASES), _HREF)
def test_what_is_joined_is_what_the_standard_joins(base, href):
    assert plain_join(base, href) in ("", by_the_standard(base, href))


@settings(max_examples=2000)
@given(st.sampled_from(["http://", "https://", "HTTP://", "http:/", ""]), _HREF)
def test_a_host_is_the_one_of_the_standard(scheme, rest):
    assert plain_host(scheme + rest) in ("", host_by_the_standard(scheme + rest))


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/zwgk/t1_2.html", "http://a.gov.cn/zwgk/t1_2.html"),
        ("/", "http://a.gov.cn/"),
        ("t1.html?id=3&a=%E4", "http://a.gov.cn/x/y/t1.html?id=3&a=%E4"),
        ("./t1.html", "http://a.gov.cn/x/y/t1.html"),
        ("../t1.html", "http://a.gov.cn/x/t1.html"),
        ("../../../../t1.html", "http://a.gov.cn/t1.html"),
        ("https://www.b.gov.cn/c/", "https://www.b.gov.cn/c/"),
    ],
)
def test_the_links_of_most_pages_need_no_parser(href, url):
    assert plain_join("http://a.gov.cn/x/y/z.html", href) == url
    assert plain_host(url) == url.split("/")[2]


@pytest.mark.parametrize(
    "href", ["", "?page=2", "#top", "//b.gov.cn/", "http://b.gov.cn", "/a/../b", "javascript:void(0)", "/新闻", "/a%2e"]
)
def test_what_only_looks_plain_is_left_to_the_parser(href):
    assert plain_join("http://a.gov.cn/x/y.html", href) == ""
