"""`govcrawl store`: what the store put aside."""

import asyncio
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import Fault, told
from govcrawl.cli.output import print_json, print_table, say
from govcrawl.store.dead_letters import DeadLetter, dead_letters
from govcrawl.store.opening import replay


@click.group(help="Show and replay what the store refused.")
def command() -> None:
    pass


@command.group("deadletters", help="Documents that Elasticsearch refused, on this machine.")
def letters() -> None:
    pass


@options.example("govcrawl store deadletters list")
@letters.command("list")
@options.data_dir
@options.as_json
def list_letters(data_dir: Path | None, as_json: bool) -> None:
    """Show every refused document with the words of the refusal."""
    with told():
        found = list(dead_letters(options.configuration(data_dir).data_dir))
    if as_json:
        for letter in found:
            print_json({"at": letter.at, "kind": letter.kind or None, "reason": letter.reason, "document": letter.document})
        return
    print_table(("refused at", "kind", "site", "reason"), [(one.at, one.kind or "-", _site(one), one.reason) for one in found])
    say(f"{len(found)} dead letters")


@options.example("govcrawl store deadletters replay")
@letters.command("replay")
@options.data_dir
def replay_letters(data_dir: Path | None) -> None:
    """Write them again, after the cause is repaired; what is refused again is kept again."""
    with told():
        config = options.configuration(data_dir)
        if not config.server:
            raise Fault("GOVCRAWL_ELASTICSEARCH_URL is not set; only Elasticsearch refuses documents")
        tried = asyncio.run(replay(config.server, config.data_dir))
    left = len(list(dead_letters(config.data_dir)))
    click.echo(f"{tried} written again, {left} refused")


def _site(letter: DeadLetter) -> object:
    return letter.document.get("site", {}).get("id", "")
