"""`govcrawl setup`: what the services need before the first crawl."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from govcrawl.cli import options
from govcrawl.cli.faults import Fault, Unreachable, told
from govcrawl.cli.output import say
from govcrawl.config import Config
from govcrawl.report import kibana as dashboards
from govcrawl.store.opening import provision


@click.group(help="Provision Elasticsearch and Kibana; may be repeated.")
def command() -> None:
    pass


def _dry_run(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--dry-run", is_flag=True, help="Only say what would be done.")(command)


@options.example("GOVCRAWL_ELASTICSEARCH_URL=http://127.0.0.1:9200 govcrawl setup elasticsearch --dry-run")
@command.command()
@click.option("--keys", is_flag=True, help="Make an API key for each role, too, in files below `keys` of the data directory.")
@options.data_dir
@_dry_run
def elasticsearch(*, keys: bool, data_dir: Path | None, dry_run: bool) -> None:
    """Make the indices and templates that are missing, and add the fields that came with this version.

    No document is changed. For --keys the address must hold a user who may make keys: an API key may not. What is printed names the
    files and never a key; GOVCRAWL_ELASTICSEARCH_API_KEY_FILE takes them as they are.
    """
    with told():
        config = options.configuration(data_dir)
        if not config.server:
            raise Fault("GOVCRAWL_ELASTICSEARCH_URL is not set; name the Elasticsearch to provision")
        folder = config.data_dir / "keys" if keys else None
        changes = asyncio.run(provision(config.server, keys=folder, dry_run=dry_run))
    for change in changes:
        click.echo(f"would {change}" if dry_run else change)
    click.echo(_end(config.shown()["GOVCRAWL_ELASTICSEARCH_URL"], changed=bool(changes), dry_run=dry_run))


@options.example("GOVCRAWL_KIBANA_URL=http://127.0.0.1:5601 govcrawl setup kibana --dry-run")
@command.command()
@_dry_run
def kibana(dry_run: bool) -> None:
    """Put the data views and dashboards into Kibana 9.5 or later; those of the same name are replaced.

    The API key is that of GOVCRAWL_ELASTICSEARCH_API_KEY; the address may end in /s/SPACE.
    """
    with told():
        config = options.configuration(None)
        if dry_run:
            for request in dashboards.requests():
                click.echo(f"would put {dashboards.told(*request)}")
            return
        if not config.kibana_url:
            raise Fault("GOVCRAWL_KIBANA_URL is not set; name the Kibana to provision, or see `govcrawl dashboards show`")
        asyncio.run(_put_dashboards(config))
    click.echo(f"{config.shown()['GOVCRAWL_KIBANA_URL']} is ready")


async def _put_dashboards(config: Config) -> None:
    try:
        async with dashboards.Kibana(config.kibana_url, config.elasticsearch_api_key, config.elasticsearch_ca) as server:
            say(f"Kibana {await server.check()}")
            for request in dashboards.requests():
                await server.send(*request)
                click.echo(dashboards.told(*request))
    except dashboards.KibanaUnreachable as fault:
        raise Unreachable(str(fault)) from fault


def _end(place: str, *, changed: bool, dry_run: bool) -> str:
    if not changed:
        return f"{place} is ready: nothing to change"
    return f"{place} is unchanged" if dry_run else f"{place} is ready"
