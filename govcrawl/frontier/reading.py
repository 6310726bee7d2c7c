"""What the frontier tells about itself: counts, campaigns, ledger, dead letters."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from govcrawl.frontier.model import (
    Campaign,
    CampaignState,
    CampaignStatus,
    DeadLetter,
    FrontierStatus,
    Reason,
    SiteState,
    SiteStatus,
    WorkerStatus,
)
from govcrawl.frontier.records import KnownPage, SiteRecord, leased_of
from govcrawl.frontier.rounds import next_round, round_name
from govcrawl.frontier.wire import BadRecord, digest_of, read_entry, read_site
from govcrawl.kit.clock import utc_now
from govcrawl.kit.urls import host_of
from govcrawl.sites.model import Site
from govcrawl.sites.window import Window

_PAGE = 200
_KNOWN_AT_ONCE = 500
_STALE_SHOWN = 20
_WORKER_GONE = timedelta(minutes=2)
_ENDS = (SiteState.COMPLETE, SiteState.PARTIAL, SiteState.FAILED)
_REASONS = frozenset(Reason)
_worker_decoder = msgspec.json.Decoder(WorkerStatus)
_campaign_decoder = msgspec.json.Decoder(Campaign)


def _moment(ms: bytes | int | None) -> datetime | None:
    return datetime.fromtimestamp(int(ms) / 1000, UTC) if ms else None


async def first_of(client: Any, prefixes: Sequence[str], name: str) -> bytes | None:
    for key in prefixes:
        found: bytes | None = await client.get(key + name)
        if found is not None:
            return found
    return None


async def unfinished(client: Any, prefixes: Sequence[str]) -> int:
    """How many campaigns have unfinished sites there; understood in the layouts of all versions."""
    return sum([await client.scard(f"{key}open") for key in prefixes])


async def _number(client: Any, key: str, campaign: str) -> str | None:
    number = await client.hget(f"{key}camps", campaign)
    return number.decode() if number else None


async def site_line(client: Any, key: str, campaign: str, site: str) -> bytes | None:
    number = await _number(client, key, campaign)
    n = await client.hget(f"{key}ids:{number}", site) if number else None
    if n is None:
        return None
    line: bytes | None = await client.hget(f"{key}lines:{number}", n)
    return line


async def write_worker(client: Any, key: str, status: WorkerStatus, now: datetime) -> None:
    await client.hset(f"{key}workers", status.id, msgspec.json.encode(status))
    if gone := [worker.id for worker in await _workers(client, key) if now - worker.seen > _WORKER_GONE]:
        await client.hdel(f"{key}workers", *gone)


async def _workers(client: Any, key: str) -> list[WorkerStatus]:
    lines = await client.hvals(f"{key}workers")
    return sorted((_worker_decoder.decode(line) for line in lines), key=lambda worker: worker.id)


async def status(client: Any, prefixes: Sequence[str], now: datetime, stale_seconds: float) -> FrontierStatus:
    totals: dict[str, int] = defaultdict(int)
    for key in prefixes:
        await _count(client, key, now, totals)
    fresh = [worker for worker in await _workers(client, prefixes[0]) if now - worker.seen <= _WORKER_GONE]
    unfinished, limit = await _unfinished(client, prefixes), timedelta(seconds=stale_seconds)
    # A site that waits for its hours is not stuck.
    awake = [site for site in unfinished if site.reason is not Reason.WINDOW]
    stale = [site for site in awake if site.touched and now - site.touched > limit]
    return FrontierStatus(
        hosts=totals["hosts"],
        hosts_due=totals["hosts_due"],
        queued=totals["queued"],
        leased=totals["leased"],
        done=totals["done"],
        dead=totals["dead"],
        workers=tuple(fresh),
        oldest_unfinished=unfinished[0] if unfinished else None,
        stale=tuple(stale[:_STALE_SHOWN]),
        stale_sites=len(stale),
        waiting_sites=len(unfinished) - len(awake),
        next_due=_moment(totals["next_due"]),
    )


async def _count(client: Any, key: str, now: datetime, totals: dict[str, int]) -> None:
    async with client.pipeline(transaction=False) as pipe:
        pipe.zcard(f"{key}due").zcount(f"{key}due", "-inf", round(now.timestamp() * 1000)).zcard(f"{key}leased")
        pipe.hmget(f"{key}counts", "done", "dead").hgetall(f"{key}camps").zrange(f"{key}due", 0, 0, withscores=True)
        hosts, due, leased, counts, numbers, first = await pipe.execute()
    totals["hosts"] += hosts
    totals["hosts_due"] += due
    totals["leased"] += leased
    totals["done"] += int(counts[0] or 0)
    totals["dead"] += int(counts[1] or 0)
    for _, moment in first:
        totals["next_due"] = min(int(moment), totals["next_due"] or int(moment))
    for number in numbers.values():
        totals["queued"] += int(await client.hget(f"{key}c:{number.decode()}", "queued") or 0)


async def _unfinished(client: Any, prefixes: Sequence[str]) -> list[SiteStatus]:
    """Of the campaigns that are not paused; the site that nothing happened to for longest comes first."""
    found: list[SiteStatus] = []
    for key in prefixes:
        for number in [number.decode() for number in await client.smembers(f"{key}open")]:
            if await client.hget(f"{key}c:{number}", "st") == CampaignState.PAUSED.encode():
                continue
            first = 1
            while lines := await _sites(client, key, number, first):
                first += len(lines)
                found += [line for line in lines if line.state not in _ENDS and line.touched]
    return sorted(found, key=lambda line: line.touched or datetime.min.replace(tzinfo=UTC))


async def campaigns(client: Any, prefixes: Sequence[str]) -> list[CampaignStatus]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for key in prefixes:
        for name, number in (await client.hgetall(f"{key}camps")).items():
            fields = await client.hgetall(f"{key}c:{number.decode()}")
            found[name.decode()].append({k.decode(): v.decode() for k, v in fields.items()})
    return sorted((_together(parts) for parts in found.values()), key=lambda status: status.campaign.started)


def _together(parts: Sequence[dict[str, str]]) -> CampaignStatus:
    """One campaign of what its partitions hold of it."""

    def total(field: str) -> int:
        return sum(int(part.get(field, 0)) for part in parts)

    states = [part["st"] for part in parts if part["st"] != CampaignState.FINISHED and int(part.get("sites", 0))]
    ends = [int(part["finished"]) for part in parts if "finished" in part]
    sites = {state: total(f"ended:{state}") for state in _ENDS}
    sites[SiteState.RUNNING] = total("open")
    campaign = _campaign_decoder.decode(parts[0]["json"])
    state = CampaignState(states[0] if states else parts[0]["st"])
    return CampaignStatus(
        campaign=campaign,
        state=state,
        finished=_moment(max(ends)) if ends and not total("open") else None,
        pages=total("pages"),
        failed_pages=total("failed"),
        queued=total("queued"),
        leased=total("leased"),
        dead=total("dead"),
        sites={state: n for state, n in sites.items() if n},
        max_pages=int(parts[0].get("max", 0)) or None,
        delay_seconds=int(parts[0].get("delay", 0)) / 1000,
        round=max(int(part.get("round", 0)) for part in parts),
        next_round=next_round(campaign, utc_now()) if state is CampaignState.RUNNING else None,
    )


async def known_pages(client: Any, key: str, sid: str, urls: Sequence[str]) -> dict[str, KnownPage]:
    """What a standing campaign knows of these addresses of a site; the others are missing."""
    found: dict[str, KnownPage] = {}
    for first in range(0, len(urls), _KNOWN_AT_ONCE):
        portion = urls[first : first + _KNOWN_AT_ONCE]
        async with client.pipeline(transaction=False) as pipe:
            for url in portion:
                pipe.hget(f"{key}known:{sid}:{host_of(url)}", digest_of(url))
            rows = await pipe.execute()
        found |= {url: KnownPage.read(row) for url, row in zip(portion, rows, strict=True) if row}
    return found


async def directories(client: Any, key: str, sid: str) -> dict[str, int]:
    """How many pages a site has in each of its directories, as directories.lua counts them."""
    found = await client.hgetall(f"{key}directories:{sid}")
    return {directory.decode("utf-8", "replace"): int(pages) for directory, pages in found.items()}


async def ledger_page(client: Any, key: str, campaign: str, first: int) -> list[SiteStatus]:
    number = await _number(client, key, campaign)
    return await _sites(client, key, number, first) if number else []


async def _sites(client: Any, key: str, number: str, first: int) -> list[SiteStatus]:
    last = min(first + _PAGE - 1, int(await client.hget(f"{key}c:{number}", "sites") or 0))
    if first > last:
        return []
    sids = [f"{number}.{n}" for n in range(first, last + 1)]
    async with client.pipeline(transaction=False) as pipe:
        pipe.hmget(f"{key}lines:{number}", *range(first, last + 1)).hmget(f"{key}sites", sids).hvals(f"{key}leases")
        pipe.zmscore(f"{key}resting", sids)
        lines, rows, leases, rests = await pipe.execute()
    leased = Counter(sid for page_class, sid in map(leased_of, leases) if page_class)
    return [
        _site_status(line, SiteRecord.read(row), leased[sid], rest)
        for sid, line, row, rest in zip(sids, lines, rows, rests, strict=True)
    ]


def _site_status(line: bytes | None, record: SiteRecord, leased: int, rests_until: float | None) -> SiteStatus:
    state, reason = record.state, record.reason
    if state not in SiteState.__members__.values():
        state = SiteState.RUNNING
    if state == SiteState.RUNNING and not (record.used + leased + record.failed + record.moved):
        state = SiteState.WAITING
    site = _site(line)
    if state not in _ENDS and site and site.window and not Window.read(site.window).is_open(utc_now()):
        reason = Reason.WINDOW
    return SiteStatus(
        id=record.id,
        url=site.url if site else "",
        state=SiteState(state),
        reason=Reason(reason) if reason in _REASONS else None,
        pages=record.pages,
        failed_pages=record.failed,
        queued=record.open - leased,
        leased=leased,
        touched=_moment(record.touched_ms),
        round=record.round,
        next_round=_moment(int(rests_until)) if rests_until and state in _ENDS else None,
        unchanged_pages=record.unchanged,
        left_out=record.cut,
    )


def _site(line: bytes | None) -> Site | None:
    try:
        site = read_site(line or b"")
    except BadRecord:
        site = None
    return site


async def dead_page(client: Any, key: str, campaign: str, first: int) -> list[DeadLetter]:
    number = await _number(client, key, campaign)
    if number is None:
        return []
    letters = await client.lrange(f"{key}dead:{number}", first, first + _PAGE - 1)
    rows = [_Letter.read(letter) for letter in letters]
    sites = await client.hmget(f"{key}sites", [row.sid for row in rows]) if rows else []
    return [row.told(campaign, SiteRecord.read(site).id) for row, site in zip(rows, sites, strict=True)]


class _Letter(NamedTuple):
    sid: str
    round: int
    host: str
    reason: str
    attempts: int
    at_ms: int
    entry: bytes

    @classmethod
    def read(cls, letter: bytes) -> "_Letter":
        """The entry may be anything, text or not: it is why some letters are dead."""
        sid, host, reason, attempts, at_ms, entry = letter.split(b" ", 5)
        owner, _, number = sid.decode().partition("@")
        return cls(owner, int(number or 0), host.decode(), reason.decode(), int(attempts), int(at_ms), entry)

    def told(self, campaign: str, site: str) -> DeadLetter:
        try:
            url, _ = read_entry(self.entry, self.host)
        except BadRecord:
            url = self.entry.decode("utf-8", "backslashreplace")
        at = datetime.fromtimestamp(self.at_ms / 1000, UTC)
        return DeadLetter(round_name(campaign, self.round), site, url, Reason(self.reason), self.attempts, at)
