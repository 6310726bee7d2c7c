"""Hosts whose secured connection a browser warns of."""

from collections.abc import Iterator
from datetime import UTC, datetime

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page
from govcrawl.page.tls import TlsFault, TlsKind

_AT = "https://www.qingshan.gov.cn/"
_NAME = "CN=www.qingshan.gov.cn"
_DAY = datetime(2025, 10, 1, tzinfo=UTC)
# An issuer that our list lacks may be in the visitor's: the national authorities are in few.
_MILD = (TlsKind.UNKNOWN_ISSUER, TlsKind.OLD_PROTOCOL)


class InsecureTls(Detector):
    """Once a host: the page is read all the same, as by a visitor who clicks the warning away."""

    id = "availability/insecure-tls"
    title = "Secured connection that browsers warn of"
    category = Category.AVAILABILITY
    severity, confidence = Severity.MEDIUM, Confidence.HIGH
    flagged = (
        Example(
            "<p>首页", "the certificate ran out", _AT, tls=TlsFault(TlsKind.EXPIRED, "expired", "TLSv1.2", _NAME, _NAME, _DAY)
        ),
        Example(
            "<p>首页", "made by the unit itself", _AT, tls=TlsFault(TlsKind.SELF_SIGNED, "self-signed", "TLSv1.3", _NAME, _NAME)
        ),
        Example(
            "<p>首页", "made for another site", _AT, tls=TlsFault(TlsKind.WRONG_NAME, "mismatch", "TLSv1.3", _NAME, "CN=b.test")
        ),
        Example("<p>首页", "browsers refuse TLS 1.0", _AT, tls=TlsFault(TlsKind.OLD_PROTOCOL, "speaks TLSv1 at best", "TLSv1")),
    )
    clean = (
        Example("<p>首页", "nothing was wrong with the connection", _AT),
        Example("<p>首页", "a page without TLS has no certificate", "http://www.qingshan.gov.cn/"),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the page is enough
        if (fault := page.tls) is None:
            return
        mild = fault.kind in _MILD
        until = f"{fault.valid_until:%Y-%m-%d}" if fault.valid_until else "unknown"
        yield self.finding(
            page.url,
            f"{page.host} {fault.kind}",
            f"{page.host}: subject {fault.subject or 'unknown'}, issuer {fault.issuer or 'unknown'}, valid until {until}",
            reason=f"certificate or protocol {fault.kind}: {fault.words}",
            severity=Severity.LOW if mild else None,
            confidence=Confidence.MEDIUM if mild else None,
            extra={
                "issuer": mask.text(fault.issuer),
                "subject": mask.text(fault.subject),
                "valid_until": mask.text(until),
                "protocol": mask.text(fault.protocol),
            },
        )
