"""A title, keywords or description that advertise spam."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.titles import Pitch
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page


class SpamTitle(Detector):
    """What search engines show of a page. Warnings, lotteries run by the state and places that bear such names are no spam."""

    id = "dark-links/spam-title"
    title = "Title or description advertises spam"
    category = Category.DARK_LINK
    severity, confidence = Severity.CRITICAL, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example("<title>bet365官网-青山县民政局</title>", "a brand glued in front of the real title"),
        Example("<title>&#21271;&#20140;&#36187;&#36710;&#112;&#107;&#49;&#48;</title>", "the title in numbers"),
        Example("<title>渠县办证_渠县办证 _百度 _ 知道</title>", "poses as a search engine's page"),
        Example("<title>澳-门-新*葡*京 开户</title>", "separators between the characters"),
        Example("<title>青山县民政局</title><meta name=keywords content='时时彩平台,百家乐,真人娱乐'>", "only the keywords are changed"),
        Example("<title>微信赚钱一天100收入-赚钱最快的方法-免费0投资赚钱平台</title>", "money for nothing"),
    )  # fmt: skip
    clean = (
        Example("<title>警方打掉bet365赌博网站 抓获43人</title>", "news of a raid"),
        Example("<title>中国福利彩票双色球开奖公告-青山县民政局</title>", "the state lottery"),
        Example("<title>金沙县人民政府门户网站</title>", "a place"),
        Example("<title>澳门特别行政区代表团来访</title>", "Macao is no spam"),
        Example("<title>米兰体育报称中国足协已作出决定-青山学院</title>", "a sports paper of Milan"),
        Example("<title>关于上传照片的通知：否则无法制作毕业证书及上网注册-青山学院</title>", "an office that makes diplomas"),
        Example("<title>武汉国际博览中心-武汉国际会展中心</title>", "halls that are international"),
        Example("<title>手机赚钱、挂机赚钱、任务赚钱？小心被骗</title>", "a warning of easy money"),
        Example("<title>男子约炮后拿走对方银行卡被捕</title>", "news of a theft"),
        Example("<title>代开发票办理指南-税务局</title><meta name=keywords content='代开发票,办理'>", "a tax office's service"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        found = analysis(page)
        for place, text, sold in found.pitches:
            if found.title_sells if place == "title" else sold.points >= weights()["meta_threshold"]:
                yield self._stated(page, place, text, sold)
                return

    def _stated(self, page: Page, place: str, text: str, sold: Pitch) -> Finding:
        return self.finding(
            page.url,
            f"{place}\n{' '.join(sold.families)}\n{sold.subject}",
            text,
            reason=f"{place}: {', '.join(sold.reasons)}",
            locator="title" if place == "title" else f"meta[name={place}]",
            extra={
                "words": mask.text("、".join(sold.words)),
                "score": round(sold.points, 2),
                "technique": mask.text(f"spam-{place}"),
            },
        )
