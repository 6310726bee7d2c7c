"""A verdict as one JSON object and as the lines of a bulletin's author."""

from collections.abc import Sequence

from govcrawl.audit.ruling import Instance, Outcome, Ruling
from govcrawl.audit.verdict import Verdict
from govcrawl.findings.document import Document, encodable, site_document

HEADINGS = ("verdict", "site", "name", "vetoes", "open", "pages", "state", "judged on")
RULING_HEADINGS = ("site", "indicator", "outcome", "counted", "falls at", "why, and what is missing")
INSTANCE_HEADINGS = ("site", "indicator", "what", "why", "url")

_TOLD = (Outcome.FELL, Outcome.REVIEW, Outcome.UNDECIDED)


def verdict_document(verdict: Verdict) -> Document:
    report, rules = verdict.dossier.report, verdict.indicators
    document: Document = {
        "site": site_document(report.site) | {"url": report.url},
        "campaign": {"id": report.campaign},
        "state": report.state,
        "reason": report.reason,
        "pages": report.pages,
        "failed_pages": report.failed_pages,
        "day": verdict.dossier.day.isoformat(),
        "set": {"id": rules.id, "document": rules.document, "title": rules.title, "url": rules.url},
        "verdict": str(verdict.word).replace(" ", "_"),
        "vetoes": list(verdict.vetoes),
        "missing": [f"{one.indicator.id}: {one.missing}" for one in verdict.having(Outcome.UNDECIDED, Outcome.REVIEW)],
        "for_a_person": [one.indicator.id for one in verdict.having(Outcome.NOT_JUDGED, Outcome.REVIEW)],
        "indicators": [_ruling_document(one) for one in verdict.rulings],
    }
    return dict(encodable(document))


def _ruling_document(ruling: Ruling) -> Document:
    one = ruling.indicator
    return {
        "id": one.id,
        "title": one.title,
        "document": one.document,
        "verified": one.verified,
        "judge": str(one.judge),
        "outcome": str(ruling.outcome).replace(" ", "_"),
        "value": ruling.value,
        "most": ruling.most,
        "operator": str(one.operator),
        "threshold": one.threshold,
        "unit": one.unit,
        "reason": ruling.reason,
        "missing": ruling.missing,
        "advice": one.advice,
        "counted": [_instance_document(each) for each in ruling.counted],
        "open": [_instance_document(each) for each in ruling.open],
    }


def _instance_document(instance: Instance) -> Document:
    return {"name": instance.name, "url": instance.url, "why": instance.why}


def verdict_row(verdict: Verdict, *, with_day: bool = True) -> Sequence[object]:
    """The cells below HEADINGS; no name where it only repeats the id."""
    report = verdict.dossier.report
    waiting = verdict.having(Outcome.UNDECIDED, Outcome.REVIEW)
    return (
        str(verdict.word),
        report.site.id,
        report.site.name if report.site.name != report.site.id else "",
        " ".join(verdict.vetoes),
        " ".join(one.indicator.id for one in waiting),
        report.pages,
        f"{report.state} {report.reason}".strip(),
        verdict.dossier.day if with_day else None,
    )


def ruling_rows(verdict: Verdict) -> list[Sequence[object]]:
    """Of every indicator that fell, waits for a person, or could not be decided; the site once, as they stand below each other."""
    site = verdict.dossier.report.site.id
    return [
        (
            "" if number else site,
            f"{one.indicator.id} {one.indicator.title}",
            str(one.outcome),
            _amount(one),
            one.indicator.line,
            _why(one),
        )
        for number, one in enumerate(verdict.having(*_TOLD))
    ]


def _why(ruling: Ruling) -> str:
    """The reason, and what is to be done about it where the reason does not say so already."""
    next_step = ruling.missing or ruling.indicator.advice
    return "; ".join(words for words in (ruling.reason, "" if next_step in ruling.reason else next_step) if words)


def _amount(ruling: Ruling) -> str:
    if ruling.value is None:
        return ""
    more = ruling.most is not None and ruling.most > ruling.value
    return f"{ruling.value:g} to {ruling.most:g}" if more else f"{ruling.value:g}"


def instance_rows(verdict: Verdict) -> list[Sequence[object]]:
    """The columns and findings behind every indicator that is not plainly held, those that could not be judged after the others."""
    site = verdict.dossier.report.site.id
    return [
        (site, ruling.indicator.id, instance.name, instance.why, instance.url)
        for ruling in verdict.rulings
        for instance in (*ruling.counted, *ruling.open)
    ]
