"""`govcrawl status`: what the frontier holds and what each worker does."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import told
from govcrawl.cli.frontiers import reading
from govcrawl.cli.output import print_json, print_pairs, print_table
from govcrawl.config import Config
from govcrawl.frontier.model import FrontierStatus
from govcrawl.kit.clock import iso, utc_now


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
@options.data_dir
@options.as_json
def command(*, watch: bool, every: float, stale_after: float, data_dir: Path | None, as_json: bool) -> None:
    """Show what the frontier holds, what each worker does, and which sites are stuck."""
    with told():
        asyncio.run(_look(options.configuration(data_dir), watch=watch, every=every, stale=60 * stale_after, as_json=as_json))


async def _look(config: Config, *, watch: bool, every: float, stale: float, as_json: bool) -> None:
    async with reading(config) as frontier:
        _show(await frontier.status(stale), as_json=as_json)
        while watch:
            await asyncio.sleep(every)
            status = await frontier.status(stale)
            if not as_json:
                click.clear()
            _show(status, as_json=as_json)


def _show(status: FrontierStatus, *, as_json: bool) -> None:
    if as_json:
        print_json(_facts(status))
        return
    print_pairs(_lines(status))
    if status.stale:
        click.echo()
        print_table(
            ("stale site", "state", "pages", "queued", "under way", "last touched", "url"),
            [(s.id, s.state, s.pages, s.queued, s.leased, s.touched, s.url) for s in status.stale],
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
        yield "oldest open site", f"{oldest.id} ({oldest.state}, {touched})"
    if status.stale_sites:
        yield "ALARM", f"{status.stale_sites} stale sites: unfinished, and nothing happens to them"


def _facts(status: FrontierStatus) -> dict[str, object]:
    facts = asdict(status)
    return facts | {"pages_per_second": sum(worker.pages_per_second for worker in status.workers)}


def _ago(moment: datetime) -> float:
    return (utc_now() - moment).total_seconds()
