"""Scripts, comments, text areas and templates of a source."""

from govcrawl.page.asides import MAX_SLEEPERS, scripts_of, signs_of, sleeping

LINK = '<a href="http://a.test/">a</a>'


def asleep(html):
    return list(sleeping(html, signs_of(html)))


def test_scripts_are_found_in_order_with_their_ends():
    html = "<p><script>one()</script><SCRIPT src='/a.js'></SCRIPT ><script>two(</p>"
    assert [script.code for script in scripts_of(html)] == ["one()", "two(</p>"]
    first = scripts_of(html)[0]
    assert html[first.start : first.end] == "<script>one()</script>"


def test_a_script_in_a_comment_sleeps_and_what_a_script_quotes_is_no_script():
    html = "<!-- <script>a()</script> --><script>w('<script>b()<!--')</script><script>c()</script>"
    assert [(script.code, script.live) for script in scripts_of(html)] == [
        ("a()", False), ("w('<script>b()<!--')", True), ("c()", True),
    ]  # fmt: skip


def test_data_in_script_elements_is_no_code():
    assert scripts_of("<script type='application/ld+json'>{}</script><script type=text/template>x</script>") == []


def test_an_opening_tag_that_never_ends_is_no_script():
    assert [script.code for script in scripts_of("<script>a()</script><script <script <!-- ")] == ["a()"]


def test_only_what_holds_an_address_sleeps():
    html = f"<!-- {LINK} --><!-- old --><textarea>{LINK}</textarea><template><a href=/own></a></template><!--[if IE]>{LINK}<![endif]-->"
    assert asleep(html) == [("comment", f" {LINK} "), ("textarea", f">{LINK}")]


def test_a_comment_that_never_ends_reaches_to_the_end():
    assert asleep(f"<p><!-- {LINK}") == [("comment", f" {LINK}")]


def test_no_more_are_read_than_there_may_be():
    assert len(asleep(f"<!-- {LINK} -->" * (MAX_SLEEPERS + 50))) == MAX_SLEEPERS
