"""The short form of the comparison with a browser."""

import pytest

from govcrawl.page.model import Page
from tests.eval import visibility
from tests.eval.corpus import available
from tests.services import chromium


@pytest.fixture(scope="module")
def browser() -> None:
    chromium.needed()


@pytest.mark.usefixtures("browser")
@pytest.mark.skipif(not available(), reason="no labelled pages")
def test_what_counts_as_hidden_on_labelled_pages_is_hidden_in_a_browser(capsys):
    found = visibility.compare(every=6)
    with capsys.disabled():
        print(
            f"\nvisibility: {found.both.total()} links hidden for both, {found.ours.total()} and {found.missed.total()} for one alone"
        )
    assert found.pages > 50
    assert found.both.total() > 100
    assert found.precision >= visibility.PRECISION, found.lines
    assert found.recall >= visibility.RECALL, found.lines


@pytest.mark.usefixtures("browser")
def test_both_sides_can_be_wrong():
    """Of a page that hides a link from itself and shows another, each answer is the opposite of what the other page says."""
    page = Page("http://a.test/", b"<p hidden><a href='//b.test/'>x</a></p><a href='//c.test/'>y</a>")
    ((links, html),) = visibility._marked(page)
    (told,) = visibility._looked_at([html])
    assert told == {"0": "display", "1": ""}
    swapped, outcome = {"0": told["1"], "1": told["0"]}, visibility.Outcome()
    outcome.add("a", links, swapped)
    assert (outcome.ours.total(), outcome.missed.total(), outcome.precision, outcome.recall) == (1, 1, 0, 0)


def test_a_browser_gets_looks_and_nothing_to_fetch_or_run():
    html = (
        "<base href=//e.test/><link rel=stylesheet href=//e.test/a.css><style>@import '//e.test/b';a{background:url(//e.test/c)}</style>"
        "<body background=//e.test/d onload=go()><script>go()</script><img src=//e.test/e srcset=//e.test/f onerror=go()>"
        "<a href='//e.test/g' ping=//e.test/h style='background:url(//e.test/i);color:red'>x</a><form action=//e.test/j></form>"
        "<iframe src=//e.test/k srcdoc='<script>go()</script>'></iframe><svg><image href=//e.test/l xlink:href=//e.test/m /></svg>"
        "<video poster=//e.test/n></video><object data=//e.test/o></object><meta http-equiv=refresh content='0;url=//e.test/p'>"
    )
    bare = visibility._bare(html)
    assert "e.test" not in bare
    assert "go()" not in bare
    assert "color:red" in bare
