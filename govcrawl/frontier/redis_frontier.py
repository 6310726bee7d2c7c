"""The frontier in Redis, for any number of workers."""

import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Self, TypeVar

import msgspec

from govcrawl.frontier import reading, shelf
from govcrawl.frontier.fleet import FleetVerbs
from govcrawl.frontier.keys import VERSION, partition_of, prefix
from govcrawl.frontier.model import (
    Campaign,
    CampaignState,
    CampaignStatus,
    Child,
    Claim,
    Closing,
    DeadLetter,
    FrontierStatus,
    Lease,
    Reason,
    Result,
    SiteStatus,
    StoredSheet,
    WorkerStatus,
)
from govcrawl.frontier.offered import Offered
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.protocol import FrontierUnreachable
from govcrawl.frontier.rounds import campaign_of, caps_of, round_in
from govcrawl.frontier.rows import (
    CLOSING,
    by_partition,
    claim_decoder,
    closing_of,
    partition_in,
    result_columns,
    sid_in,
    site_row,
)
from govcrawl.frontier.server import FrontierFull, FrontierOutdated, Script, Server, shown, sum_of
from govcrawl.frontier.wire import read_site
from govcrawl.kit.clock import monotonic, utc_now
from govcrawl.sites.model import Site

_SITES_AT_ONCE = 200
_CLOSINGS_AT_ONCE = 16
_SILENCE_SECONDS = 1.0  # before a partition that did not answer is asked again
_SAMPLED_MS = 7 * 24 * 3600 * 1000
_OTHER_EPOCH = -1
T = TypeVar("T")
_pack = msgspec.msgpack.encode


class RedisFrontier(FleetVerbs):
    """See the Protocol. Tokens begin with the partition that they belong to."""

    def __init__(
        self, server: Server, *, lease_seconds: float = 60.0, politeness: Politeness | None = None, partitions: int = 1
    ) -> None:
        self.server, self.partitions = server, partitions
        politeness = politeness or Politeness()
        self.limits, self._by_address = politeness.limits(lease_seconds), politeness.address_seconds > 0
        self._mark = secrets.token_hex(4)
        self._offered: dict[int, Offered] = defaultdict(Offered)
        self._turn = 0
        self._claim, self._finish, self._release = (
            Script("claim", "addresses", "rounds", "directories", "begin", "homes"),
            Script("finish", "addresses", "directories", "rounds"),
            Script("release"),
        )
        self._renew, self._conclude, self._steer, self._start = (
            Script("renew"),
            Script("conclude", "rounds", "homes"),
            Script("steer"),
            Script("start", "rounds"),
        )
        self._reserve, self._hold, self._keep = Script("reserve", "addresses"), Script("hold"), Script("keep", "shelf")
        self._draw = Script("draw")
        self._recall, self._remember = Script("recall"), Script("remember", "shelf")
        self._adjust, self._reset = Script("adjust"), Script("reset", "rounds")

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        lease_seconds: float = 60.0,
        politeness: Politeness | None = None,
        partitions: int = 1,
        cluster: bool = False,
        timeout_seconds: float = 10.0,
    ) -> Self:
        """`url` as redis-py reads it: redis://, rediss:// or unix://. Nothing is sent yet."""
        server = Server(url, timeout_seconds=timeout_seconds, cluster=cluster)
        return cls(server, lease_seconds=lease_seconds, politeness=politeness, partitions=partitions)

    async def aclose(self) -> None:
        await self.server.aclose()

    async def start(self, campaign: Campaign, sites: Iterable[Site]) -> int:
        """As in the Protocol. Every partition learns of the campaign, also one without a site of it. Raises FrontierOutdated."""
        await self._look_back()
        wish = _pack(
            (
                campaign.id,
                round(campaign.started.timestamp() * 1000),
                campaign.today,
                campaign.max_pages or 0,
                round(campaign.delay_seconds * 1000),
                campaign.priority,
                msgspec.json.encode(campaign).decode(),
                round(1000 * (campaign.every_seconds or 0)),
                caps_of(campaign),
            )
        )
        added = 0
        for batch in _batches(sites, _SITES_AT_ONCE):
            lines = defaultdict(list)
            for site in batch:
                lines[partition_of(site.url, self.partitions)].append(site_row(site))
            for partition, rows in lines.items():
                added += await self._run(self._start, partition, wish, _pack(rows))
        if not added:
            for partition in range(self.partitions):
                await self._run(self._start, partition, wish, _pack(()))
        return added

    async def claim(self, worker: str, limit: int) -> Claim:
        """As in the Protocol. A partition that does not answer holds up no other; the last one's silence is raised."""
        parts: list[Claim] = []
        room, silent = limit, None
        # Another partition goes first each time, so that none starves behind a full one.
        self._turn += 1
        for step in range(self.partitions):
            try:
                part = await self._claimed(worker, (self._turn + step) % self.partitions, room)
            except FrontierUnreachable as fault:
                silent = fault
                continue
            parts.append(part)
            room -= len(part.leases)
        if silent is not None:
            if not parts:
                raise silent
            # What it holds is unknown: somebody's pages, so that nobody goes home.
            parts.append(Claim(wait_seconds=_SILENCE_SECONDS, running=1))
        return _together(parts)

    async def _claimed(self, worker: str, partition: int, limit: int) -> Claim:
        reply = await self._run(self._claim, partition, max(0, limit), _CLOSINGS_AT_ONCE, f"{self._mark}-{partition}")
        claimed = claim_decoder.decode(reply[0])
        found = list(claimed.leases(reply[1:]))
        bad = [one for one in found if isinstance(one, Result)]
        if bad:
            await self.finish(worker, bad)
        leases = tuple(one for one in found if isinstance(one, Lease))
        wait = 0.0 if bad else claimed.wait_ms / 1000 if claimed.wait_ms >= 0 else None
        return Claim(leases, tuple(map(closing_of, claimed.closings)), wait, claimed.running)

    async def finish(self, worker: str, results: Sequence[Result]) -> int:  # noqa: ARG002 - as in claim
        now = monotonic()
        batches: dict[int, list[Result]] = defaultdict(list)
        if self.partitions == 1:
            batches[0] = list(results)
        else:
            for result in results:
                batches[partition_in(result.lease.token)].append(result)
        return await sum_of(partial(self._finished, partition, batch, now) for partition, batch in batches.items() if batch)

    async def _finished(self, partition: int, batch: Sequence[Result], now: float) -> int:
        offered = self._offered[partition]
        children = [offered.unknown(result) for result in batch]
        spared = any(len(some) < len(result.children) for some, result in zip(children, batch, strict=True))
        reply = await self._finish_with(partition, batch, children, now, offered.epoch if spared else "")
        if reply == _OTHER_EPOCH:
            offered.forget()
            reply = await self._finish_with(partition, batch, [result.children for result in batch], now, "")
        ours, whole, epoch = reply
        if whole and epoch and ours == len(batch):
            offered.note(batch, epoch.decode())
        return int(ours)

    async def _finish_with(
        self, partition: int, batch: Sequence[Result], children: Sequence[Sequence[Child]], now: float, epoch: str
    ) -> Any:
        columns = result_columns(batch, children, now, by_address=self._by_address)
        return await self._run(self._finish, partition, _pack(columns), epoch)

    async def _each(self, calls: Mapping[int, tuple[Script, *tuple[bytes, ...]]]) -> int:
        return await sum_of(
            partial(self._run, script, partition, *arguments) for partition, (script, *arguments) in calls.items()
        )

    async def release(self, worker: str, leases: Sequence[Lease]) -> None:  # noqa: ARG002 - as in claim
        batches = by_partition([lease.token for lease in leases])
        await self._each({partition: (self._release, _pack(tokens)) for partition, tokens in batches.items()})

    async def renew(self, worker: str, tokens: Sequence[str]) -> int:  # noqa: ARG002 - as in claim
        calls = {}
        for partition, batch in by_partition(tokens).items():
            pages = [token for token in batch if not token.startswith(CLOSING)]
            closings = [(sid_in(token), token) for token in batch if token.startswith(CLOSING)]
            calls[partition] = (self._renew, _pack(pages), _pack(closings))
        return await self._each(calls)

    async def conclude(self, worker: str, closing: Closing) -> bool:  # noqa: ARG002 - as in claim
        token = closing.token
        reason = closing.reason.value if closing.reason else ""
        ours = await self._run(self._conclude, partition_in(token), sid_in(token), token, closing.state.value, reason)
        return bool(ours)

    async def unread(self, closing: Closing, urls: Sequence[str]) -> dict[str, bool]:
        token, number = closing.token, round_in(closing.campaign)
        if not number:
            return {}
        pages = await self._read(reading.known_pages, prefix(partition_in(token)), sid_in(token), urls)
        return {url: page.answered == number for url, page in pages.items() if page.looked_at < number}

    async def directories(self, closing: Closing) -> dict[str, int]:
        return await self._read(reading.directories, prefix(partition_in(closing.token)), sid_in(closing.token))

    async def reserve(
        self, lease: Lease, host: str, *, longest_seconds: float, age_seconds: float | None = None, took_seconds: float = 0.0
    ) -> float | None:
        age = -1 if age_seconds is None else round(age_seconds * 1000)
        words = (lease.token, host, age, round(took_seconds * 1000), round(longest_seconds * 1000))
        wait_ms: int = await self._run(self._reserve, partition_in(lease.token), *words)
        return None if wait_ms < 0 else wait_ms / 1000

    async def sheets(self, lease: Lease, urls: Sequence[str]) -> list[StoredSheet | None]:
        names = [shelf.name_of(lease.campaign, url) for url in urls]
        return await self._read(shelf.look, prefix(partition_in(lease.token)), names)

    async def hold_sheet(self, lease: Lease, url: str) -> StoredSheet | None:
        partition, name = partition_in(lease.token), shelf.name_of(lease.campaign, url)
        try:
            answer = await self._run(self._hold, partition, lease.token, name, shelf.MOST_SHEETS, shelf.KEPT_MS)
        except FrontierFull:
            answer = 1  # no memory for a mark: fetched all the same, at worst twice
        return None if answer == 1 else StoredSheet(reason={2: Reason.BUDGET, 3: Reason.LEASE_EXPIRED}.get(answer))

    async def put_sheet(self, lease: Lease, url: str, sheet: StoredSheet) -> None:
        row = shelf.row_of(shelf.name_of(lease.campaign, url), sheet)
        with suppress(FrontierFull):
            await self._run(self._keep, partition_in(lease.token), *row, shelf.MOST_BYTES)

    async def draw(self, lease: Lease, most: int) -> bool:
        return bool(await self._run(self._draw, partition_in(lease.token), lease.token, most, _SAMPLED_MS))

    async def recall(self, name: str, mark: str, hold_seconds: float) -> bytes | None:
        partition = shelf.partition_of_file(name, self.partitions)
        try:
            answer: bytes | None = await self._run(self._recall, partition, name, round(hold_seconds * 1000), mark)
        except FrontierFull:
            answer = None  # no memory for a mark: read all the same, at worst twice
        return answer

    async def remember(self, name: str, sealed: bytes, kept_seconds: float) -> None:
        words = (name, sealed, round(kept_seconds * 1000), shelf.MOST_BYTES)
        with suppress(FrontierFull):
            await self._run(self._remember, shelf.partition_of_file(name, self.partitions), *words)

    async def pause(self, campaign: str) -> None:
        await self._steered(campaign, CampaignState.PAUSED)

    async def resume(self, campaign: str) -> None:
        await self._steered(campaign, CampaignState.RUNNING)

    async def stop(self, campaign: str) -> None:
        await self._steered(campaign, CampaignState.STOPPED)

    async def _steered(self, campaign: str, state: CampaignState) -> None:
        for partition in range(self.partitions):
            await self._run(self._steer, partition, campaign, state.value)

    async def adjust(
        self,
        campaign: str,
        *,
        site: str = "",
        host: str = "",
        delay_seconds: float | None = None,
        max_pages: int | None = None,
    ) -> int:
        delay = -1 if delay_seconds is None else round(delay_seconds * 1000)
        most = -1 if max_pages is None else max_pages
        changed = 0
        # Sites of a campaign in parts, so that nobody waits long for the server; said twice, it comes to the same.
        for partition in range(self.partitions):
            first = 1
            while first:
                words = (campaign, site, host, delay, most, first)
                done, first = await self._run(self._adjust, partition, *words) or (0, 0)
                changed += done
        return changed

    async def reset_site(self, campaign: str, site: str) -> bool:
        line = await self.site(campaign, site)
        if line is None:
            return False
        _, _, host, entry, digits, *_ = site_row(line)
        partition = partition_of(line.url, self.partitions)
        return bool(await self._run(self._reset, partition, campaign, site, host, entry, digits))

    async def robots(self, host: str) -> str | None:
        body = await self._read(reading.first_of, self._prefixes(), f"robots:{host}")
        return None if body is None else body.decode("utf-8", "replace")

    async def site(self, campaign: str, site: str) -> Site | None:
        for key in self._prefixes():
            line = await self._read(reading.site_line, key, campaign_of(campaign), site)
            if line is not None:
                return read_site(line)
        return None

    async def report(self, status: WorkerStatus) -> None:
        await self._read(reading.write_worker, prefix(0), status, utc_now())

    async def status(self, stale_seconds: float = 3600.0) -> FrontierStatus:
        """As in the Protocol, which workers ask at their start. Raises FrontierOutdated."""
        await self._look_back()
        return await self._read(reading.status, self._prefixes(), utc_now(), stale_seconds)

    async def campaigns(self) -> list[CampaignStatus]:
        return await self._read(reading.campaigns, self._prefixes())

    async def campaign(self, campaign: str) -> CampaignStatus | None:
        wanted = campaign_of(campaign)
        return next((status for status in await self.campaigns() if status.campaign.id == wanted), None)

    async def ledger(self, campaign: str) -> AsyncIterator[SiteStatus]:
        """As in the Protocol; with several partitions, one partition after the other."""
        for key in self._prefixes():
            first = 1
            while lines := await self._read(reading.ledger_page, key, campaign, first):
                for line in lines:
                    yield line
                first += len(lines)

    async def dead_letters(self, campaign: str) -> AsyncIterator[DeadLetter]:
        for key in self._prefixes():
            first = 0
            while letters := await self._read(reading.dead_page, key, campaign, first):
                for letter in letters:
                    yield letter
                first += len(letters)

    async def _look_back(self) -> None:
        """What an earlier version began would be passed over in silence, and begun anew."""
        for version in range(1, VERSION):
            if await self._read(reading.unfinished, [prefix(partition, version) for partition in range(self.partitions)]):
                raise FrontierOutdated(
                    f"Redis at {shown(self.server.url)} holds unfinished campaigns of an earlier govcrawl (keys gc{version}:*); "
                    "let that version finish them, or delete these keys"
                )

    async def _read(self, question: Callable[..., Awaitable[T]], *arguments: Any) -> T:
        return await self.server.ask(lambda: question(self.server.client, *arguments))

    def _prefixes(self) -> list[str]:
        return [prefix(partition) for partition in range(self.partitions)]

    async def _run(self, script: Script, partition: int, *arguments: str | bytes | float) -> Any:
        return await self.server.run(script, prefix(partition), self.limits, *arguments)


def _together(parts: Sequence[Claim]) -> Claim:
    waits = [part.wait_seconds for part in parts if part.wait_seconds is not None]
    return Claim(
        tuple(lease for part in parts for lease in part.leases),
        tuple(closing for part in parts for closing in part.closing),
        min(waits, default=None),
        max(part.running for part in parts),
    )


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
