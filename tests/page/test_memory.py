"""What a page leaves behind."""

import gc
import weakref
from datetime import date

from govcrawl.page.model import Page


def test_a_page_that_is_done_with_does_not_wait_for_the_collector():
    gc.disable()
    try:
        page = Page("http://a.test/", b"<p hidden><a href='http://b.test/'>x</a>", today=date(2025, 11, 20))
        assert page.hidden_links
        scene, tree = weakref.ref(page.scene), page.tree
        assert tree is page.tree
        page.forget()
        assert scene() is None
        assert page.tree is not tree
    finally:
        gc.enable()
