"""The one walk over the body of a page."""

import pytest

from govcrawl.page.model import Page
from govcrawl.page.outline import Outline, tag_ids
from govcrawl.page.parsing import parse


def outline(markup):
    return Outline(parse(markup))


@pytest.mark.parametrize("unread", ["script", "style", "noscript", "template"])
def test_words_outside_scripts_and_styles_are_read_in_order(unread):
    seen = outline(f"<title>t</title>one<p> two \n three<{unread}>x</{unread}> <b>\u3000</b><i>four</i><!-- five -->")
    assert seen.words == ["one", "two three", "four"]
    assert [node.text().split()[0] for node in seen.texts] == ["one", "two", "four"]
    assert seen.text == "one two three four"


def test_each_text_tells_what_element_it_stands_in():
    seen = outline("<p>one<a href=/x><span>two</span>three</a>")
    assert [{under} for under in seen.under] == [tag_ids("p"), tag_ids("span"), tag_ids("a")]


def test_a_text_is_found_by_its_place_in_the_whole():
    seen = outline("<p>one<p>two three<p>four")
    places = [seen.text.index(words) for words in seen.words]
    assert [seen.at(place) for place in places] == [0, 1, 2]
    assert [seen.line(place, 9) for place in places] == seen.words
    assert seen.lines.split("\n") == seen.words


@pytest.mark.parametrize("markup", ["<p>{}", "<p>a<p>{}", "<p>{}<p>z", "<p>a<p>{}<p>z"])
@pytest.mark.parametrize("offset", [0, 4, 8])
def test_a_line_is_read_only_where_it_is_short_enough(markup, offset):
    seen = outline(markup.format("two three"))
    place = seen.text.index("two three") + offset
    assert [seen.line(place, most) for most in (8, 9, 100)] == ["", "two three", "two three"]


@pytest.mark.parametrize("markup", ["", "<script>x</script>", "<frameset><frame src=/x></frameset>"])
def test_a_body_without_words_has_none(markup):
    assert (outline(markup).words, outline(markup).text, outline(markup).anchors) == ([], "", [])


def test_anchors_are_those_with_an_address_and_those_without_but_only_the_first_are_links():
    page = Page("http://a.test/", b"<a name=top>top</a><a href=/x>x</a><a href>self</a>")
    assert len(page.outline.anchors) == 3
    assert [link.url for link in page.links] == ["http://a.test/x", "http://a.test/"]


@pytest.mark.parametrize(
    "base", ["<base href=/sub/>", "<base target=_blank><base href=/sub/>", "<base href=/sub/><base href=/other/>"]
)
def test_addresses_are_read_from_the_first_base_that_has_one(base):
    assert [link.url for link in Page("http://a.test/", f"{base}<a href=x>x</a>".encode()).links] == ["http://a.test/sub/x"]
