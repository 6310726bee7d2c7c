"""Marks of state secrets and of papers for internal use."""

import re
from collections.abc import Iterator

import re2

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.leaks.catalogue import alarm_on
from govcrawl.detectors.leaks.view import view_of
from govcrawl.detectors.rules import Piece
from govcrawl.findings import mask
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

# GB/T 9704: degree, star, term; top left of page one. The order is fixed, the spaces are not.
_MARK = re2.compile(r"(绝\s*密|机\s*密|秘\s*密)\s*[★☆]\s*(\d{1,2}\s*(?:年|个月|月)|长期|特急|加急|[一二三五十]+年)?")
_INTERNAL = re2.compile(
    r"内部(?:资料|文件|材料|使用|刊物)\s*[，,：:、 ]?\s*(?:注意保[存密管]|不得外传|严禁外传|请勿外传|妥善保管|严禁翻印)|(?:工作秘密|密码电报|仅供内部(?:使用|参考|工作)|不予公开)\s*(?:\n|<|$)"
)
_VETO = re.compile(
    r"启用前|试题|试卷|真题|考试|高考|中考|模拟|统考|联考|测试卷|答案|保密(?:法|宣传|知识|教育|培训|测试|须知|常识|小贴士|标志)|标志(?:形式|为|样式)|标[注识明]|例如|比如|样式|格式|字样|商业秘密"
    r"|已解密|解密|定密|密级(?:的|和|、|确定|标)|国家秘密载体|公文(?:格式|写作|处理)|应当?(?:标|在)|什么是|个人隐私|小说|电影|电视剧|纪录片|档案馆|历史|揭秘|绝密档案"
)
_TAGS = re.compile(r"<[^<>]*>|&nbsp;|\s+")
_FIRST_PAGE = 600 * 3  # bytes of the first 600 Chinese characters
_AROUND = 300


class ClassifiedMarks(Detector):
    """Reported as suspected (疑似): a person has to look. Nothing but the mark itself is kept, no word around it."""

    id = "leaks/classified-mark"
    title = "Suspected mark of a state secret (疑似，待人工核实)"
    category = Category.SECURITY_LEAK
    severity, confidence = Severity.CRITICAL, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example(
            "<html><head><title>通知</title></head><body><p>机密★5年</p><p>青山发〔2020〕1号</p></body></html>",
            "a line of its own, as on paper",
        ),
        Example(
            "000001\n秘密★1年\n特急\n关于某项工作的通知",
            "second line of a text file",
            url="http://www.qingshan.gov.cn/files/a.txt",
        ),
        Example("<html><body><p>内部资料 注意保存</p><p>工作简报</p></body></html>", "a paper for internal use"),
    )
    clean = (
        Example("<p>绝密★启用前</p><p>2020年普通高等学校招生考试语文试题</p>", "an examination paper"),
        Example(
            "<html><head><title>保密知识</title></head><body><p>国家秘密的标志为：密级★保密期限，例如</p><p>机密★5年</p></body></html>",
            "a lesson on secrecy",
        ),
        Example("<p>该文件原为秘密★1年，现已解密并公开。</p>", "declassified"),
        Example("<p>侵犯商业秘密的处罚</p>", "a trade secret is no state secret"),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the page is enough
        if "marks" not in alarm_on(page).triggers:
            return
        view = view_of(page)
        if _VETO.search(view.title):
            return
        for piece in view.readings:
            for match in [*_MARK.finditer(piece.data), *_INTERNAL.finditer(piece.data)]:
                if _alone(piece, match.start(), match.end()) and not _explained(piece, match.start(), match.end()):
                    yield self._finding(page, piece, match.start(), match.group().decode("utf-8", "ignore"))
                    return

    def _finding(self, page: Page, piece: Piece, start: int, mark: str) -> Finding:
        internal = "★" not in mark and "☆" not in mark
        first = piece.target == "attachment" and start < _FIRST_PAGE
        return self.finding(
            page.url,
            page.url.partition("?")[0],
            mask.join(Masked("[…] "), mask.text(" ".join(_TAGS.sub(" ", mark).split())), Masked(" […]")),
            locator=piece.at(start),
            reason="Suspected; the text itself is not kept. To be checked by a person.",
            title="Paper for internal use" if internal else self.title,
            severity=Severity.HIGH if internal else Severity.CRITICAL,
            confidence=Confidence.LOW if internal else Confidence.HIGH if first else Confidence.MEDIUM,
            extra={"content_sha256": mask.digest(page.body)},
        )


def _alone(piece: Piece, start: int, end: int) -> bool:
    """The mark is a line or an element of its own, not a word in a sentence."""
    data = piece.data
    before = data[max(0, start - 40) : start].decode("utf-8", "ignore")
    after = data[end : end + 40].decode("utf-8", "ignore")
    opened = re.search(r"(?:^|[>\n\t]|&nbsp;)[\s　]*(?:密级[：:]\s*)?$", before) is not None
    return opened and re.match(r"[\s　]*(?:$|[<\n\t]|&nbsp;)", after) is not None


def _explained(piece: Piece, start: int, end: int) -> bool:
    """Words around it that say it is an example, an examination or history."""
    around = piece.data[max(0, start - _AROUND * 3) : end + _AROUND * 3].decode("utf-8", "ignore")
    return bool(_VETO.search(_TAGS.sub("", around)))
