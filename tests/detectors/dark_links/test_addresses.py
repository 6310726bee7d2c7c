"""What an address says of itself."""

import pytest

from govcrawl.detectors.dark_links.addresses import advertised


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://www.bet365.com/", ("bet365",)),
        ("http://bet365-vip.cc/app", ("bet365",)),
        ("http://www.kaiyunsports.vip/", ("kaiyun",)),
        ("http://dafabetapp88.com/", ("dafabet",)),
        ("http://mmanbetx.com/", ("manbetx",)),
        ("http://yabo8899.com/", ("yabo",)),
        ("https://m.leyutiyu.com/", ("乐鱼体育",)),
        ("http://go.a.test/%E6%BE%B3%E9%97%A8%E6%96%B0%E8%91%A1%E4%BA%AC/", ("澳门新葡",)),
        ("http://1.2.3.4/bet365/", ("bet365",)),
        ("http://www.xn--1lqx47cx7gcrv76t.com/", ("澳门新葡",)),
    ],
)
def test_an_address_of_a_seller_names_what_it_sells(url, words):
    assert advertised(url) == words


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://www.book-shop.com/", "a shop"),
        ("http://www.kaiyunwuliu.com/", "a company that begins alike"),
        ("https://www.wjform.com/vm/5w88abc.aspx", "a ticket's random letters"),
        ("https://a.test/s?k=bet365", "what somebody looks for"),
        ("http://news.test/%E8%AD%A6%E6%96%B9%E6%9F%A5%E5%A4%84%E7%99%BE%E5%AE%B6%E4%B9%90/", "news of a raid"),
        ("http://www.alphabet.com/", "letters within a word"),
        ("http://[::1]/", "no name at all"),
        ("http://xn--/", "no name either"),
        (f"http://{'1' * 60}x.com/{'1' * 1500}x", "long numbers"),
    ],
)
def test_an_honest_address_says_nothing(url, why):
    assert advertised(url) == (), why
