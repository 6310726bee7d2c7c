"""Articles whose day of publication is much later than the day in their address."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.dates import day_in_address
from govcrawl.page.model import Page

_PROSE = "<p>" + "会议强调要认真贯彻落实工作部署，扎实推进各项任务落地见效。" * 12 + "</p>"
_AT = "http://www.qingshan.gov.cn/zwgk/gzdt/{}/t{}_4133403.html"
_GRACE_DAYS = 60  # a draft may lie for weeks before it is published


def _article(day: str) -> str:
    return f'<meta name="ArticleTitle" content="报道"><meta name="PubDate" content="{day}"><h1>一篇报道</h1>{_PROSE}'


class Redated(Detector):
    """An old article under a new day hides a silence (旧文新发). A page that was moved is older than its address, never younger."""

    id = "stale-columns/redated"
    title = "Article dated much later than its address"
    category = Category.STALE_COLUMN
    severity, confidence = Severity.LOW, Confidence.LOW
    indicators = ("V1",)
    flagged = (
        Example(_article("2025-11-18 10:00"), "filed in March 2024, dated November 2025", url=_AT.format("202403", "20240305")),
        Example(
            f"<h1>一篇报道</h1><p>发布时间：2025年11月18日 来源：办公室</p>{_PROSE}",
            "the day below the headline",
            url="http://www.qingshan.gov.cn/art/2023/7/5/art_12_34.html",
        ),
    )
    clean = (
        Example(_article("2024-03-12 10:00"), "published a week after it was filed", url=_AT.format("202403", "20240305")),
        Example(_article("2007-08-20"), "an old article that was moved to a new system", url=_AT.format("202310", "20231023")),
        Example(
            f"<h1>办事指南</h1><p>更新时间：2025年11月18日</p>{_PROSE}",
            "updated, and it says so",
            url="http://www.qingshan.gov.cn/art/2023/7/5/art_12_34.html",
        ),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        filed = day_in_address(page.url, context.today)
        claim = page.claim if filed else None
        if filed is None or claim is None or (claim.day - filed).days <= _GRACE_DAYS:
            return
        yield self.finding(
            page.url,
            subject=page.url,
            evidence=f"{page.title}: {claim.raw}",
            reason=f"dated {(claim.day - filed).days} days after {filed}, the day in its address",
            locator=claim.source,
        )
