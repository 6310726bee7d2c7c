"""Scripts, comments, text areas and templates of a source."""

import pytest

from govcrawl.page.asides import MAX_SLEEPERS, scripts_in, scripts_of, sleeping
from govcrawl.page.openings import Openings

LINK = '<a href="http://a.test/">a</a>'


def asleep(html):
    source = html.encode()
    return list(sleeping(source, Openings(source).asides))


def test_scripts_are_found_in_order_with_their_ends():
    html = "<p><script>one()</script><SCRIPT src='/a.js'></SCRIPT ><script>two(</p>"
    assert [script.code for script in scripts_in(html)] == ["one()", "two(</p>"]
    first = scripts_in(html)[0]
    assert html[first.start : first.end] == "<script>one()</script>"


def test_a_script_in_a_comment_sleeps_and_what_a_script_quotes_is_no_script():
    html = "<!-- <script>a()</script> --><script>w('<script>b()<!--')</script><script>c()</script>"
    assert [(script.code, script.live) for script in scripts_in(html)] == [
        ("a()", False), ("w('<script>b()<!--')", True), ("c()", True),
    ]  # fmt: skip


def test_data_in_script_elements_is_no_code():
    assert scripts_in("<script type='application/ld+json'>{}</script><script type=text/template>x</script>") == []


def test_an_opening_tag_that_never_ends_is_no_script():
    assert [script.code for script in scripts_in("<script>a()</script><script <script <!-- ")] == ["a()"]


def test_what_only_begins_like_a_script_is_none():
    assert [script.code for script in scripts_in("<scripts>a()<script>b()</script></scripts>")] == ["b()"]


def test_only_what_holds_an_address_sleeps():
    html = f"<!-- {LINK} --><!-- old --><textarea>{LINK}</textarea><template><a href=/own></a></template><!--[if IE]>{LINK}<![endif]-->"
    assert asleep(html) == [("comment", f" {LINK} "), ("textarea", f">{LINK}")]


def test_a_comment_that_never_ends_reaches_to_the_end():
    assert asleep(f"<p><!-- {LINK}") == [("comment", f" {LINK}")]


def test_no_more_are_read_than_there_may_be():
    assert len(asleep(f"<!-- {LINK} -->" * (MAX_SLEEPERS + 50))) == MAX_SLEEPERS


def test_signs_within_a_tag_are_not_read_again():
    """Each would be read to the end of the tag: of a page of nothing else that takes minutes."""
    for source in (b"<!--" + b"<script " * 100_000 + b">-->", b"<script " * 100_000 + b">"):
        assert len(scripts_of(source, Openings(source).asides).found) <= 1


@pytest.mark.parametrize(
    ("html", "by_numbers"),
    [
        ('<script src="/a.js"></script><script type=text/javascript async>a()</script>', False),
        ('<script src="&#104;ttp://a.test/"></script>', True),
        ("""<script id='"' title=">" src="&#104;ttp://a.test/"></script>""", True),
        ('<!--> <script src="&#104;ttp://a.test/"></script> -->', True),
        ("<script>document.write('<script src=&#104;>')</script>", False),
    ],
)
def test_whether_a_script_may_be_loaded_by_numbers_is_told_by_its_tag(html, by_numbers):
    assert scripts_of(html.encode(), Openings(html.encode()).asides).by_numbers is by_numbers


def test_signs_are_found_in_any_case_and_over_the_seams_of_portions():
    for gap in range(262_130, 262_150):
        source = b" " * gap + b"<ScRiPt>a()</sCrIpT ><OPTION>"
        openings = Openings(source)
        assert openings.asides == [("script", gap), ("/script", gap + 11)]
        assert openings.may_hold("option")
        assert not openings.may_hold("iframe", "area")
