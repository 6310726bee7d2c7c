"""What one visit of an article leaves for the next."""

from datetime import date

import pytest

from govcrawl.page.earlier import Earlier, remembered, same_text, same_title
from govcrawl.page.model import Page

PROSE = "<p>" + "会议强调要认真贯彻落实工作部署，扎实推进各项任务落地见效。" * 12 + "</p>"
SEPTEMBER, OCTOBER, NOVEMBER = date(2025, 9, 2), date(2025, 10, 2), date(2025, 11, 20)


def visit(today, published, earlier=None, *, title="一次会议", body=PROSE, label="发布时间"):
    html = f"<title>{title}</title><h1>{title}</h1><p>{label}：{published} 来源：办公室</p>{body}"
    return Page("http://www.qingshan.gov.cn/zwgk/1.html", html.encode(), today=today, earlier=earlier)


def test_what_was_packed_is_read_again():
    kept = Earlier(date(2025, 9, 1), SEPTEMBER, 2**32 - 1, 65535)
    assert Earlier.read(kept.packed()) == kept
    assert len(kept.packed()) == 14


@pytest.mark.parametrize("packed", ["", "x", "A" * 13, "A" * 15, "A" * 16, "é" * 14, "!" * 14])
def test_what_nobody_packed_is_nothing(packed):
    assert Earlier.read(packed) is None


def test_a_text_keeps_its_first_day_and_its_first_visit():
    first = remembered(visit(SEPTEMBER, "2025-09-01"))
    assert first[:2] == (date(2025, 9, 1), SEPTEMBER)
    second = remembered(visit(OCTOBER, "2025-10-01", first))
    assert second == first
    assert remembered(visit(OCTOBER, "2025-08-01", first)).published == date(2025, 8, 1)


def test_another_text_has_a_day_of_its_own_and_another_title_begins_anew():
    first = remembered(visit(SEPTEMBER, "2025-09-01"))
    rewritten = visit(OCTOBER, "2025-10-01", first, body=PROSE + "<p>会后察看了现场。</p>")
    assert not same_text(rewritten)
    assert same_title(rewritten)
    assert remembered(rewritten)[:2] == (date(2025, 10, 1), SEPTEMBER)
    assert remembered(visit(OCTOBER, "2025-10-01", first, title="另一次会议"))[:2] == (date(2025, 10, 1), OCTOBER)


def test_what_claims_no_day_leaves_what_was_known():
    first = remembered(visit(SEPTEMBER, "2025-09-01"))
    assert remembered(visit(OCTOBER, "2025-10-01", first, label="更新时间")) == first
    assert remembered(visit(OCTOBER, "2025-10-01", label="更新时间")) is None
    assert remembered(Page("http://www.qingshan.gov.cn/", b"<p>-", today=NOVEMBER)) is None


def test_a_list_leaves_nothing():
    rows = "".join(
        f'<li><a href="/art/{n}.html">关于第{n}项工作情况的报道</a><span>2025-11-0{n}</span></li>' for n in range(1, 8)
    )
    page = Page("http://www.qingshan.gov.cn/gzdt/", f"<ul>{rows}</ul>".encode(), today=NOVEMBER)
    assert remembered(page) is None
