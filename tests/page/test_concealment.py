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
