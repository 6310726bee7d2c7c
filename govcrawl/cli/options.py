"""Options that several commands share."""

import importlib
import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import click

from govcrawl.config import Config, ConfigError

type_date = click.DateTime(["%Y-%m-%d"])

as_json = click.option("--json", "as_json", is_flag=True, help="JSON lines instead of a table.")
data_dir = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the embedded services keep their data (default: $GOVCRAWL_DATA_DIR or govcrawl-data).",
)


columns = click.option(
    "--columns",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A TOML file that says the class of columns (default: $GOVCRAWL_COLUMNS or none).",
)


_MANIFEST = "Addresses of files, with the heading path<TAB>url; without FILE all its pages are read."


def _day(context: click.Context, parameter: click.Parameter, value: Any) -> date | None:  # noqa: ARG001 - click's shape
    return value.date() if value else None


now = click.option(
    "--now",
    type=type_date,
    callback=_day,
    metavar="DATE",
    help="The day that dates are judged against (default: today in China).",
)


class Period(click.ParamType[float]):
    """A number and h, d or w, such as 6h, 1d, 2w; in seconds."""

    name = "period"
    _SECONDS: ClassVar = {"h": 3_600, "d": 86_400, "w": 604_800}
    _MOST_SECONDS = 366 * 86_400

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number, unit = str(value)[:-1], str(value)[-1:]
        seconds = int(number) * self._SECONDS.get(unit, 0) if re.fullmatch(r"[0-9]{1,4}", number) else 0
        if not 0 < seconds <= self._MOST_SECONDS:
            self.fail(f"{value!r} is no time from an hour to a year; write 6h, 1d or 2w", param, ctx)
        return float(seconds)


def pages(command: Callable[..., Any]) -> Callable[..., Any]:
    """FILE_OR_URL..., --url and --manifest: the single pages of `scan` and `page show`."""
    for option in (
        click.option("--manifest", type=click.Path(path_type=Path, dir_okay=False), metavar="TSV", help=_MANIFEST),
        click.option("--url", default="", help="The address that the file was saved from."),
        click.argument("names", metavar="FILE_OR_URL...", nargs=-1),
    ):
        command = option(command)
    return command


def limits(command: Callable[..., Any]) -> Callable[..., Any]:
    """--max-pages and --delay of a campaign; a site's own line in the list wins."""
    for option in (
        click.option(
            "--delay", type=click.FloatRange(0, 3600), default=1.0, show_default=True, help="Seconds between pages of a host."
        ),
        click.option("--max-pages", type=click.IntRange(1), help="At most so many pages a site (default: no limit)."),
    ):
        command = option(command)
    return command


def configuration(data_dir: Path | None, columns: Path | None = None) -> Config:
    """The environment's configuration with what the command line gives."""
    config = Config.from_env(os.environ)
    if config.rules:
        # A bad file is refused by the first command that meets it; without one the rules need not be loaded to say --help.
        overlay = importlib.import_module("govcrawl.detectors.overlay")
        try:
            importlib.import_module("govcrawl.detectors.leaks.catalogue").overlay_with(overlay.read(config.rules))
        except overlay.RuleError as fault:
            raise ConfigError(f"GOVCRAWL_RULES: {fault}") from fault
    return replace(config, data_dir=data_dir or config.data_dir, columns=columns or config.columns)


def example(*lines: str) -> Callable[[click.Command], click.Command]:
    """Adds a runnable example to a command's help; it is kept on the command, so that a test can run it."""

    def add(command: click.Command) -> click.Command:
        command.epilog = "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)
        return command

    return add
