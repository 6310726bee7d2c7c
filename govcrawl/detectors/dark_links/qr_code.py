"""QR codes that lead to spam, or to a domain that its owner lost."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.addresses import advertised
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.strangers import SAID, coded
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.model import Page

_PAGE = '<p>扫一扫关注我们<img src="/images/ewm.png" alt="二维码"></p>'
_PICTURE = "http://www.qingshan.gov.cn/images/ewm.png"


def _leading(*addresses: str) -> dict[str, tuple[str, ...]]:
    return {_PICTURE: addresses}


class QrCode(Detector):
    """Only with what the crawl read of the pictures. A foreign domain alone is no fault: codes lead to apps, forms and partners."""

    id = "dark-links/qr-code"
    title = "QR code leads to spam or to a domain that changed hands"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example(_PAGE, "a brand in the host", codes=_leading("https://www.bet365-vip.com/")),
        Example(_PAGE, "a brand spelled in Latin letters", codes=_leading("http://m.aomenxinpujing88.cc/app")),
        Example(_PAGE, "the old service account's domain was sold", codes=_leading("http://www.oldschool.test/wx"), verdicts={"www.oldschool.test": "spam"}),
        Example(_PAGE, "the app's domain is for sale", codes=_leading("http://app.counter.test/down"), verdicts={"app.counter.test": "parked"}),
        Example(_PAGE, "a redirector of a known site", codes=_leading("https://www.baidu.com/link?url=http%3A%2F%2Fwww.kaiyunsports.vip%2F")),
        Example(_PAGE, "a short link to a brand", codes=_leading("https://dwz.cn/a7Kq"), leads={"https://dwz.cn/a7Kq": "http://www.bet365-vip.com/app"}),
        Example(_PAGE, "a short link of a trusted site to a domain that was sold", codes=_leading("http://t.cn/A6x"), leads={"http://t.cn/A6x": "http://www.oldschool.test/wx"}, verdicts={"www.oldschool.test": "spam"}),
        Example(_PAGE, "the second code of a poster", codes=_leading("https://u.wechat.com/MAbc", "http://1xbet.bonus.test/")),
    )  # fmt: skip
    clean = (
        Example(_PAGE, "no code was read"),
        Example(_PAGE, "a service account", codes=_leading("https://u.wechat.com/bet365", "http://weixin.qq.com/r/bet365")),
        Example(_PAGE, "another office", codes=_leading("http://www.gov.cn/bet365/")),
        Example(_PAGE, "the site itself", codes=_leading("http://www.qingshan.gov.cn/app/bet365.html")),
        Example(_PAGE, "a form of a stranger", codes=_leading("https://www.wjform.test/vm/5w88abc.aspx")),
        Example(_PAGE, "a stranger that was looked at", codes=_leading("https://www.wjform.test/"), verdicts={"www.wjform.test": "ok"}),
        Example(_PAGE, "a host that was down", codes=_leading("https://www.wjform.test/"), verdicts={"www.wjform.test": "dead"}),
        Example(_PAGE, "a company of a like name", codes=_leading("http://www.kaiyunwuliu.com/")),
        Example(_PAGE, "a short link that nobody asked for", codes=_leading("https://dwz.cn/a7Kq")),
        Example(_PAGE, "a short link to an office", codes=_leading("http://t.cn/A6x"), leads={"http://t.cn/A6x": "http://www.gov.cn/bet365/"}),
        Example(_PAGE, "a short link to the site itself", codes=_leading("http://t.cn/A6x"), leads={"http://t.cn/A6x": "http://www.qingshan.gov.cn/bet365.html"}),
        Example(_PAGE, "news of a raid", codes=_leading("http://news.test/警方查处百家乐赌博团伙/")),
    )  # fmt: skip
    misses = (Example(_PAGE, "a short link of a service that nobody knows", codes=_leading("https://dwz.test/a7Kq")),)

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        told: set[str] = set()
        for picture, url, short in coded(page):
            domain = registrable(host_of(url))
            reason, severity = _judged(url, context.fleet.verdict(domain))
            if reason and domain not in told:
                told.add(domain)
                yield self.finding(
                    page.url,
                    f"code\n{domain}",
                    " → ".join((picture.rpartition("/")[2], *map(defanged, filter(None, (short, url))))),
                    reason=reason,
                    target=url,
                    locator=picture,
                    severity=severity,
                    extra={"technique": mask.text("qr-code")},
                )


def _judged(url: str, verdict: str) -> tuple[str, Severity]:
    """Why it is spam or lost, and how grave that is; "" where it is neither."""
    if verdict == "spam":
        return SAID[verdict], Severity.HIGH
    if words := advertised(url):
        return f"the address itself advertises: {', '.join(words)}", Severity.HIGH
    return SAID.get(verdict, ""), Severity.LOW
