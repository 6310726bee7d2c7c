"""`govcrawl setup`: what the services need before the first crawl."""

import asyncio

import click

from govcrawl.cli import options
from govcrawl.cli.faults import Fault, told
from govcrawl.cli.stores import opened
from govcrawl.config import Config


@click.group(help="Provision Elasticsearch; may be repeated.")
def command() -> None:
    pass


@options.example("GOVCRAWL_ELASTICSEARCH_URL=http://127.0.0.1:9200 govcrawl setup elasticsearch")
@command.command()
def elasticsearch() -> None:
    """Make the indices and templates that are missing; nothing that is there is changed."""
    with told():
        config = options.configuration(None)
        if not config.elasticsearch_url:
            raise Fault("GOVCRAWL_ELASTICSEARCH_URL is not set; name the Elasticsearch to provision")
        asyncio.run(_provision(config))
    click.echo(f"{config.shown()['GOVCRAWL_ELASTICSEARCH_URL']} is ready")


async def _provision(config: Config) -> None:
    async with opened(config) as store:
        await store.setup()
