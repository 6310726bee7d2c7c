"""`govcrawl config`: the effective configuration."""

from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import told
from govcrawl.cli.output import print_json, print_pairs


@click.group(help="Show the effective configuration.")
def command() -> None:
    pass


@options.example("govcrawl config show")
@command.command()
@options.data_dir
@options.as_json
def show(data_dir: Path | None, as_json: bool) -> None:
    """Show every variable with its effective value; secrets are masked."""
    with told():
        shown = options.configuration(data_dir).shown()
    if as_json:
        print_json(shown)
    else:
        print_pairs(shown.items())
