"""`govcrawl scan`: the detectors on single pages."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import click

from govcrawl.cli import options
from govcrawl.cli.faults import DONE, LOOK, WRONG_USE, Fault, told
from govcrawl.cli.output import print_json, print_table, say
from govcrawl.cli.sources import Source, SourceError, load, sources
from govcrawl.config import Config
from govcrawl.detectors.base import Context, SiteView
from govcrawl.detectors.inspector import Inspection, Inspector
from govcrawl.detectors.overlay import read
from govcrawl.findings.document import Document, to_document
from govcrawl.findings.lifecycle import decide, opened
from govcrawl.findings.model import Finding, Observation, Record, SiteLabel
from govcrawl.kit.clock import china_today, utc_now
from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from govcrawl.sites.model import Site

_HEADINGS = ("severity", "rule", "page", "title", "evidence")


@options.example("govcrawl scan saved.html --url http://www.example.com/ --json", "govcrawl scan https://www.example.com/")
@click.command()
@options.pages
@options.now
@options.as_json
def command(names: tuple[str, ...], url: str, manifest: Path | None, now: date | None, as_json: bool) -> int:
    """Run the detectors on single pages: no crawl, no services.

    A folder means all files in it. Exit status: 0 nothing found, 1 findings, 2 a page could not be inspected.
    """
    with told():
        config = options.configuration(None)
        try:
            wanted = list(sources(names, manifest, url))
        except SourceError as fault:
            raise Fault(str(fault)) from fault
    if not wanted:
        raise Fault("no page to scan; name files, folders or addresses, or give --manifest")
    scan = Scan(config, now or china_today())
    found = [document for source in wanted for document in _shown(scan.documents(source), as_json=as_json)]
    if not as_json:
        print_table(_HEADINGS, map(_cells, found))
        say(f"{len(wanted) - scan.failed} pages scanned, {len(found)} findings")
    return WRONG_USE if scan.failed else LOOK if found else DONE


class Scan:
    """One run over pages; `failed` counts those that could not be inspected in full."""

    def __init__(self, config: Config, today: date) -> None:
        self.config = config
        self.today = today
        overlay = read(config.rules)
        self.inspector = Inspector(None, overlay.accepted, overlay.disabled, config.inspect_seconds)
        self.failed = 0

    def documents(self, source: Source) -> Iterator[Document]:
        """The finding documents of one page, each with the path that the user gave."""
        try:
            page = load(source, self.today, self.config)
        except SourceError as fault:
            say(f"Error: {fault}")
            self.failed += 1
        else:
            for record in self._records(source.shown, page):
                yield to_document(record) | {"page": {"path": source.shown}}

    def _records(self, name: str, page: Page) -> Iterable[Record]:
        site = Site(id=page.host, url=page.url)
        context = Context(site, self.today)
        page_said = self.inspector.inspect(page, context)
        column = column_of(page)
        view = SiteView(site, (column,) if column else (), pages=1, complete=False)
        site_said = self.inspector.conclude(view, context)
        self._complain(name, page_said, site_said)
        if page.cut:
            say(f"{name}: not inspected to its end: {page.cut}")
            self.failed += 1
        return _merged(site, [*page_said.findings, *site_said.findings])

    def _complain(self, name: str, *inspections: Inspection) -> None:
        broken = {detector: fault for inspection in inspections for detector, fault in inspection.failed.items()}
        for detector, fault in broken.items():
            say(f"{name}: not inspected by {detector} ({fault}); please report it with the page")
        self.failed += bool(broken)


def _merged(site: Site, findings: Iterable[Finding]) -> Iterable[Record]:
    """One record a fault, however often the page shows it."""
    at, records = utc_now(), dict[str, Record]()
    for finding in findings:
        seen = opened(Observation(finding, SiteLabel(site.id), campaign="", seen_at=at))
        records[seen.id] = decide(records.get(seen.id), seen, new_page=False)
    return records.values()


def _shown(documents: Iterable[Document], *, as_json: bool) -> Iterator[Document]:
    for document in documents:
        if as_json:
            print_json(document)
        yield document


def _cells(document: Document) -> tuple[str, ...]:
    finding = document["finding"]
    return (
        finding["severity"],
        document["rule"]["id"],
        document["page"]["path"],
        finding["title"],
        finding["evidence"]["snippet"],
    )
