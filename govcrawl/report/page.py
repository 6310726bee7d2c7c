"""The report of one crawl as a single HTML page, to be read, printed and passed on."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files

from lxml import etree
from lxml.html import HtmlElement, builder

from govcrawl.findings.model import Record
from govcrawl.kit.plain import plain
from govcrawl.report.gravity import gravest_first
from govcrawl.report.summary import Summary

_STYLE = (files("govcrawl.report") / "page.css").read_text("utf-8")
# Nothing but this one style block is obeyed: no script runs, nothing is fetched, no form is sent, whatever stands in the page.
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; base-uri 'none'; form-action 'none'"
_LONGEST = 1_000  # of a cell
_SITE_HEADINGS = ("id", "url", "state", "reason", "pages", "failed_pages", "findings")


def as_html(summary: Summary, sites: Sequence[Mapping[str, object]], findings: Sequence[Record]) -> str:
    """A tree of elements written out: text of a page stays text, whatever it looks like."""
    name = f"Inspection {summary.status.campaign.id}"
    page = builder.HTML(
        builder.HEAD(
            builder.META(charset="utf-8"),
            builder.META({"http-equiv": "Content-Security-Policy", "content": _POLICY}),
            builder.META(name="referrer", content="no-referrer"),
            builder.META(name="viewport", content="width=device-width"),
            builder.TITLE(_said(name)),
            builder.STYLE(_STYLE),
        ),
        builder.BODY(
            builder.H1(_said(name)),
            builder.DL(*(part for label, value in summary.lines() for part in (builder.DT(label), builder.DD(_said(value))))),
            builder.H2("Findings"),
            _table(("severity", "site", "what", "where", "pages", "evidence"), map(_row, gravest_first(findings))),
            builder.H2("Sites"),
            _table(_SITE_HEADINGS, ([builder.TD(_said(site[name])) for name in _SITE_HEADINGS] for site in sites)),
        ),
        lang="zh-CN",
    )
    return str(etree.tostring(page, method="html", encoding="unicode", doctype="<!DOCTYPE html>"))


def _row(record: Record) -> list[HtmlElement]:
    """Addresses are text: a report that is passed on leads nobody to the pages that it warns of."""
    finding, site = record.finding, record.site
    severity = builder.TD(str(finding.severity))
    severity.set("class", str(finding.severity))
    evidence = finding.evidence
    return [
        severity,
        builder.TD(_said(site.name or site.id), _small(site.organizer)),
        builder.TD(_said(finding.title), _small(finding.rule.id)),
        builder.TD(_said(finding.url)),
        builder.TD(_said(record.occurrences)),
        builder.TD(_said(evidence.snippet), _small(evidence.target), _small(evidence.reason)),
    ]


def _table(headings: Iterable[str], rows: Iterable[Iterable[HtmlElement]]) -> HtmlElement:
    head = builder.THEAD(builder.TR(*map(builder.TH, headings)))
    return builder.TABLE(head, builder.TBODY(*(builder.TR(*row) for row in rows)))


def _small(value: object) -> HtmlElement | str:
    return builder.SMALL(_said(value)) if value else ""


def _said(value: object) -> str:
    text = "" if value is None else plain(str(value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
