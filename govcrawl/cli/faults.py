"""Faults of use and of the world, as one message and an exit status."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from govcrawl.config import ConfigError
from govcrawl.frontier.protocol import FrontierUnreachable
from govcrawl.sites.faults import SiteListError
from govcrawl.store.protocol import StoreUnreachable

DONE, LOOK, WRONG_USE, UNREACHABLE = 0, 1, 2, 3


class Fault(click.ClickException):
    """Wrong use or bad input: ends the command with one message on stderr."""

    exit_code = WRONG_USE


class Unreachable(Fault):
    """A service that the command needs does not answer."""

    exit_code = UNREACHABLE


@contextmanager
def told() -> Iterator[None]:
    """Turns what the parts raise for people into a Fault."""
    try:
        yield
    except (ConfigError, SiteListError) as fault:
        raise Fault(str(fault)) from fault
    except (FrontierUnreachable, StoreUnreachable) as fault:
        raise Unreachable(str(fault)) from fault
