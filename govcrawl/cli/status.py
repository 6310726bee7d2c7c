"""`govcrawl status`: what the frontier holds and what each worker does."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import told
from govcrawl.cli.frontiers import reading
from govcrawl.cli.output import print_json, print_pairs, print_table, say
from govcrawl.cli.stores import opened
from govcrawl.config import Config
from govcrawl.findings import mask
from govcrawl.frontier.model import FrontierStatus, Reason
from govcrawl.kit.clock import iso, utc_now
from govcrawl.report.hindrance import hindrances
from govcrawl.store.protocol import Store, StoreUnreachable, WorkersSample

# Of each worker; the fields of the mapping.
_RECORDED = (
    "host",
    "pages",
    "pages_per_second",
    "leased",
    "slots",
    "fetching",
    "storing",
    "memory_bytes",
    "spooled_bytes",
    "claim_seconds",
    "lag_seconds",
)


@options.example("govcrawl status --watch")
@click.command()
@click.option("--watch", is_flag=True, help="Show it anew until interrupted.")
@click.option("--every", type=click.FloatRange(0.2, 3600), default=2.0, show_default=True, help="Seconds between two looks.")
@click.option(
    "--stale-after",
    type=click.FloatRange(0, 10_000),
    default=60.0,
    show_default=True,
    metavar="MINUTES",
    help="Name the unfinished sites that nothing happened to for so long.",
)
@click.option("--record", is_flag=True, help="Keep each look in the store, for the dashboard `operations`.")
@options.data_dir
@options.as_json
def command(*, watch: bool, every: float, stale_after: float, record: bool, data_dir: Path | None, as_json: bool) -> None:
    """Show what the frontier holds, what holds it back, what each worker does, and which sites are stuck."""
    with told():
        config = options.configuration(data_dir)
        asyncio.run(_look(config, watch=watch, every=every, stale=60 * stale_after, record=record, as_json=as_json))


async def _look(config: Config, *, watch: bool, every: float, stale: float, record: bool, as_json: bool) -> None:
    async with AsyncExitStack() as stack:
        frontier = await stack.enter_async_context(reading(config))
        store = await stack.enter_async_context(opened(config)) if record else None
        while True:
            status = await frontier.status(stale)
            held_back = hindrances(status, await frontier.campaigns(), utc_now())
            if watch and not as_json:
                click.clear()
            _show(status, held_back, as_json=as_json)
            if store:
                await _record(store, status)
            if not watch:
                return
            await asyncio.sleep(every)


async def _record(store: Store, status: FrontierStatus) -> None:
    """A store that is away costs this look and no more."""
    try:
        await store.record_workers([sample(status)])
    except StoreUnreachable as fault:
        say(f"not recorded: {fault}")


def sample(status: FrontierStatus) -> WorkersSample:
    """What is kept of a look."""
    facts = asdict(status)
    numbers = {name: facts[name] for name in ("hosts", "hosts_due", "queued", "leased", "done", "dead", "stale_sites")}
    speed = sum(worker.pages_per_second for worker in status.workers)
    workers = {worker.id: {name: getattr(worker, name) for name in _RECORDED} for worker in status.workers}
    failures: Counter[str] = Counter()
    for worker in status.workers:
        failures.update(worker.failures)
    return WorkersSample(utc_now(), numbers | {"workers": len(workers), "pages_per_second": speed}, workers, failures)


def _show(status: FrontierStatus, held_back: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        print_json(_facts(status) | {"held_back_by": held_back})
        return
    print_pairs([*_lines(status), *(("held back by", one) for one in held_back)])
    if status.stale:
        click.echo()
        print_table(
            ("stale site", "state", "pages", "queued", "under way", "last touched", "url"),
            [(s.id, s.state, s.pages, s.queued, s.leased, s.touched, mask.url(s.url)) for s in status.stale],
        )
    if status.workers:
        click.echo()
        print_table(
            ("worker", "machine", "pid", "pages", "pages/s", "under way", "last heard of"),
            [
                (w.id, w.host, w.pid, w.pages, f"{w.pages_per_second:.1f}", w.leased, f"{_ago(w.seen):.0f} s ago")
                for w in status.workers
            ],
        )


def _lines(status: FrontierStatus) -> Iterator[tuple[str, object]]:
    yield "hosts", f"{status.hosts} with work, {status.hosts_due} due"
    yield "pages", f"{status.queued} queued, {status.leased} under way, {status.done} done, {status.dead} dead"
    yield "pages/s", f"{sum(worker.pages_per_second for worker in status.workers):.1f}"
    if oldest := status.oldest_unfinished:
        touched = f"last touched {iso(oldest.touched)}" if oldest.touched else "not touched yet"
        waits = ", waits for its window" if oldest.reason is Reason.WINDOW else ""
        yield "oldest open site", f"{oldest.id} ({oldest.state}{waits}, {touched})"
    if status.stale_sites:
        yield "ALARM", f"{status.stale_sites} stale sites: unfinished, and nothing happens to them"


def _facts(status: FrontierStatus) -> dict[str, object]:
    facts = asdict(status)
    return facts | {"pages_per_second": sum(worker.pages_per_second for worker in status.workers)}


def _ago(moment: datetime) -> float:
    return (utc_now() - moment).total_seconds()
