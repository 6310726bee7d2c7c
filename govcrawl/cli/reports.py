"""The report file of a crawl, in the form that its suffix names."""

from pathlib import Path

import click

from govcrawl.frontier.protocol import Frontier
from govcrawl.report.digest import FORMS
from govcrawl.report.summary import Summary, site_document
from govcrawl.store.protocol import FindingQuery, Store


def report_file(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:  # noqa: ARG001 - click's shape
    """Refuses, before hours of crawling, what could not be written after them."""
    if value is None:
        return None
    if value.suffix.lower() not in FORMS:
        raise click.BadParameter(f"{value} has none of the suffixes {', '.join(FORMS)}")
    if not value.absolute().parent.is_dir():
        raise click.BadParameter(f"{value.absolute().parent} is no folder; make it first")
    return value


async def report_text(file: Path, summary: Summary, frontier: Frontier, store: Store) -> str:
    campaign = summary.status.campaign.id
    counts = await store.count_findings(FindingQuery(campaign=campaign), by="site")
    sites = [site_document(site, counts.get(site.id, 0)) async for site in frontier.ledger(campaign)]
    findings = [record async for record in store.findings(FindingQuery(campaign=campaign))]
    return FORMS[file.suffix.lower()](summary, sites, findings)
