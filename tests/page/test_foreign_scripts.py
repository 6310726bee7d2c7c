"""Which scripts of other sites a page has the browser load."""

import pytest

from govcrawl.page.model import Page

HOME = "http://www.qingshan.gov.cn/zwgk/index.html"


def loaded(markup: str) -> list[str]:
    return [script.url for script in Page(HOME, markup.encode()).foreign_scripts]


@pytest.mark.parametrize(
    ("markup", "urls"),
    [
        ('<script src="https://hnci.test.cn/js/kb.js"></script>', ["https://hnci.test.cn/js/kb.js"]),
        ("<script src=//cdn.test.com/a.js></script>", ["http://cdn.test.com/a.js"]),
        ('<script src=" HTTP://CDN.test.com/a.js "></script>', ["http://cdn.test.com/a.js"]),
        ("<script>document.write('<script src=\"http://cdn.test.com/a.js\"><\\/script>')</script>", ["http://cdn.test.com/a.js"]),
        ('<base href="http://cdn.test.com/"><script src="a.js"></script>', ["http://cdn.test.com/a.js"]),
        ('<script src="http://203.0.113.9/a.js"></script>', ["http://203.0.113.9/a.js"]),
        ('<script src="/js/a.js"></script><script src="http://static.qingshan.gov.cn/a.js"></script>', []),
        ('<!--[if lt IE 9]><script src="https://cdn.test.com/html5shiv.js"></script><![endif]-->', []),
        ('<script src></script><script src="http://[broken"></script><script src="http://intranet/a.js"></script>', []),
        ('<img src="http://cdn.test.com/a.js"><a href="http://cdn.test.com/a.js">x</a>', []),
    ],
)
def test_the_scripts_of_other_sites_are_those_that_a_browser_would_ask_for(markup, urls):
    assert loaded(markup) == urls


def test_a_script_that_nobody_may_change_says_so():
    page = Page(
        HOME, b'<script src="//cdn.test.com/a.js" integrity="sha384-x"></script><script src="//cdn.test.com/b.js"></script>'
    )
    assert [script.pinned for script in page.foreign_scripts] == [True, False]
