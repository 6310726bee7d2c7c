"""Markup that nests deeper than a tree is made of."""

from html import escape

import pytest

from govcrawl.page.model import Page
from govcrawl.page.nesting import MAX_DEPTH, deep_at

MANY = MAX_DEPTH + 1
DEEP = "<div>" * 50_000 + '<a href="http://bet.test/">x</a>'


@pytest.mark.parametrize("piece", ["<div>", "<b>x", "<TABLE><tr><td>", "<x-y>", "</p><div>"])
def test_a_page_that_nests_without_end_is_too_deep(piece):
    assert deep_at(piece * MANY) is not None


@pytest.mark.parametrize("piece", ["<li>x", "<br>", "<p>x</p>", "<tr><td>x", "<div>x</div>", "</div>", "< b", "<option>"])
def test_a_long_page_is_not_deep(piece):
    assert deep_at(piece * MANY * 2) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_page_is_read_up_to_there_in_whatever_encoding(encoding):
    page = Page("http://a.test/", ("<p>the beginning" + DEEP).encode(encoding))
    assert page.too_deep
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
    assert not page.too_deep
    assert [link.url for link in (*page.scene.dormant, *page.hidden_links)] == []
