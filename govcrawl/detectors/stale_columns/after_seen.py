"""Articles that claim to have been published after they were seen."""

from collections.abc import Iterator
from datetime import date

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.stale_columns.new_day import AT, GRACE_DAYS, MORE, PROSE
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.body import UNKNOWN
from govcrawl.page.earlier import same_text, same_title
from govcrawl.page.model import Page

_FIRST, _NEXT = date(2025, 9, 3), date(2025, 11, 19)


def _article(day: str, body: str = PROSE, title: str = "一次会议") -> str:
    return f'<title>{title}</title><meta name="PubDate" content="{day}"><h1>{title}</h1>{body}'


class AfterSeen(Detector):
    """Under its title another text, or one too short to tell: perhaps a new issue, perhaps an old article that was touched up. A person must
    look; the column still counts as updated by it. The same text under a later day is told by `new-day`.
    """

    id = "stale-columns/after-seen"
    title = "Article dated after the day on which it was first seen"
    category = Category.STALE_COLUMN
    severity, confidence = Severity.LOW, Confidence.LOW
    indicators = ("V1",)
    flagged = (
        Example(
            _article("2025-11-18 10:00", PROSE + MORE),
            "one sentence more, and two months younger",
            url=AT,
            earlier={_FIRST: _article("2025-09-01")},
        ),
        Example(
            _article("2025-11-18 10:00", PROSE + MORE),
            "as it stood on the visit before, and still younger than the first one",
            url=AT,
            earlier={_FIRST: _article("2025-09-01"), _NEXT: _article("2025-11-18 10:00", PROSE + MORE)},
        ),
    )
    clean = (
        Example(_article("2025-11-18"), "nobody was there before", url=AT),
        Example(
            _article("2025-09-06", PROSE + MORE),
            "within days of the first visit",
            url=AT,
            earlier={_FIRST: _article("2025-09-01")},
        ),
        Example(
            _article("2025-11-18", MORE * 3, "另一次会议"),
            "another article at the address",
            url=AT,
            earlier={_FIRST: _article("2025-09-01")},
        ),
        Example(_article("2019-04-02"), "put in later than it was published", url=AT, earlier={_FIRST: _article("2019-04-01")}),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        before, claim = page.earlier, page.claim if page.earlier else None
        if before is None or claim is None or (claim.day - before.seen).days <= GRACE_DAYS or not same_title(page):
            return
        if same_text(page) and (claim.day - before.published).days > GRACE_DAYS:
            return
        text = (
            "its text was another one then" if UNKNOWN not in (before.mark, page.body_mark) else "it says too little to compare"
        )
        yield self.finding(
            page.url,
            subject=page.url,
            evidence=f"{page.title}: {claim.raw}",
            reason=f"dated {claim.day}, and seen under this title on {before.seen} already; {text}",
            locator=claim.source,
            extra={
                "day_now": mask.text(claim.day.isoformat()),
                "first_visit": mask.text(before.seen.isoformat()),
                "days_later": (claim.day - before.seen).days,
            },
        )
