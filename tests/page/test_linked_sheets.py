from govcrawl.page.linked_sheets import imported_sheets, linked_sheets
from govcrawl.page.model import Page

URL = "http://www.qingshan.gov.cn/zwgk/"
HIDDEN = '<div class="x"><a href="http://bet.test/">彩票</a></div>'


def linked(html: str) -> tuple[str, ...]:
    return linked_sheets(Page(URL, html.encode()))


def test_the_sheets_that_apply_on_a_screen_are_listed_in_order():
    html = (
        '<link rel="stylesheet" href="/a.css"><style>@import "b.css"; a{}</style><LINK REL="StyleSheet" HREF="../c.css?v=1">'
        '<link rel="alternate stylesheet" href="/no.css"><link rel=stylesheet media=print href="/no.css"><link rel=icon href="/no.ico">'
        '<link rel=stylesheet disabled href="/no.css"><link rel=stylesheet href=""><link rel="stylesheet" href="/a.css">'
    )
    root = "http://www.qingshan.gov.cn"
    assert linked(html) == (f"{root}/a.css", f"{root}/zwgk/b.css", f"{root}/c.css?v=1")


def test_a_page_without_sheets_has_none():
    assert linked("<title>x</title><style>a{color:red}</style><link rel=icon href=/x.ico>") == ()


def test_imports_stand_before_the_rules_and_outside_comments():
    text = '@charset "utf-8";/* @import "no.css"; */@import url(a.css);@import url("b.css") screen;@import "c.css" print;a{} @import "d.css";'
    assert list(imported_sheets(text, "http://h.test/css/")) == ["http://h.test/css/a.css", "http://h.test/css/b.css"]


def test_an_imported_sheet_hides_and_the_sheet_that_imports_it_may_show_again():
    html = f'<link rel="stylesheet" href="/s.css">{HIDDEN}'.encode()
    base = {"http://www.qingshan.gov.cn/b.css": ".x{display:none}"}
    hidden = Page(URL, html, sheets={**base, "http://www.qingshan.gov.cn/s.css": '@import "b.css";'})
    shown = Page(URL, html, sheets={**base, "http://www.qingshan.gov.cn/s.css": '@import "b.css";.x{display:block}'})
    assert [link.url for link in hidden.hidden_links] == ["http://bet.test/"]
    assert shown.hidden_links == ()


def test_a_style_block_may_import():
    html = f'<style>@import url("/b.css");</style>{HIDDEN}'.encode()
    page = Page(URL, html, sheets={"http://www.qingshan.gov.cn/b.css": ".x{display:none}"})
    assert [link.url for link in page.hidden_links] == ["http://bet.test/"]
