"""The options that select findings, and the query that they make."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from govcrawl.findings.model import Category, Severity, State
from govcrawl.store.protocol import ORDERS, FindingQuery


def _moment(context: click.Context, parameter: click.Parameter, value: datetime | None) -> datetime | None:  # noqa: ARG001 - click's shape
    return value.replace(tzinfo=UTC) if value else None


def filters(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options, handed on as the arguments of `asked`."""
    for option in (
        click.option("--limit", type=click.IntRange(1), help="At most so many."),
        click.option("--sort", "order", type=click.Choice(ORDERS), default="newest", show_default=True, help="What comes first."),
        click.option("--text", default="", help="Words in title, evidence or address, as one phrase; also Chinese."),
        click.option(
            "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), callback=_moment, help="Seen since (UTC)."
        ),
        click.option("--campaign", default="", help="Seen last in this campaign."),
        click.option("--state", type=click.Choice([*map(str, State)])),
        click.option("--severity", type=click.Choice([*map(str, Severity)])),
        click.option("--region", default="", help="Region of the site or the start of it."),
        click.option("--organizer", default="", help="Organizer of the site or the start of it."),
        click.option("--rule", default="", help="Rule id or the start of it."),
        click.option("--type", "kind", type=click.Choice([*map(str, Category)]), help="Category."),
        click.option("--site", default="", help="Id or name of a site."),
    ):
        command = option(command)
    return command


def asked(options: Mapping[str, Any]) -> FindingQuery:
    return FindingQuery(**{name: value for name, value in options.items() if value is not None})
