"""A condensed sheet says the same of sight as the whole one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from govcrawl.page.cascade import sheet_of
from govcrawl.page.condensed import condensed
from govcrawl.page.hiding import clear_colour, judge, tiny_font
from govcrawl.page.linked_sheets import imported_sheets
from tests.eval.corpus import available, samples


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a{color:red;padding:1px;float:left}", "a{color:red;float:left}"),
        ("a{padding:1px} b{} i{display : none ; cursor:pointer}", "i{display:none}"),
        (".x ,\n  .y  a\n{\n  left: -9999px;\n  font-weight: bold\n}", ".x , .y a{left:-9999px}"),
        ("/* .x{display:none} */.y{display:none}", ".y{display:none}"),
        ("@media print{a{display:none}}@media screen{b{display:none}}", "b{display:none}"),
        ("@media (max-width:600px){a{display:none}} @keyframes k{from{opacity:0}}", ""),
        ("@font-face{font-family:x;src:url(data:font/woff;base64,AAAA)}", ""),
        (".x{background:url(data:image/png;base64,iVBOR;width:0) no-repeat;height:1px}", ".x{background:url() no-repeat;height:1px}"),
        (".x{background:url('a;display:none')}", ".x{background:url()}"),
        (".fa:before{content:'\\f000'}", ""),
        (".x{content:'}';display:none}", ".x{display:none}"),
        (".x{content:'it;display:none}", ".x{content:'it;display:none}"),
        (".x{di\\splay:none}", ".x{di\\splay:none}"),
        ("[title='a  b']  a{top:0}", "[title='a  b']  a{top:0}"),
        (".x{DISPLAY:NONE!important}", ".x{DISPLAY:NONE!important}"),
        (".x:hover .y{display:block;border:0}", ".x:hover .y{display:block}"),
        (".x{filter:''}", '.x{filter:""}'),
        (".x{display:none", ".x{display:none}"),
        ("a//* x */*.b{display:none}", "a/ *.b{display:none}"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_kept(text, kept):
    assert condensed(text) == kept


def test_imports_stay_before_the_rules():
    text = '@charset "utf-8";/* x */@import url("a.css");@import "b.css" screen;\n.x{padding:0}.y{display:none}'
    whole = list(imported_sheets(text, "http://h.test/"))
    assert len(whole) == 2
    assert list(imported_sheets(condensed(text), "http://h.test/")) == whole
    assert condensed(text).endswith("\n.y{display:none}")


_DECLARATIONS = (
    "display:none", "left : -999px", "position:absolute", "color:red", "padding:0", "font-size:0", "OPACITY:0", "visibility:hidden!important",
    "content:'}'", 'content:"a;b{"', "background:url(a.png)", "background:url('data:x;y')", "width:0", "overflow:hidden", "cursor:pointer", "/* x:y; */top:9px",
    "filter:alpha(opacity=0)", "margin:0 0 0\n-2000px", "dis\\70lay:none", "text-indent:-40em", "",
)  # fmt: skip
_SELECTORS = (
    ".a",
    "#b  i",
    "li>a\n,b",
    ".c:hover",
    ".d::after",
    ".e.open,.f",
    "[x='y'] a",
    '[x="{"] .g',
    "/* , */.h",
    "@font-face",
)
_RULES = st.builds(
    lambda selector, body: f"{selector}{{{';'.join(body)}}}",
    st.sampled_from(_SELECTORS),
    st.lists(st.sampled_from(_DECLARATIONS), max_size=4),
)
_BLOCKS = st.builds(
    lambda at, rules: f"{at}{{{' '.join(rules)}}}",
    st.sampled_from(("@media print", "@media screen", "@media (max-width:9px)", "@supports (x:y)", "@keyframes k")),
    st.lists(_RULES, max_size=3),
)
_STATEMENTS = st.sampled_from(
    ("@import 'x.css';", '@charset "utf-8";', "@namespace x url(y);", "/* .z{display:none} */", "<!--", "\n")
)


@given(st.lists(st.one_of(_RULES, _BLOCKS, _STATEMENTS), max_size=8).map("".join))
def test_whatever_is_written_what_hides_and_reveals_is_the_same(text):
    assert hiding(condensed(text)) == hiding(text)
    assert sheet_of(condensed(text)).revealing == sheet_of(text).revealing
    assert condensed(condensed(text)) == condensed(text)


@given(
    st.lists(
        st.sampled_from(["{", "}", ";", "'", '"', "\\", "/*", "*/", "url(", ")", "a", ":", "top:0", "@media print", "\n"]),
        max_size=40,
    )
)
def test_garbage_is_no_fault(pieces):
    assert "/*" not in condensed("".join(pieces))


@pytest.mark.skipif(not available(), reason="no labelled pages")
def test_the_style_blocks_of_real_pages_hide_and_reveal_the_same():
    texts = list(blocks())
    assert len(texts) > 300
    for text in texts:
        assert hiding(condensed(text)) == hiding(text)
        assert sheet_of(condensed(text)).revealing == sheet_of(text).revealing


def blocks():
    for sample in samples():
        body = sample.body()
        if b"<style" in body:
            yield from (node.text() or "" for node in LexborHTMLParser(body.decode("utf-8", "replace")).css("style"))


def hiding(text):
    """The selectors of all rules that hide something, and how they do."""
    rules = {rule for ending in sheet_of(text).hiding.values() for found in ending.values() for rule in found}
    told = (
        (" ".join(rule.selector.split()), judge(rule.declared) or tiny_font(rule.declared) or clear_colour(rule.declared))
        for rule in rules
    )
    return {(selector, way) for selector, way in told if way}
