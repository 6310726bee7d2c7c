"""What is kept of a robots.txt."""

from protego import Protego

from govcrawl.crawl.robots import Robots, to_keep

KEY = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA"
TEXT = f"""# by admin, token={KEY}
User-agent: *
Crawl-delay: 2
Allow: /open?token={KEY}
Disallow: /closed?token={KEY}
disallow: /private/
Sitemap: http://www.qingshan.gov.cn/map.xml?access_token={KEY}
"""


class EmptyFrontier:
    """Knows the rules of no host."""

    async def robots(self, host: str) -> str | None:  # noqa: ARG002 - the Protocol's shape
        return None


def test_an_inspection_against_the_rules_says_so_once_a_host(caplog):
    robots = Robots(EmptyFrontier(), mandate="gov.cn")
    rules = Protego.parse("User-agent: *\nDisallow: /private/")
    for page in ("1", "2"):
        for host in ("www.qingshan.gov.cn", "other.test"):
            assert robots.permits(host, f"http://{host}/private/{page}", rules) is (host != "other.test")
    assert [record.url for record in caplog.records] == ["http://www.qingshan.gov.cn/private/1"]


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
