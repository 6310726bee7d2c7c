"""Why an element cannot be seen."""

import pytest

from govcrawl.page.concealment import Concealment
from govcrawl.page.model import Page

LINK = '<div id="n" class="{}"><a href="http://bet.test/">彩票</a></div>'


def hidden(html: str) -> Concealment:
    (link,) = Page("http://www.qingshan.gov.cn/", html.encode()).scene.links
    assert link.hidden
    return link.hidden


def where(css: str, classes: str) -> str:
    return hidden(f"<style>{css}</style>{LINK.format(classes)}").where


@pytest.mark.parametrize(
    ("css", "told"),
    [
        (".a{display:none}.b{display:none}", ".b"),
        (".b{display:none}.a{display:none}", ".a"),
        ("#n{display:none}.b{display:none}", "#n"),
        (".a.b{display:none}div{display:none}.b{display:none}", ".a.b"),
        (".a{display:none}#n{width:0}", ".a"),
        (".a{visibility:hidden}#n{z-index:-1}.b{color:transparent}", ".a"),
        (".a{display:none!important}#n{display:none}", ".a"),
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


SPELLINGS = (
    "display: NONE",
    "DISPLAY:none !important",
    "left : -9999px",
    "inset-inline-start:-9999px",
    "inset: 0 auto auto -9999px",
    "margin-inline: -9999px 0",
    "text-indent:-99em",
    "font: 0/0 a",
    "translate: -9999px 0",
    "scale:0",
    "-webkit-transform: scale(0)",
    "block-size:0",
    "-webkit-text-fill-color: transparent",
    "color:#fff0",
    "d\\69splay:none",
)


@pytest.mark.parametrize("written", SPELLINGS)
@pytest.mark.parametrize(
    ("place", "told"),
    [
        ('<a style="{}" href="http://bet.test/">彩票</a>', "inline style"),
        ('<style>#n{{{}}}</style><a id="n" href="http://bet.test/">彩票</a>', 'rule "#n" in a style block'),
        (
            '<a id="n" href="http://bet.test/">彩票</a><script>document.getElementById("n").style.cssText=\'{}\'</script>',
            "a script",
        ),
    ],
    ids=["inline", "style block", "script"],
)
def test_evidence_is_written_as_the_page_writes_it(written, place, told):
    style = f"position:absolute;{written};overflow:hidden"
    found = hidden(place.format(style.replace("\\", "\\\\") if told == "a script" else style))
    assert written in found.rule.split(";")
    assert found.where == told
