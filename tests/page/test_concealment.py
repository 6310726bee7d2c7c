"""Why an element cannot be seen."""

import pytest

from govcrawl.page.model import Page

LINK = '<div id="n" class="{}"><a href="http://bet.test/">彩票</a></div>'


def where(css: str, classes: str) -> str:
    page = Page("http://www.qingshan.gov.cn/", f"<style>{css}</style>{LINK.format(classes)}".encode())
    (link,) = page.scene.links
    assert link.hidden
    return link.hidden.where


@pytest.mark.parametrize(
    ("css", "told"),
    [
        (".a{display:none}.b{display:none}", ".b"),
        (".b{display:none}.a{display:none}", ".a"),
        ("#n{display:none}.b{display:none}", "#n"),
        (".a.b{display:none}div{display:none}.b{display:none}", ".a.b"),
    ],
)
def test_of_several_rules_that_hide_it_the_one_that_wins_is_told(css, told):
    assert {where(css, classes) for classes in ("a b", "b a")} == {f'rule "{told}" in a style block'}


@pytest.mark.parametrize("shown", ["font-size:14px", "font:14px/1.5 x", "font:bold 12px x"])
@pytest.mark.parametrize("place", ["inline", "sheet"])
def test_a_size_of_its_own_shows_what_a_block_without_size_hid(shown, place):
    css, inline = (f".a a{{{shown}}}", "") if place == "sheet" else ("", shown)
    html = f'<style>.a{{font:0/0 x}}{css}</style><div class=a><a style="{inline}" href="http://partner.test/">青山供水</a></div>'
    (link,) = Page("http://www.qingshan.gov.cn/", html.encode()).scene.links
    assert link.hidden is None
