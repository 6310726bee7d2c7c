"""What is kept of a robots.txt."""

from protego import Protego

from govcrawl.crawl.robots import to_keep

KEY = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA"
TEXT = f"""# by admin, token={KEY}
User-agent: *
Crawl-delay: 2
Allow: /open?token={KEY}
Disallow: /closed?token={KEY}
disallow: /private/
Sitemap: http://www.qingshan.gov.cn/map.xml?access_token={KEY}
"""


def test_rules_without_a_secret_are_kept_as_they_are():
    text = "User-agent: *\r\nDisallow: /a?id=3\r\nAllow: /a/b\r\n"
    assert to_keep(text) == text


def test_a_secret_is_not_kept_and_what_it_stood_in_stays_forbidden():
    kept = to_keep(TEXT)
    assert KEY[6:-4] not in kept
    rules = Protego.parse(kept)
    assert not rules.can_fetch(f"http://www.qingshan.gov.cn/closed?token={KEY}", "govcrawl")
    assert not rules.can_fetch("http://www.qingshan.gov.cn/private/x", "govcrawl")
    assert rules.can_fetch("http://www.qingshan.gov.cn/", "govcrawl")
    assert rules.crawl_delay("govcrawl") == 2
