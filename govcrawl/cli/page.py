"""`govcrawl page`: what a detector sees."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import DONE, WRONG_USE, Fault, told
from govcrawl.cli.output import print_json, print_pairs, say
from govcrawl.cli.sources import SourceError, load, sources
from govcrawl.findings.mask import text as masked
from govcrawl.findings.mask import url as masked_url
from govcrawl.kit.clock import china_today
from govcrawl.page.model import Item, Page

_LONG = 100_000


@click.group(help="Show what a detector sees of a page, without judging.")
def command() -> None:
    pass


@options.example("govcrawl page show saved.html --url http://www.example.com/ --json")
@command.command()
@options.pages
@options.now
@options.as_json
def show(names: tuple[str, ...], url: str, manifest: Path | None, now: date | None, as_json: bool) -> int:
    """Show the facts of pages: encoding, kind, dates, items of the list, hidden links, scripts of other sites."""
    failed = False
    with told():
        config = options.configuration(None)
        try:
            pages = list(sources(names, manifest, url))
        except SourceError as fault:
            raise Fault(str(fault)) from fault
    for source in pages:
        try:
            page = load(source, now or china_today(), config)
        except SourceError as fault:
            say(f"Error: {fault}")
            failed = True
            continue
        facts = facts_of(source.shown, page)
        if as_json:
            print_json(facts)
        else:
            print_pairs(_readable(facts))
    return WRONG_USE if failed else DONE


def facts_of(path: str, page: Page) -> dict[str, object]:
    """The page facts of the command line contract; texts and addresses are masked."""
    published, newest = page.published, page.newest_item
    return {
        "path": path,
        "url": masked_url(page.url),
        "encoding": page.encoding,
        "title": masked(page.title, _LONG),
        "kind": str(page.kind),
        "published": published.day.isoformat() if published else None,
        "published_from": published.source if published else None,
        "published_confidence": published.confidence if published else None,
        "newest_item": newest.dated.day.isoformat() if newest and newest.dated else None,
        "newest_item_from": newest.dated.source if newest and newest.dated else None,
        "newest_item_confidence": newest.dated.confidence if newest and newest.dated else None,
        "items": [_item(item) for item in page.items],
        "column_class": str(page.column_class) if page.column_class else None,
        "links": len(page.links),
        "hidden_links": [{"url": masked_url(link.url), "text": masked(link.text), "why": link.why} for link in page.hidden_links],
        "foreign_scripts": [{"domain": script.domain, "url": masked_url(script.url)} for script in page.foreign_scripts],
        "text_length": len(page.text),
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "title": masked(item.title, _LONG),
        "url": masked_url(item.url),
        "date": item.dated.day.isoformat() if item.dated else None,
    }


def _readable(facts: Mapping[str, object]) -> list[tuple[str, object]]:
    """The same facts with the lists one entry a line."""
    lines: list[tuple[str, object]] = []
    for name, value in facts.items():
        if isinstance(value, list):
            lines.append((name, len(value)))
            lines.extend(("", "  ".join(str(part) for part in entry.values() if part)) for entry in value)
        else:
            lines.append((name, "-" if value is None else value))
    return lines
