"""The QR codes on the pictures of a page, read before it is inspected."""

import asyncio
from collections import Counter
from functools import partial
from hashlib import blake2b
from secrets import token_hex

import msgspec

from govcrawl.crawl.answers import is_redirect, reason_of_status
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import Fetched, FetchError
from govcrawl.crawl.links import hosts_of
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.study import Study
from govcrawl.frontier.model import Reason
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.clock import monotonic
from govcrawl.kit.kept import Kept
from govcrawl.kit.urls import host_of, resolve
from govcrawl.page.codes import Picture, PicturePool, Reading, pictures
from govcrawl.page.model import Page

MOST_OF_SITE = 64  # addresses a worker; a site with more makes a code for every page
_PAGE_SECONDS = 120.0  # after which no further picture of a page is begun
_PICTURE_SECONDS = 60.0  # waiting for turns included
_HOLD_SECONDS = _PICTURE_SECONDS + 30.0  # and for the reader
_KEPT_SECONDS = 24 * 3600.0
_FAILED_SECONDS = 1800.0
_PASSING_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.25
_HOPS = 3
_GONE = (404, 410)
_REMEMBERED = 50_000
_WHAT = "picture"
# Of this page or this minute, not of the picture: the next page may look again.
_PASSING = frozenset((Reason.THROTTLED.value, Reason.TIMEOUT.value))
_encode, _decoder = msgspec.msgpack.encode, msgspec.msgpack.Decoder(Reading)
Gap = tuple[str, str, str]


class Codes:
    """`most` pictures of a page are looked at, those of the site's own hosts and those that stand in the page; 0 looks at none.

    Each address is fetched once a campaign, by one worker, at the pace of its host. What the fleet keeps of it are http(s) addresses.
    """

    def __init__(self, frontier: Frontier, beside: Beside, study: Study, pool: PicturePool, most: int) -> None:
        self._frontier, self._beside, self._study, self._pool, self._most = frontier, beside, study, pool, most
        self._known: Kept[tuple[str, str], Reading] = Kept(_REMEMBERED)
        self._of_site: Kept[tuple[str, str], Counter[bool]] = Kept(_REMEMBERED)

    async def bring(self, errand: Errand, page: Page, codes: dict[str, tuple[str, ...]]) -> list[Gap]:
        """Fills `codes` by picture. Returns what was not inspected: address, what, reason; each picture once."""
        if not self._most:
            return []
        wanted = await self._study.ask(page, partial(self._wanted, errand, page))
        gaps: list[Gap] = []
        until = monotonic() + _PAGE_SECONDS
        for picture in wanted:
            if monotonic() > until:
                gaps.append((page.url, _WHAT, Reason.TIMEOUT.value))
                break
            known = self._known.get((errand.lease.campaign, picture.address))
            reading = known or await self._new(errand, picture, gaps)
            if reading.unread and not known:
                gaps.append((page.url if picture.data is not None else picture.address, _WHAT, reading.unread))
            if reading.addresses:
                codes[picture.address] = reading.addresses
        return gaps

    def _wanted(self, errand: Errand, page: Page) -> list[Picture]:
        hosts = hosts_of(errand.lease, errand.assignment)
        ours = [picture for picture in pictures(page) if picture.data is not None or host_of(picture.address) in hosts]
        return ours[: self._most]

    async def _new(self, errand: Errand, picture: Picture, gaps: list[Gap]) -> Reading:
        if picture.data is not None:
            reading = await asyncio.to_thread(self._pool.read, picture.data)
        elif self._is_room(errand, gaps):
            reading = await self._had(errand, picture.address)
        else:
            return Reading()
        if reading.unread not in _PASSING:
            self._known.put((errand.lease.campaign, picture.address), reading)
        return reading

    def _is_room(self, errand: Errand, gaps: list[Gap]) -> bool:
        """Told once for a site: where every page has a code of its own, a line each would be as many as there are pages."""
        lease = errand.lease
        counted = self._of_site.get((lease.campaign, lease.site), Counter[bool]())
        room = counted[True] < MOST_OF_SITE
        if not room and not counted[False]:
            gaps.append((errand.assignment.site.url, _WHAT, "more pictures than are looked at for one site"))
        counted[room] += 1
        self._of_site.put((lease.campaign, lease.site), counted)
        return room

    async def _had(self, errand: Errand, url: str) -> Reading:
        """Fetched by us, or waited for while another worker fetches it."""
        name, mark = _name(errand.lease.campaign, url), token_hex(8)
        until = monotonic() + _HOLD_SECONDS
        while monotonic() < until:
            stored = await patiently(lambda: self._frontier.recall(name, mark, _HOLD_SECONDS))
            if stored is None:
                return await self._fetched(errand, url, name)
            if stored:
                return _decoded(stored)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return Reading(unread=Reason.TIMEOUT.value)

    async def _fetched(self, errand: Errand, url: str, name: str) -> Reading:
        try:
            async with asyncio.timeout(_PICTURE_SECONDS):
                fetched = await self._follow(errand, url)
            reading = await self._read(fetched)
        except FetchError as fault:
            reading = Reading(unread=fault.reason.value)
        except TimeoutError:
            reading = Reading(unread=Reason.TIMEOUT.value)
        await patiently(lambda: self._frontier.remember(name, _encode(reading), _kept_seconds(reading)))
        return reading

    async def _follow(self, errand: Errand, url: str) -> Fetched:
        hosts = hosts_of(errand.lease, errand.assignment)
        for _ in range(_HOPS):
            fetched = await self._beside.fetch(errand, url, max_bytes=self._pool.limits.input_bytes)
            if not is_redirect(fetched):
                return fetched
            url = resolve(url, fetched.headers["location"].strip()) or ""
            if host_of(url) not in hosts:
                break
        raise FetchError(Reason.BAD_RESPONSE)

    async def _read(self, fetched: Fetched) -> Reading:
        if fetched.status in _GONE:
            return Reading()  # a visitor sees none either
        if fetched.status != 200:
            raise FetchError(reason_of_status(fetched.status))
        return await asyncio.to_thread(self._pool.read, fetched.body)


def _name(campaign: str, url: str) -> str:
    return blake2b(f"code\n{campaign}\n{url}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _kept_seconds(reading: Reading) -> float:
    if reading.unread in _PASSING:
        return _PASSING_SECONDS
    return _FAILED_SECONDS if reading.unread else _KEPT_SECONDS


def _decoded(stored: bytes) -> Reading:
    try:
        reading = _decoder.decode(stored)
    except msgspec.MsgspecError:
        reading = Reading(unread=Reason.BAD_RECORD.value)
    return reading
