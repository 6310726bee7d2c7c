"""The day of publication: every case that date libraries get wrong on Chinese pages."""

from dataclasses import replace
from datetime import date

import pytest

from govcrawl.page.model import Page

TODAY = date(2025, 11, 20)
PROSE = "<p>" + "会议强调要认真贯彻落实工作部署，扎实推进各项任务落地见效。" * 12 + "</p>"


def page(html, url="http://www.qingshan.gov.cn/zwgk/content", today=TODAY):
    return Page(url, f"<html><head><title>关于工作的报道</title></head><body>{html}</body></html>".encode(), today=today)


@pytest.mark.parametrize(
    ("html", "day", "source"),
    [
        ('<meta name="PubDate" content="2024-03-05 09:10">', date(2024, 3, 5), "meta:pubdate"),
        ('<meta name="PubDate" content="2024-03-05 14\u223606">', date(2024, 3, 5), "meta:pubdate"),
        ('<meta name="pubdate" content="2024-03-05 09:10:11">', date(2024, 3, 5), "meta:pubdate"),
        (f"<p>发布时间：2024年3月5日</p><p>2019年4月15日，会议召开。</p>{PROSE}", date(2024, 3, 5), "label"),
        (f"<div>今天是2025年11月20日 星期四</div><p>发布时间：2024年3月5日</p>{PROSE}", date(2024, 3, 5), "label"),
        (f"<p>来源：办公室 2024-03-05 浏览次数：12</p>{PROSE}", date(2024, 3, 5), "byline"),
        (f"<h1>关于工作的报道</h1><p>2024-03-05 10:12 民政局</p>{PROSE}<p>2023-12-29</p>", date(2024, 3, 5), "headline"),
        (f"<h1>关于工作的报道</h1><p>有效期至：</p><p>2025-03-05</p>{PROSE}<p>2024年3月5日</p>", date(2024, 3, 5), "sign-off"),
        (f"<p>2021年12月31日，我局开展检查。</p>{PROSE}<p>青山县民政局</p><p>2024年3月5日</p>", date(2024, 3, 5), "sign-off"),
        (f"<p>本办法自2019年4月15日起施行。</p>{PROSE}<p>2024年3月5日</p>", date(2024, 3, 5), "sign-off"),
        (f"{PROSE}<p>青山县人民政府</p><p>二〇二四年三月五日</p>", date(2024, 3, 5), "sign-off"),
        (f"{PROSE}<p>二〇二三年十二月二十九日</p>", date(2023, 12, 29), "sign-off"),
    ],
)
def test_the_day_is_read_from_the_most_trusted_place(html, day, source):
    published = page(html).published
    assert (published.day, published.source) == (day, source)


@pytest.mark.parametrize("headline", ["洪水马上就要来到！", "青山县第十八届人民代表大会今天开幕"])
def test_the_last_words_of_a_headline_say_nothing_of_the_day_below_it(headline):
    html = f"<title>{headline}-青山县</title><h1>{headline}</h1><p>2024-03-05</p>{PROSE}"
    published = Page("http://www.qingshan.gov.cn/zwgk/content", html.encode(), today=TODAY).published
    assert (published.day, published.source) == (date(2024, 3, 5), "headline")


@pytest.mark.parametrize(
    "html",
    [
        f"{PROSE}<p>版权所有 © 2016-2025</p>",
        f"{PROSE}<p>京ICP备20240305号</p>",
        f"<div>今天是2025年11月20日 星期四</div>{PROSE}",
        f"{PROSE}<p>发布时间：2031年3月5日</p>",
        f"<p>报名截止2025年3月5日</p>{PROSE}",
        f"{PROSE}<p>国发〔2024〕3号</p>",
    ],
)
def test_no_day_is_made_up(html):
    assert page(html).published is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://www.a.gov.cn/art/2024/3/5/art_1255397_3921195.html", date(2024, 3, 5)),
        ("http://www.a.gov.cn/zwgk/202403/t20240305_4133403.html", date(2024, 3, 5)),
        ("http://www.a.gov.cn/20240305/c10123af.html", date(2024, 3, 5)),
    ],
)
def test_an_address_may_tell_the_day(url, day):
    assert page(PROSE, url).published.day == day


@pytest.mark.parametrize(
    ("markup", "moment", "told"),
    [
        (f"{PROSE}<p>2024年3月5日</p>", "Mon, 04 Mar 2024 17:00:00 GMT", ("sign-off + last-modified", 0.68)),
        (f"{PROSE}<p>2024年3月5日</p>", "Mon, 04 Mar 2024 09:00:00 GMT", ("sign-off", 0.6)),
        (f"{PROSE}<p>2024年3月5日</p>", "yesterday", ("sign-off", 0.6)),
        (f"{PROSE}<p>发布时间：2024-03-05</p>", "Tue, 05 Mar 2024 09:00:00 GMT", ("label", 0.9)),
    ],
)
def test_the_moment_of_the_file_counts_beside_a_weak_day_only(markup, moment, told):
    published = replace(page(markup), headers={"last-modified": moment}).published
    assert published is not None
    assert (published.day, published.source, published.confidence) == (date(2024, 3, 5), *told)


def test_the_moment_of_the_file_alone_tells_nothing():
    assert replace(page(PROSE), headers={"last-modified": "Tue, 05 Mar 2024 09:00:00 GMT"}).published is None


JAPANESE = "<p>" + "会議では新しい計画について説明があり、参加者の意見を聞きました。" * 10 + "</p>"


@pytest.mark.parametrize(
    ("prose", "source"),
    [(JAPANESE, "htmldate"), (PROSE + "<p>ソニー公司の产品</p>", "label"), (PROSE, "label")],
    ids=["Japanese", "Chinese that names a Japanese company", "Chinese"],
)
def test_a_japanese_page_is_left_to_htmldate(prose, source):
    found = page(f'<head><meta name="date" content="2024-03-05"></head><p>发布时间：2024-03-05</p>{prose}').published
    assert (found.day, found.source) == (date(2024, 3, 5), source)


@pytest.mark.parametrize(
    "told",
    [
        "报名截止日期：2025年5月31日",
        "<b>报名截止日期</b>：<b>2025</b>年<b>5</b>月<b>31</b>日",
        "活动时间 2025年3月27日",
        "一、时间：2025年3月27日",
        "（二）时间：2025年3月27日",
        "<b>线下评审时间</b>：2025年3月14日",
        "考生应于北京时间2025年4月1-30日报名",
        "观测日期：2025年1月21日",
        "竣工日期：2025年2月1日",
        "（2015年5月18日中共中央发布　2020年11月30日中共中央政治局会议修订）",
    ],
)
def test_the_time_of_something_else_is_not_that_of_publication(told):
    html = f"<h1>关于工作的报道</h1><p>2024-03-05 10:12 民政局</p>{PROSE}<p>{told}。</p><p>特此公告。</p>"
    assert page(html).published.day == date(2024, 3, 5)


@pytest.mark.parametrize("label", ["时间：", "日 期：", "信息发布时间：", "录入日期:", "【时间：", "发布于", "文章更新时间 "])
def test_a_label_of_publication_is_one_however_it_is_written(label):
    published = page(f"<p>来源：办公室 {label}2024-03-05</p>{PROSE}<p>2023年1月1日</p>").published
    assert (published.day, published.source) == (date(2024, 3, 5), "label")


def test_a_dateline_may_name_the_source_with_its_address():
    line = "http://house.example.com.cn 2005年03月31日03:18 北京娱乐信报"
    published = page(f"<h1>关于工作的报道</h1><p>{line}</p>{PROSE}<p>2005-03-02</p>").published
    assert (published.day, published.source) == (date(2005, 3, 31), "headline")


def test_a_page_in_another_language_is_dated_by_its_address_at_last():
    english = "<p>" + "The institute trains accountants of the province. " * 20 + "</p>"
    published = page(english, "http://www.qingshan.gov.cn/english/about/201806/t20180622_55734.html").published
    assert (published.day, published.source) == (date(2018, 6, 22), "address")


@pytest.mark.parametrize("line", ["<p>2024-03-05 10:12:07 县物价局</p>{}", "<p>2024.03.05</p>{}<p>特此通知。</p>"])
def test_the_only_moment_of_an_article_is_its_dateline(line):
    html = f"<title>青山县人民政府</title><h1>关于工作的报道</h1>{line.format(PROSE * 2)}"
    published = Page("http://www.qingshan.gov.cn/zwgk/articleinfo-285.html", html.encode(), today=TODAY).published
    assert (published.day, published.source) == (date(2024, 3, 5), "dateline")


def test_a_headline_with_spaces_is_found_above_its_day():
    html = f"<title>守初心 担使命 凝聚党建新合力-青山县</title><h1>守初心 担使命 凝聚党建新合力</h1><p>2024-03-05 文/记者 张波</p>{PROSE}"
    published = Page("http://www.qingshan.gov.cn/zwgk/content", html.encode(), today=TODAY).published
    assert (published.day, published.source) == (date(2024, 3, 5), "headline")


@pytest.mark.parametrize("headline", ["青山县2025年教师招录考试", "防火泥在哪里可以买到", "拘留所门前服软", "管理办法今日施行"])
def test_a_headline_before_a_label_says_nothing_of_the_day_behind_it(headline):
    published = page(f"<h1>{headline}</h1><p>发布时间：2024-03-05</p>{PROSE}").published
    assert (published.day, published.source) == (date(2024, 3, 5), "label")


def test_the_first_sentence_of_a_story_is_no_byline():
    html = f"<p>来源：本网。机场于2007年9月23日正式对旅客开放。</p>{PROSE}"
    found = page(html).published
    assert found is None or found.source != "byline"
