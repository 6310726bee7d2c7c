"""`govcrawl sites`: the site list."""

from dataclasses import asdict
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import DONE, WRONG_USE, told
from govcrawl.cli.lists import complain, imported, keep
from govcrawl.cli.output import print_json, print_table
from govcrawl.sites.listing import SiteList, read_list

file = click.argument("file", type=click.Path(path_type=Path))


@click.group(help="Check, import and show the site list.")
def command() -> None:
    pass


@options.example("govcrawl sites check sites.csv")
@command.command()
@file
@options.as_json
def check(file: Path, as_json: bool) -> int:
    """Read a site list; report every bad line with its number and the way out.

    Exit status 2 where a line is bad.
    """
    with told():
        listing = read_list(file)
    if as_json:
        _print_faults(listing)
    else:
        complain(listing)
        click.echo(_sum(listing))
    return WRONG_USE if listing.problems else DONE


@options.example("govcrawl sites import sites.xlsx --data-dir govcrawl-data")
@command.command("import")
@file
@options.data_dir
def import_list(file: Path, data_dir: Path | None) -> int:
    """Keep the good lines of a site list in the data directory; a known id is replaced.

    `crawl` and `campaign start` use these sites when they are given none. Exit status 2 where a line is bad.
    """
    with told():
        config = options.configuration(data_dir)
        listing = read_list(file)
        total = keep(config.data_dir, listing.sites)
    complain(listing)
    click.echo(f"{_sum(listing)}; {total} sites in {config.data_dir}")
    return WRONG_USE if listing.problems else DONE


@options.example("govcrawl sites list --json")
@command.command("list")
@options.data_dir
@options.as_json
def list_sites(data_dir: Path | None, as_json: bool) -> None:
    """Show the sites that were imported."""
    with told():
        sites = imported(options.configuration(data_dir).data_dir)
    if as_json:
        for site in sites:
            print_json(asdict(site))
    else:
        print_table(
            ("id", "name", "url", "region", "level", "organizer", "tags"),
            [(site.id, site.name, site.url, site.region, site.level, site.organizer, " ".join(site.tags)) for site in sites],
        )


def _print_faults(listing: SiteList) -> None:
    for kind, faults in (("problem", listing.problems), ("note", listing.notes)):
        for fault in faults:
            print_json({"kind": kind, "place": fault.place, "message": fault.message})
    print_json({"kind": "sum", "sites": len(listing.sites), "problems": len(listing.problems), "notes": len(listing.notes)})


def _sum(listing: SiteList) -> str:
    return f"{len(listing.sites)} sites, {len(listing.problems)} bad lines, {len(listing.notes)} notes"
