"""What is looked at first says no only where the full look finds nothing."""

import pytest

from govcrawl.detectors.base import Context, Loading
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.link_farm import LinkFarm
from govcrawl.detectors.dark_links.script_loader import ScriptLoader
from govcrawl.detectors.dark_links.spam_anchors import SpamAnchors
from govcrawl.detectors.dark_links.titles import may_pitch, pitch
from govcrawl.detectors.dark_links.vocabulary import vocabulary
from govcrawl.page.model import Page
from govcrawl.sites.model import Site

URL = "http://www.qingshan.gov.cn/"
FARM = (
    "坂田网站优化沙井SEO按天扣费横岗标王南山网络推广民治百度竞价大鹏网站建设福永网站优化永湖标王盐田营销网站坪地网站推广龙岗SEO优化"
    * 2
)
NUMBERS = "".join(f"&#{ord(letter)};" for letter in "http://bad.test.com/yb.js")


class Knowing:
    """A fleet in which some domains were seen to be spam."""

    def __init__(self, *spam: str) -> None:
        self._spam = spam

    def hidden_on(self, _domain: str) -> int:
        return 0

    def linked_by(self, _domain: str) -> int:
        return 0

    def verdict(self, domain: str) -> str:
        return "spam" if domain in self._spam else ""

    def loading(self, _domain: str) -> Loading:
        return Loading()


def page(body: str) -> Page:
    return Page(URL, body.encode())


def links(count: int) -> str:
    return (
        "<p>" + " ".join(f'<a href="http://w{number}.city{number}.com/">第{number}中学</a>' for number in range(count)) + "</p>"
    )


def test_links_in_sight_that_say_nothing_score_less_than_a_finding():
    values = weights()
    assert values["hiding"]["visible"] * max(values["offsite"].values()) * values["theme"]["none"] < values["threshold"]
    assert analysis(page(links(12))).quiet


def test_a_quiet_block_is_raised_where_the_fleet_knows_its_targets():
    known = Context(Site("s", URL), page("").today, fleet=Knowing(*(f"city{number}.com" for number in range(12))))
    assert list(SpamAnchors().inspect(page(links(12)), known))
    assert not list(SpamAnchors().inspect(page(links(12)), Context(Site("s", URL), page("").today, fleet=Knowing("other.com"))))


def test_a_word_and_a_hidden_link_are_not_quiet():
    assert not analysis(page('<a href="http://a.test/">百家乐</a>')).quiet
    assert not analysis(page('<p style="display:none"><a href="http://a.test/">绿茶</a></p>')).quiet


@pytest.mark.parametrize("pattern", vocabulary().patterns, ids=lambda pattern: pattern.term.family)
def test_every_wording_passes_the_first_look_at_titles(pattern):
    assert all(may_pitch(["青山县人民政府", text]) for text in pattern.flagged)


def test_titles_that_do_not_pass_sell_nothing():
    plain = "www.qingshan.gov.cn 官方 登录 青山县人民政府"
    assert not may_pitch(["青山县人民政府"])
    assert not pitch(plain, "meta").points


def test_a_farm_is_found_in_capital_letters_and_in_every_encoding():
    for encoding in ("utf-8", "gb18030", "utf-16"):
        body = f"<html><meta charset={encoding}><body><footer>{FARM}</footer></body></html>".encode(encoding)
        farmed = Page(URL, body, headers={"content-type": f"text/html; charset={encoding}"})
        assert list(LinkFarm().inspect(farmed, Context(Site("s", URL), farmed.today))), encoding


@pytest.mark.parametrize(
    "markup",
    [
        f'<script src="{NUMBERS}"></script>',
        f'<script title=">" src="{NUMBERS}"></script>',
        f"""<script id='"' title=">" src="{NUMBERS}"></script>""",
        f'<script id=x" title=">" src="{NUMBERS}"></script>',
        f'<iframe src="{NUMBERS}"></iframe>',
    ],
)
def test_an_address_in_numbers_is_found_wherever_its_tag_ends(markup):
    loading = page(f"<p>通知公告</p>{markup}")
    assert list(ScriptLoader().inspect(loading, Context(Site("s", URL), loading.today)))
