import asyncio
import ipaddress
import ssl
from pathlib import Path

import pytest

from govcrawl.crawl.fetching import Fetched, Fetcher
from govcrawl.crawl.handshakes import Handshakes
from govcrawl.crawl.options import FetchLimits, Proxies
from govcrawl.page.tls import TlsKind
from tests.hostile import tls

ADDRESS = "127.0.7.31"


async def fetched(folder: Path, kind: str, times: int = 1) -> tuple[list[Fetched], int]:
    """What came, and how many requests the server saw."""
    asked = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        try:
            await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        asked += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        writer.close()

    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the handshake that the client refuses
    server = await asyncio.start_server(answer, ADDRESS, 0, ssl=tls.context(folder, ADDRESS, kind))
    port = server.sockets[0].getsockname()[1]
    fetcher = Fetcher("govcrawl/test", FetchLimits(), Proxies(), (ipaddress.ip_network("127.0.0.0/8"),))
    try:
        return [await fetcher.fetch(f"https://{ADDRESS}:{port}/") for _ in range(times)], asked
    finally:
        await fetcher.aclose()
        server.close()


@pytest.mark.parametrize("kind", ["self-signed", "expired", "not yet valid", "short key", "long chain"])
async def test_a_page_behind_a_bad_certificate_is_had_and_told_with_whose_it_is(tmp_path, kind):
    (one,), asked = await fetched(tmp_path, kind)
    assert (one.body, asked) == (b"ok", 1)
    assert one.tls.kind is TlsKind.SELF_SIGNED
    assert (one.tls.subject, one.tls.issuer, bool(one.tls.protocol)) == (f"CN={ADDRESS}", f"CN={ADDRESS}", True)
    assert one.tls.valid_until is not None


async def test_a_protocol_that_browsers_refuse_is_told(tmp_path):
    (one,), _ = await fetched(tmp_path, "TLS 1.0 alone")
    assert one.tls.protocol == "TLSv1"


async def test_the_second_page_needs_no_second_handshake_to_fail(tmp_path):
    pages, asked = await fetched(tmp_path, "self-signed", times=3)
    assert asked == 3
    assert {page.tls.kind for page in pages} == {TlsKind.SELF_SIGNED}


@pytest.mark.parametrize(
    ("code", "kind"),
    [(10, TlsKind.EXPIRED), (62, TlsKind.WRONG_NAME), (20, TlsKind.UNKNOWN_ISSUER), (23, TlsKind.REFUSED)],
)
def test_the_reason_of_the_refusal_is_kept(code, kind):
    fault = ssl.SSLCertVerificationError("refused")
    fault.verify_code, fault.verify_message = code, "as the library says"
    handshakes = Handshakes()
    handshakes.refused("www.a.test", fault)
    told = handshakes.fault("www.a.test")
    assert (told.kind, told.words, told.subject) == (kind, "as the library says", "")


def test_a_host_that_nobody_complained_of_has_no_fault():
    assert Handshakes().fault("www.a.test") is None
