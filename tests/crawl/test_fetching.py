import asyncio
import gzip
import ipaddress
import socket
import struct
from dataclasses import replace

import pytest

from govcrawl.crawl.fetching import Fetcher, FetchError, bypasses
from govcrawl.crawl.options import FetchLimits, Proxies
from govcrawl.frontier.model import Reason
from tests.crawl.web import Answer, Web

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
LIMITS = FetchLimits(max_bytes=100_000, total_seconds=20.0, connect_seconds=10.0, read_seconds=3.0)
NO_PROXIES = Proxies()


async def fetch(url: str, allowed=LOOPBACK, proxies: Proxies = NO_PROXIES, limits: FetchLimits = LIMITS):
    fetcher = Fetcher("govcrawl/test", limits, proxies, allowed)
    try:
        return await fetcher.fetch(url)
    finally:
        await fetcher.aclose()


async def reason(url: str, **words) -> Reason:
    with pytest.raises(FetchError) as caught:
        await fetch(url, **words)
    return caught.value.reason


ANSWERS = {
    "/": "<p>hello</p>",
    "/zipped": Answer(gzip.compress(b"x" * 5000), headers={"Content-Encoding": "gzip"}),
    "/bomb": Answer(gzip.compress(bytes(50_000_000)), headers={"Content-Encoding": "gzip"}),
    "/large": Answer(b"x" * 200_000),
    "/slow": Answer("late", seconds=15),
    "/moved": Answer(status=302, headers={"Location": "http://10.0.0.1/"}),
    "/brotli": Answer(b"\x1b", headers={"Content-Encoding": "br"}),
    "/long": Answer("x", headers={"X-Long": "x" * 2000}),
    "/many": Answer("x", headers={f"X-{number}": "1" for number in range(30)}),
}


@pytest.fixture(scope="module")
def web():
    with Web(lambda _, path: ANSWERS.get(path)) as served:
        yield served


async def test_a_page_comes_with_its_status_headers_and_body(web):
    fetched = await fetch(web.url())
    assert (fetched.status, fetched.body, fetched.headers["content-type"]) == (200, b"<p>hello</p>", "text/html; charset=utf-8")


async def test_the_visit_is_made_under_our_name(web):
    await fetch(web.url())
    assert web.hits[-1].headers["User-Agent"] == "govcrawl/test"


async def test_a_redirect_is_told_and_not_followed(web):
    fetched = await fetch(web.url(path="/moved"))
    assert (fetched.status, fetched.headers["location"]) == (302, "http://10.0.0.1/")


@pytest.mark.parametrize("path", ["/long", "/many"])
async def test_headers_are_read_up_to_a_bound(web, path):
    few = replace(LIMITS, max_header_bytes=1024, max_headers=16)
    assert (await fetch(web.url(path=path))).body == b"x"
    assert await reason(web.url(path=path), limits=few) is Reason.TOO_LARGE


async def test_a_compressed_body_is_unpacked(web):
    assert (await fetch(web.url(path="/zipped"))).body == b"x" * 5000


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/bomb", Reason.TOO_LARGE),
        ("/large", Reason.TOO_LARGE),
        ("/slow", Reason.TIMEOUT),
        ("/brotli", Reason.BAD_RESPONSE),
    ],
)
async def test_what_cannot_be_read_has_a_word(web, path, word):
    assert await reason(web.url(path=path)) is word


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0/",
        "http://localhost/",
        "http://a.localhost/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
    ],
)
async def test_no_page_lures_the_crawler_inside(url):
    assert await reason(url, allowed=()) is Reason.FORBIDDEN_ADDRESS


async def test_the_port_of_another_service_is_asked_where_the_operator_opened_it():
    assert await reason("http://127.0.0.1:6379/") is Reason.FORBIDDEN_ADDRESS
    assert await reason("http://127.0.0.1:6379/", limits=FetchLimits(ports=frozenset({6379}))) is Reason.REFUSED


async def test_a_proxy_is_not_asked_for_an_address_inside(web):
    proxies = Proxies(http=web.url())
    before = len(web.hits)
    assert await reason("http://169.254.169.254/", allowed=(), proxies=proxies) is Reason.FORBIDDEN_ADDRESS
    assert len(web.hits) == before


async def test_a_name_that_leads_inside_is_refused_when_it_is_resolved(monkeypatch):
    # The system's resolver is the seam: no public name that points inside can be relied on in a test.
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    assert await reason("http://www.lure.test/", allowed=()) is Reason.FORBIDDEN_ADDRESS


async def test_a_proxy_resolves_the_names(web):
    fetched = await fetch("http://www.nowhere.invalid/", proxies=Proxies(http=web.url()))
    assert fetched.status == 200
    assert web.hits[-1].headers["Host"] == "www.nowhere.invalid"


async def test_a_name_that_is_not_there_is_a_dns_fault():
    assert await reason("http://nowhere.invalid/") is Reason.DNS


async def test_a_closed_port_refuses():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert await reason(f"http://127.0.0.1:{port}/") is Reason.REFUSED


async def raw_server(answer: bytes | None) -> tuple[asyncio.Server, str]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        if answer is None:
            # A linger of no seconds sends a reset instead of an end.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    return server, f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("scheme", "answer", "word"),
    [
        ("http", None, Reason.RESET),
        ("http", b"", Reason.RESET),
        ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf", Reason.RESET),
        ("http", b"SSH-2.0-OpenSSH_9.6\r\n", Reason.BAD_RESPONSE),
        ("https", b"HTTP/1.1 400 plain\r\n\r\n", Reason.TLS),
    ],
)
async def test_a_broken_connection_has_a_word(scheme, answer, word):
    server, place = await raw_server(answer)
    async with server:
        assert await reason(f"{scheme}://{place}/") is word


def test_no_proxy_names_hosts_and_suffixes():
    assert bypasses("www.a.gov.cn", "localhost, .a.gov.cn")
    assert bypasses("a.gov.cn", "a.gov.cn")
    assert bypasses("x.test", "*")
    assert not bypasses("ba.gov.cn", "a.gov.cn")
    assert not bypasses("a.gov.cn", "")
