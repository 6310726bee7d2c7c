"""Articles that carry a later day than on an earlier visit, over the same text."""

from collections.abc import Iterator
from datetime import date

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.earlier import same_text
from govcrawl.page.model import Page

GRACE_DAYS = 3  # a slip in the day is put right within a weekend

PROSE = "<p>" + "会议强调要认真贯彻落实工作部署，扎实推进各项任务落地见效。" * 12 + "</p>"
MORE = "<p>会后，与会人员到项目现场察看了进展情况，并提出了下一步的要求。</p>"
AT = "http://www.qingshan.gov.cn/zwgk/gzdt/4133403.html"
_FIRST, _NEXT = date(2025, 9, 3), date(2025, 10, 3)


def _article(day: str, body: str = PROSE, label: str = "发布时间", clicks: int = 7) -> str:
    return (
        f"<title>一次会议</title><h1>一次会议</h1><p>{label}：{day} 来源：办公室 浏览次数：{clicks}</p>{body}<p>青山县办公室</p>"
    )


class NewDay(Detector):
    """An old article under a new day makes a silent column look alive (旧文新发). Whoever moved all pages at once did it to each of them."""

    id = "stale-columns/new-day"
    title = "Article under a later day than before, with the same text"
    category = Category.STALE_COLUMN
    severity, confidence = Severity.LOW, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example(
            _article("2025-11-18", clicks=93),
            "two months later, and nothing else has changed but the counter",
            url=AT,
            earlier={_FIRST: _article("2025-09-01")},
        ),
        Example(
            _article("2025年11月18日"),
            "the visit after the one that saw the new day first",
            url=AT,
            earlier={_FIRST: _article("2025-09-01"), _NEXT: _article("2025-10-02")},
        ),
    )
    clean = (
        Example(_article("2025-11-18"), "nobody was there before", url=AT),
        Example(_article("2025-09-01"), "the day it always had", url=AT, earlier={_FIRST: _article("2025-09-01")}),
        Example(_article("2025-09-04"), "a slip put right", url=AT, earlier={_FIRST: _article("2025-09-01")}),
        Example(_article("2025-06-01"), "an earlier day freshens nothing", url=AT, earlier={_FIRST: _article("2025-09-01")}),
        Example(_article("2025-11-18", PROSE + MORE), "a longer text", url=AT, earlier={_FIRST: _article("2025-09-01")}),
        Example(
            _article("2025-11-18", "<p>白菜每斤1.80元，猪肉每斤14.50元，鸡蛋每斤4.60元，较上周略有上涨，供应充足。</p>"),
            "a list of prices, with those of this week",
            url=AT,
            earlier={
                _FIRST: _article(
                    "2025-09-01", "<p>白菜每斤1.20元，猪肉每斤13.50元，鸡蛋每斤4.10元，较上周略有上涨，供应充足。</p>"
                )
            },
        ),
        Example(
            _article("2025-11-18", label="更新时间"), "updated, and it says so", url=AT, earlier={_FIRST: _article("2025-09-01")}
        ),
        Example(
            _article("2025-11-18", "<p>见附件。</p>"),
            "too little text to tell one from another",
            url=AT,
            earlier={_FIRST: _article("2025-09-01", "<p>见附件。</p>")},
        ),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        before, claim = page.earlier, page.claim if page.earlier else None
        if before is None or claim is None or (claim.day - before.published).days <= GRACE_DAYS or not same_text(page):
            return
        online = f"; it was online on {before.seen} already, before that day" if before.seen < claim.day else ""
        yield self.finding(
            page.url,
            subject=page.url,
            evidence=f"{page.title}: {claim.raw}",
            reason=f"dated {claim.day}, and {before.published} on an earlier visit; text, files and pictures are the same{online}",
            locator=claim.source,
            extra={
                "day_before": mask.text(before.published.isoformat()),
                "day_now": mask.text(claim.day.isoformat()),
                "first_visit": mask.text(before.seen.isoformat()),
                "days_later": (claim.day - before.published).days,
            },
        )
