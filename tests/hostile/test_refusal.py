"""No spelling of an address, and no way over a page, leads a worker inside."""

import ipaddress
import itertools
import socket
from collections import Counter
from contextlib import asynccontextmanager

import pytest

from govcrawl.crawl.fetching import Fetcher, FetchError
from govcrawl.crawl.options import FetchLimits, Proxies
from govcrawl.frontier.model import Reason
from govcrawl.kit.urls import canonical
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web
from tests.hostile.lures import DIFFERENCES, INSIDE, LOOPBACK, NAMES, PORTS, REDIRECTS, ROUTES
from tests.hostile.trap import Trap, Witness

OUTSIDE = "127.0.7.0/24"  # stands for the open internet: all else on loopback is inside
TRAP = "127.66.6.6"
LIMITS = FetchLimits(total_seconds=10.0, connect_seconds=5.0, read_seconds=5.0)


@pytest.fixture(scope="module")
def trap():
    with Trap(TRAP, "127.0.0.1", "::1") as opened:
        yield opened


@pytest.fixture(scope="module")
def witness():
    return Witness()


@asynccontextmanager
async def opened(proxies: Proxies = Proxies()):  # noqa: B008 - a frozen value
    fetcher = Fetcher("govcrawl/test", LIMITS, proxies, (ipaddress.ip_network(OUTSIDE),))
    try:
        yield fetcher
    finally:
        await fetcher.aclose()


async def said(fetcher: Fetcher, url: str) -> Reason | None:
    try:
        await fetcher.fetch(url)
    except FetchError as fault:
        return fault.reason
    return None


async def word(url: str) -> Reason | None:
    async with opened() as fetcher:
        return await said(fetcher, url)


def test_the_table_is_long():
    assert len([*LOOPBACK, *INSIDE, *DIFFERENCES, *PORTS, *NAMES, *ROUTES]) + 3 * len(REDIRECTS) >= 80


async def test_no_spelling_of_an_address_inside_is_fetched(trap, witness):
    """As written, as a page's address comes out of the parser, and through a proxy."""
    proxied = Proxies(http=f"http://127.0.7.1:{trap.port}")
    async with opened() as direct, opened(proxied) as by_proxy:
        with witness:
            for host in (*LOOPBACK, *INSIDE):
                written = f"http://{host}:{trap.port}/"
                for url, fetcher in itertools.product({written, canonical(written)} - {None}, (direct, by_proxy)):
                    assert await said(fetcher, url) is Reason.FORBIDDEN_ADDRESS, url
    assert witness.seen == []
    assert trap.caught == []


async def test_no_address_that_is_read_in_two_ways_is_fetched(trap, witness):
    async with opened() as fetcher:
        with witness:
            for written in DIFFERENCES:
                url = written.replace("PORT", str(trap.port))
                for read in {url, canonical(url)} - {None}:
                    assert await said(fetcher, read) is not None, read
    assert not {TRAP, "127.0.0.1", "::1"} & set(witness.seen)
    assert trap.caught == []


async def test_no_port_of_another_service_is_asked(witness):
    async with opened() as fetcher:
        with witness:
            for port in PORTS:
                assert await said(fetcher, f"http://127.0.7.1:{port}/") is Reason.FORBIDDEN_ADDRESS, port
    assert witness.seen == []


def resolve_by(monkeypatch, answers):
    """The system's resolver is the seam: no public name that points inside can be relied on in a test."""
    system = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **words):
        addresses = next(answers[host]) if host in answers else [host]
        return [entry for address in addresses for entry in system(address, port, *args, **words)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@pytest.mark.parametrize("name", NAMES)
async def test_no_name_that_leads_inside_is_fetched(name, trap, witness, monkeypatch):
    addresses = [TRAP if address == "TRAP" else address for address in NAMES[name]]
    resolve_by(monkeypatch, {name: itertools.repeat(addresses)})
    with witness:
        assert await word(f"http://{name}:{trap.port}/") is Reason.FORBIDDEN_ADDRESS
    assert witness.seen == []
    assert trap.caught == []


async def test_a_name_that_answers_differently_after_the_check_gains_nothing(trap, witness, monkeypatch):
    """Outside when it is checked, inside ever after: the connection goes to what was checked, and a second look is a second check."""
    with Web(lambda *_: Answer("outside", headers={"Connection": "close"})) as web:
        answers = {"rebind.test": itertools.chain([[web.addresses[0]]], itertools.repeat([TRAP]))}
        resolve_by(monkeypatch, answers)
        with witness:
            assert await word(f"http://rebind.test:{web.port}/") is None
            assert await word(f"http://rebind.test:{trap.port}/") is Reason.FORBIDDEN_ADDRESS
    assert set(witness.seen) == {web.addresses[0]}
    assert trap.caught == []


async def test_of_a_name_with_addresses_on_both_sides_only_the_outer_one_is_used(trap, witness, monkeypatch):
    with Web(lambda *_: "outside") as web:
        resolve_by(monkeypatch, {"both.test": itertools.repeat([TRAP, "::1", "10.0.0.1", web.addresses[0]])})
        with witness:
            assert await word(f"http://both.test:{web.port}/") is None
    assert set(witness.seen) == {web.addresses[0]}
    assert trap.caught == []


async def test_no_route_over_pages_leads_a_worker_inside(tmp_path, trap):
    """The lures are hosts of the site: neither scope nor robots.txt keeps the worker off them."""
    places = [f"{TRAP}:{trap.port}", f"inside.test:{trap.port}", f"[::1]:{trap.port}", f"localhost:{trap.port}"]
    pages = {"/robots.txt": f"User-agent: *\nAllow: /\nSitemap: http://{places[0]}/sitemap.xml\n"}
    for number, place in enumerate(places):
        pages |= routes_to(place, number)
    looks: Counter[str] = Counter()

    def answer(host: str, path: str) -> Answer | str | None:
        looks[host] += path == "/"
        # The second look at a home page is in disguise: whoever is no plain visitor is sent inside.
        return (
            Answer(status=302, headers={"Location": f"http://{places[0]}/cloaked"})
            if path == "/" and looks[host] > 1
            else pages.get(path)
        )

    pages["/"] = "".join(f'<a href="{path}">x</a>' for path in pages if path.endswith(("/", ".html")))
    with Web(answer, hosts=2) as web, Cluster.open(tmp_path) as cluster:
        lured = web.url(1)
        await cluster.start([Site("s0", web.url(), hosts=tuple(places)), Site("s1", lured, hosts=tuple(places))])
        told = cluster.run(allow=[OUTSIDE], names={"inside.test": [TRAP]}, cloaking_pages=3)
        letters = [letter async for letter in dead_letters(cluster)]
    assert trap.caught == []
    assert max(looks.values()) > 1
    assert told["pages"] > len(ROUTES) * len(places)
    assert {letter.reason for letter in letters if any(place in letter.url for place in places)} == {Reason.FORBIDDEN_ADDRESS}
    asked = {letter.url.split("/")[2] for letter in letters if letter.reason is Reason.FORBIDDEN_ADDRESS}
    assert asked == set(places)


def routes_to(place: str, number: int) -> dict[str, Answer | str]:
    lure = f"http://{place}"
    pages: dict[str, Answer | str] = {
        f"/{number}/{n}.html": body.replace("LURE", lure).replace("PLACE", place) for n, body in enumerate(ROUTES.values())
    }
    for status in REDIRECTS:
        pages[f"/{number}/{status}/"] = Answer(status=status, headers={"Location": f"{lure}/{status}"})
    sheet = {"Content-Type": "text/css"}
    pages["/imports.css"] = Answer(f'@import "{lure}/deep.css";', headers=sheet)
    pages["/moves.css"] = Answer(status=302, headers={"Location": f"{lure}/moved.css"})
    return pages


async def dead_letters(cluster: Cluster):
    from govcrawl.frontier.redis_frontier import RedisFrontier

    frontier = RedisFrontier.from_url(cluster.url)
    async for letter in frontier.dead_letters("c1"):
        yield letter
    await frontier.aclose()
