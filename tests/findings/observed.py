"""Made-up observations for the tests of life cycle and store."""

from datetime import UTC, datetime, timedelta

from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Observation, Rule, Severity, SiteLabel

NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC)
SITE = SiteLabel("1100000001", "示例市人民政府", "示例省示例市", "市", "示例市人民政府办公室")


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def finding(url: str = "http://www.example.gov.cn/", subject: str = "http://bet.test/", **changed: object) -> Finding:
    facts = {
        "rule": Rule("dark-links/hidden-by-style", 1, "Hidden by style"),
        "category": Category.DARK_LINK,
        "severity": Severity.CRITICAL,
        "confidence": Confidence.HIGH,
        "title": "Link to another site hidden by inline style",
        "url": url,
        "subject": subject,
        "evidence": Evidence(
            mask.text("某市人民政府门户网站 时时彩平台"),
            "body > div:nth-child(3)",
            mask.text("http://bet.test/"),
            mask.text("display:none"),
            {"links": 12, "offsite": True, "technique": mask.text("style")},
        ),
        "indicators": ("V1",),
    }
    return Finding(**facts | changed)


def observation(
    url: str = "http://www.example.gov.cn/",
    subject: str = "http://bet.test/",
    *,
    campaign: str = "2026-q1",
    minutes: float = 0,
    site: SiteLabel = SITE,
    **changed: object,
) -> Observation:
    return Observation(finding(url, subject, **changed), site, campaign, after(minutes))
