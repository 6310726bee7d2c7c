"""`govcrawl demo`: the made-up government web, crawled and compared with its answer sheet."""

import asyncio
import os
import sys
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from govcrawl.cli import options
from govcrawl.cli.faults import DONE, LOOK, Fault, told
from govcrawl.demo.run import DemoError, run_demo
from govcrawl.kit.clock import china_today

_WIDTH = 100  # where there is no terminal to ask


@options.example("govcrawl demo --now 2026-01-01")
@click.command()
@options.now
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("govcrawl-demo"),
    show_default=True,
    help="Where findings, report and logs are left; never the directory of a real inspection.",
)
def command(now: date | None, data_dir: Path) -> int:
    """Crawl a small made-up government web and compare with its answer sheet.

    Everything stays on this machine. Exit status 1 where a planted fault is missed or a look-alike is flagged.
    """
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    with told():
        try:
            right = asyncio.run(run_demo(data_dir, now or china_today(), os.environ, console))
        except DemoError as fault:
            raise Fault(str(fault)) from fault
    return DONE if right else LOOK
