"""Markup that costs more than a tree is made of."""

from html import escape

import pytest

from govcrawl.page.model import Page
from govcrawl.page.parsing import BOUNDS, Bounds, cut

MANY = BOUNDS.nesting + 1
DEEP = "<div>" * 50_000 + '<a href="http://bet.test/">x</a>'


@pytest.mark.parametrize("piece", ["<div>", "<b>x", "<TABLE><tr><td>", "<x-y>", "</p><div>", "<rt>"])
def test_a_page_that_nests_without_end_is_cut(piece):
    at, why = cut(piece * MANY)
    assert 0 < at < len(piece) * MANY
    assert why == "nested more than 5,000 elements deep"


@pytest.mark.parametrize("piece", ["<li>x", "<br>", "<p>x</p>", "<tr><td>x", "<div>x</div>", "</div>", "< b", "<option>"])
def test_a_long_page_is_whole(piece):
    assert cut(piece * MANY) == (None, "")


@pytest.mark.parametrize(
    "markup",
    [
        "<select>" + "<option>x" * 20_000,
        "<select>" + "<option>x</option>" * 20_000,
        "<div>" * 4_900 + "<li>x" * 90_000,
        "<div>" * 4_900 + "</h1>" * 90_000,
        "<br>" * 200_000,
    ],
    ids=["entries", "closed entries", "items far down", "ends far down", "a megabyte of tags"],
)
def test_a_page_that_costs_time_in_the_square_of_its_length_is_cut(markup):
    at, why = cut(markup)
    assert 0 < at < len(markup)
    assert why == "more than 60,000 tags, or as costly as those"


def test_the_bounds_of_a_page_are_its_own():
    few = Bounds(text_bytes=1_000, tags=50, nesting=10)
    assert cut("<div>" * 12, few) == (50, "nested more than 10 elements deep")
    assert cut("<br>" * 60, few) == (200, "more than 50 tags, or as costly as those")
    page = Page("http://a.test/", b"<p>x</p>" * 500, bounds=few)
    assert page.cut == "longer than 1,000 bytes"
    assert 990 < len(page.html) <= 1_000


def test_many_short_selects_cost_little():
    assert cut(("<select>" + "<option>x" * 500 + "</select>") * 40) == (None, "")


def test_an_element_of_too_many_attributes_is_left_out_with_what_follows():
    attributes = " ".join(f"a{number}=1" for number in range(40_000))
    assert cut(f"<p>x</p><p {attributes}>") == (8, "an element of more than 10,000 attributes")
    assert cut(f"<p>x</p><p {attributes}") == (8, "an element of more than 10,000 attributes")
    assert cut(f'<p title="{"x" * 100_000}">') == (None, "")
    assert cut(f"<p>{attributes}") == (None, "")


@pytest.mark.parametrize("before", [0, 4_000, 5_000, 7_300, 12_000])
@pytest.mark.parametrize("after", ["", "<p>", "<p>" * 3_000])
def test_such_an_element_is_found_wherever_it_stands(before, after):
    attributes = " ".join(f"a{number}" for number in range(11_000))
    head = "<p>" + "x" * before
    assert cut(f"{head}<i {attributes}>{after}")[0] == len(head)


@pytest.mark.parametrize(
    "attribute", ['a{}="<"', "a{}='<'", "a{}=<", "<{}", 'a{}=">"', "a{}='>'", 'a{}="/>"b{}', "a{}/"], ids=lambda one: f"in {one}"
)
def test_attributes_are_counted_as_a_tokenizer_does(attribute):
    attributes = " ".join(attribute.format(number, number) for number in range(40_000))
    assert cut(f"<p>x</p><p {attributes}>") == (8, "an element of more than 10,000 attributes")


def test_so_many_attributes_are_not_too_many():
    attributes = " ".join(f"a{number}=1" for number in range(10_000))
    assert cut(f"<p {attributes}>") == (None, "")
    assert cut(f"<p {attributes} b>") == (0, "an element of more than 10,000 attributes")


def test_a_long_value_is_one_attribute():
    assert cut(f'<p title="{"a > b = c " * 20_000}" a="1" b="2" c="3">x</p>' + "<p a=1>" * 1000) == (None, "")
    assert cut(f"<p title='{'a b=c ' * 20_000}' a=\"1\">x</p>") == (None, "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_page_is_read_up_to_there_in_whatever_encoding(encoding):
    page = Page("http://a.test/", ("<p>the beginning" + DEEP).encode(encoding))
    assert page.cut
    assert page.text.strip("\ufeff") == "the beginning"
    assert page.links == ()


@pytest.mark.parametrize(
    "markup",
    [
        f"<textarea>{escape(DEEP)}</textarea>",
        f"<script>document.write(unescape('{DEEP.replace('<', '%3C')}'))</script>",
    ],
)
def test_what_stands_there_in_disguise_is_not_read_to_its_end(markup):
    """Made into a tree it would take half a minute."""
    page = Page("http://a.test/", f"<p>x</p>{markup}".encode())
    assert not page.cut
    assert [link.url for link in (*page.scene.dormant, *page.hidden_links)] == []
