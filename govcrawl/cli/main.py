"""The entry point: every command by name, and what becomes of its faults."""

import importlib
import os
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn

import click

import govcrawl
from govcrawl.cli import options

# A command's module is imported when the command runs: `--help` and `scan` need neither Scrapy nor a database client.
# A test compares these lines with the commands' own help.
COMMANDS = {
    "demo": "Crawl a small made-up government web and compare with its answer sheet.",
    "crawl": "Crawl sites to the end, in one go, and sum up.",
    "worker": "Join the cluster named by the environment and work until told to stop.",
    "campaign": "Start, watch and steer campaigns on the cluster.",
    "status": "Show what the frontier holds, what holds it back, what each worker does, and which sites are stuck.",
    "sites": "Check, import and show the site list.",
    "scan": "Run the detectors on single pages: no crawl, no services.",
    "page": "Show what a detector sees of a page, without judging.",
    "findings": "List, show, export and review findings.",
    "audit": "Judge each site by the official indicators: pass, fail by which veto, or what is missing.",
    "dashboards": "Show the numbers of the dashboards in the terminal.",
    "detectors": "Show the catalogue of detectors and check their examples.",
    "store": "Show and replay what the store refused.",
    "setup": "Provision Elasticsearch and Kibana; may be repeated.",
    "config": "Show the effective configuration.",
}
_UNEXPECTED, _INTERRUPTED = 2, 130


class Commands(click.Group):
    """Finds a command in the module of its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"govcrawl.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@options.example("govcrawl scan https://www.example.com/")
@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(govcrawl.__version__, message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the trace of an unexpected fault and log more.")
@click.pass_context
def cli(context: click.Context, debug: bool) -> None:
    """Inspect public-sector websites for dark links, stale and blank columns, and leaks."""
    context.obj = debug
    if not debug:
        sys.excepthook = _short


def _short(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> NoReturn:  # noqa: ARG001
    click.echo(f"govcrawl: unexpected {kind.__name__}: {fault}; run it again as `govcrawl --debug ...` for the trace", err=True)
    raise SystemExit(_UNEXPECTED)


def main() -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        # A page may hold halves of characters that no encoding can carry.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit status of a command line; None is that of this process."""
    try:
        status = cli.main(arguments, prog_name="govcrawl", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; the interpreter must not complain while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0
