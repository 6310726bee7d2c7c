"""What the home page of a foreign domain says of it."""

import pytest

from govcrawl.detectors.dark_links.strangers import seen
from govcrawl.page.model import Page


@pytest.mark.parametrize(
    ("html", "verdict"),
    [
        ("<title>澳门新葡京官网_bet365平台开户</title>", "spam"),
        ("<title>首页</title><meta name=keywords content='时时彩平台,百家乐,真人娱乐'>", "spam"),
        ("<title>old-fair.com</title><p>This Domain is For Sale</p>", "parked"),
        ("<title>域名出售</title><p>联系电话</p>", "parked"),
        ("<title>新华书店</title><p>图书 期刊 音像</p>", "ok"),
        ("<title>警方打掉bet365赌博网站 抓获43人</title><p>本报讯</p>", "ok"),
        ("<title>域名注册 域名转让</title><p>" + "我公司为企业提供注册、备案与主机服务。" * 100 + "</p>", "ok"),
        ("", "ok"),
    ],
)
def test_a_home_page_is_spam_or_parked_or_neither(html, verdict):
    assert seen(Page("http://www.stranger.test/", html.encode())) == verdict
