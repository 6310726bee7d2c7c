"""What makes an article another text, and what only passes over it."""

from datetime import date

import pytest

from govcrawl.kit.clock import monotonic
from govcrawl.page.body import UNKNOWN
from govcrawl.page.model import Page

TODAY = date(2025, 11, 20)
FIRST = "<p>11月3日上午，县政府召开专题会议，研究部署冬季供暖保障工作，副县长主持会议并讲话。</p>"
SECOND = "<p>会议要求，各有关部门要压实责任，确保全县城乡居民温暖过冬，供热面积达到320万平方米。</p>"


def mark(body=FIRST + SECOND, *, day="2025-11-18", clicks=7, around="", after="", today=TODAY):
    html = (
        f"<title>供暖会议</title><div class='clock'>今天是{today}</div>{around}<div class='main'><h1>供暖会议</h1>"
        f"<div class='info'>发布时间：{day} 来源：办公室 浏览次数：{clicks}</div><div class='text'>{body}</div>{after}</div>"
    )
    return Page("http://www.qingshan.gov.cn/zwgk/1.html", html.encode(), today=today).body_mark


@pytest.mark.parametrize(
    "other",
    [
        {"day": "2025-11-19"},
        {"day": "2025年1月2日", "today": date(2025, 12, 1)},
        {"clicks": 12345},
        {"around": "<ul class='hot'><li><a href='/2.html'>一篇被人看得很多的文章的标题</a><span>2025-11-19</span></li></ul>"},
        {"around": "<div class='side'><p>本栏目另有一段每天更换的介绍文字。</p></div>"},
        {"after": "<p>上一篇：<a href='/3.html'>今天刚刚发布的另一篇文章的标题</a></p>"},
    ],
)
def test_days_counters_links_and_side_boxes_leave_the_text_what_it_is(other):
    assert mark(**other) == mark() != UNKNOWN


def test_the_day_below_a_signature_passes_with_the_day_of_publication():
    signed = "<p>青山县人民政府办公室 {}</p>"
    assert mark(FIRST + SECOND + signed.format("2025年11月18日"), day="2025-11-18") == mark(
        FIRST + SECOND + signed.format("2025年9月1日"), day="2025-09-01"
    )


@pytest.mark.parametrize(
    "body",
    [
        FIRST + SECOND.replace("320", "321"),
        FIRST + SECOND + "<p>会后察看了现场。</p>",
        FIRST,
        FIRST + SECOND + "<p><a href='/files/price.pdf'>附件</a></p>",
        FIRST + SECOND + "<p><img src='/images/1.jpg'></p>",
        FIRST + SECOND.replace("各有关部门", "2025年12月1日前各有关部门"),
    ],
)
def test_words_figures_files_pictures_and_the_days_of_the_story_make_another_text(body):
    assert mark(body) != mark()


def test_of_a_single_paragraph_what_is_added_beside_it_counts():
    assert mark(FIRST * 3) != mark(FIRST * 3 + "<p>会后察看了现场。</p>")


@pytest.mark.parametrize("body", ["", "<p>见附件。</p>", "<p>图片新闻</p>"])
def test_too_little_text_tells_nothing(body):
    assert mark(body) == UNKNOWN


def test_the_addresses_in_a_footer_are_no_text():
    """Seen on the saved pages of a school: seven lines of addresses under an article of one picture."""
    footer = "".join(f"<p>南京第{n}学校：南京市玄武区珠江路6{n}号华利国际大厦4521室 025-8311009{n}</p>" for n in range(7))
    assert mark("<img src='/images/1.jpg'>", after=f"<div class='foot'>{footer}</div>") == UNKNOWN


def test_a_page_without_a_body_has_no_mark():
    assert Page("http://www.qingshan.gov.cn/", b"").body_mark == UNKNOWN


def test_a_page_of_boxes_within_boxes_takes_no_time():
    """5,000 sentences, each 5,000 elements deep, would be 25 million steps."""
    page = Page(
        "http://www.qingshan.gov.cn/1.html",
        ("<div>" * 4_000 + "<p>会议强调要认真贯彻落实工作部署，推进任务。</p>" * 5_000).encode(),
    )
    assert page.text
    started = monotonic()
    assert page.body_mark != UNKNOWN
    assert monotonic() - started < 2
