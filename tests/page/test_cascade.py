"""Rules of a sheet that can hide something."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.page import sheet_rules, sheet_signs
from govcrawl.page.cascade import sheet_of
from govcrawl.page.sheet_rules import rules_of
from govcrawl.page.style_rules import index_of

HIDING = (
    "display:none", "visibility:hidden", "visibility:collapse", "margin:0 0 0 -999px", "text-indent:-9999em", "left:10000px", "top:99999px",
    "left:expression(1-2000)", "width:0", "height:1px", "max-height:0", "max-width:0.5px", "font-size:0", "line-height:0", "opacity:0",
    "opacity:.01", "filter:alpha(opacity=0)", "color:transparent", "color:rgba(0,0,0,0)", "clip:rect(0 0 0 0)", "clip-path:inset(100%)",
    "transform:scale(0)", "z-index:-1", "text-indent:-40em", "left:-50.5rem", "margin-left:-60vw", "height:0em", "width:0%", "max-height:.5px",
    "font-size:.1px", "line-height:0%", "opacity:1%", "font:0/0 a", "font: 1px x", "inset:auto auto auto -9999px", "inset-inline-start:-999em",
    "translate:-9999px 0", "scale:0", "scale:.01", "-webkit-transform:scale(0)", "block-size:0", "max-inline-size:1px", "color:rgb(0 0 0 / 0)",
    "-webkit-text-fill-color:transparent", "color:#fff0", "color:#12345600", "di\\73 play:none",
    "display:n\\6Fne", "\\64isplay:\\6eone", "opacit\\y:0",
)  # fmt: skip
HARMLESS = (
    "display:block",
    "overflow:hidden",
    "overflow-x:hidden",
    "margin:-20px",
    "width:200px",
    "font-size:12px",
    "z-index:9",
    "font:12px/1.5 x",
    "font:700 14px x",
    "color:rgb(0, 0, 0)",
    "color:#ff0",
    "color:#112200",
    "background:#fff0",
    "width:100px\\9",
    "display:none\\9",
    "height:0\\0",
    "display:inline;*display:none\\9",
    "scale:1",
    "font-family:x",
)


@pytest.mark.parametrize("declaration", HIDING)
@pytest.mark.parametrize("form", ["{}", "{};", "float:left;{}", "{};float:left", "float:left ; {} "])
def test_a_rule_that_may_hide_is_kept(declaration, form):
    body = form.format(declaration)
    spaced = body.replace(":", " : ")
    for written in (body, spaced, spaced.replace(" : ", "\n:\t"), body.upper()):
        assert list(sheet_of(f".before{{float:left}}.x{{{written}}}.after{{}}").hiding) == [".x"], written


@pytest.mark.parametrize("declaration", HARMLESS)
def test_a_rule_that_cannot_hide_is_left_out(declaration):
    assert not sheet_of(f".x{{{declaration}}}").hiding


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("@media print{.x{display:none}}", []),
        ("@media screen{.x{display:none}.y{color:red}}.z{height:0}", [".x", ".z"]),
        ("@media screen and (max-width:600px){.x{display:none}} .z{height:0}", [".z"]),
        ("@font-face{font-family:x}.x{display:none}", [".x"]),
        ('.q{content:"}"}.x{display:none}', [".x"]),
        (".q{content:'{'}.x{display:none}", [".x"]),
        (".x{display:none", [".x"]),
        ("}}.x{display:none}", [".x"]),
        ("/* .y{display:none} */.x{display:none}", [".x"]),
        ("/* a */*,.x{display:none}/* b", [".x"]),
        ("/*/ .y{display:none} */.x{display:none}", [".x"]),
        ('.q{content:"}display:none"}', []),
        (".q{content:'}.x{display:none}", [".x"]),  # a quote that nobody closes
        (".x:hover{display:none}", []),
        ("\u0130{}.x{display:none}", [".x"]),  # its lower case is a letter longer
    ],
)
def test_blocks_strings_and_comments_are_told_from_rules(text, kept):
    assert list(sheet_of(text).hiding) == kept


PIECES = st.sampled_from(
    [
        ".a{display:none}", ".b .c{color:red}", "@media screen{", "@media print{", "}", "{", '"}"', "'{'", '.d[x="y"]{visibility:hidden}', '@charset "u";',
        "@import url(x);", '.e{content:"a";display:none}', ".f:hover{display:none}", "x", " ", ":none", "display:none", "İ", ".g,.h{position:absolute;left:-999px}",
        '"', "'", "/", "@supports (x:y){", "@font-face{src:url(x)}", "font-size:0", ".h{max-width: 1px}", "left :  2345px;", "{top:-1234.5px}", "OPACITY = .0",
    ]
)  # fmt: skip


TOKEN = re.compile(r"""[{}]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
QUOTED = re.compile(r"""["'].*""", re.DOTALL)


def every_rule(text: str) -> Iterator[tuple[int, int, int]]:
    """Read brace by brace."""
    blocks: list[bool] = []
    begin, opened = 0, -1
    for token in [*TOKEN.finditer(text), None]:
        start, stop, brace = (token.start(), token.end(), token[0]) if token else (len(text), len(text), "}")
        if brace == "{":
            if opened >= 0:
                blocks.append(sheet_rules._applies(text[begin:opened]))
                begin = opened + 1
            opened = start
        elif brace == "}":
            if opened < 0:
                del blocks[-1:]
            elif all(blocks):
                yield begin, opened, start
            begin, opened = stop, -1


@given(st.lists(PIECES, max_size=14).map("".join))
def test_every_rule_that_applies_is_found(text):
    assert [rule[:3] for rule in rules_of(text)] == list(every_rule(text))


@given(st.lists(PIECES, max_size=14).map("".join))
def test_rules_that_are_passed_over_hide_nothing(text):
    """The same rules as if each were looked at."""
    looked_at = {rule[:3]: rule for rule in rules_of(text)}
    for begin, opened, end in every_rule(text):
        body = TOKEN.sub('""', text[opened + 1 : end])
        rule = looked_at.get((begin, opened, end))
        if sheet_signs._HIDES.search(body) and not QUOTED.search(body):
            assert rule
            assert sheet_signs.hides(text, rule[3], opened, end)
        if sheet_signs.in_a_state(text, begin, opened) and not QUOTED.search(text[begin:opened]):
            assert rule
            assert rule[4]


@pytest.mark.parametrize(
    "text", ["{" * 300_000, "@media print{" * 100_000, "@media screen{" * 100_000 + "}" * 100_000, "a{" * 200_000 + "}" * 200_000]
)
def test_blocks_in_blocks_cost_no_more_than_their_number(text):
    assert not sheet_of(text).hiding


def test_a_rule_that_hides_is_seen_behind_any_number_of_others():
    assert list(sheet_of("a{}" * 30_000 + ".y{line-height:1.5}" * 30_000 + ".x{display:none}").hiding) == [".x"]


def test_a_page_that_asks_for_every_name_of_a_sheet_is_answered():
    """From an index of all, once the rules were looked up one by one for as long as a template would ask."""
    names = [f".k{number}" for number in range(400)]
    sheet = sheet_of(f"{','.join(names)}{{color:red}}.k3:hover,.k5{{color:blue}}")
    assert [[rule.body for rules in sheet.others(name).values() for rule in rules] for name in names] == [["color:red"]] * 400


def test_quotes_that_end_nothing_cost_no_more_than_their_number():
    text = "\\'" * 200_000
    assert not sheet_of(text).hiding


SELECTOR_PIECES = st.sampled_from(
    ["#", ".", "a", ".b", "#c", " ", ">", "+", "~", ",", "[x=y]", "[", ":hover", "::after", ":not(.d)", "\\", "*", "\u4e2d", ";", "(", "\n"]
)  # fmt: skip
COMPOUNDS = st.sampled_from(
    ["a", "LI", ".b", "#c", "a.b", ".b.d", "#c.b", "a[x=y]", "li:first-child", "my-tag", ".b:not(.d)", "*", ".\u4e2d"]
)
SELECTORS = st.lists(st.tuples(st.sampled_from([",", " ", " > ", ">", "+", " ~\n"]), COMPOUNDS), min_size=1, max_size=5).map(
    lambda parts: "".join(join + compound for join, compound in parts)[1:].lstrip(" >~\n")
)


@given(st.lists(SELECTOR_PIECES, max_size=9).map("".join))
def test_any_selector_is_read(selector):
    sheet = sheet_of(f"{selector}{{display:none}}.x:hover{{display:block}}")
    assert ".x" in sheet.revealing
    for key, found in sheet.hiding.items():
        assert key
        assert all(rule.selector in selector for some in found.values() for rule in some)
        sheet.others(key)


@given(st.lists(SELECTORS, max_size=4))
def test_every_rule_that_ends_in_a_key_is_found_when_it_is_asked_for(selectors):
    sheet = sheet_of("".join(f"{selector}{{color:red}}" for selector in selectors))
    index = index_of((number, selector, "color:red") for number, selector in enumerate(selectors))
    for key, expected in index.items():
        found = sheet.others(key)
        assert {above: [(rule.order, rule.selector) for rule in rules] for above, rules in found.items()} == {
            above: [(rule.order, rule.selector) for rule in rules] for above, rules in expected.items()
        }
    assert not sheet.others(".none")


@pytest.mark.parametrize(
    ("selector", "key", "above"),
    [
        ("li", "li", ""), ("LI", "li", ""), ("ul>li", "li", ""), (".a li", "li", ".a"), ("#n .a > .b.c", ".b", "#n"), (".a .b #c.d", "#c", ".b"), (".a#b", "#b", ""),
        ("# .a .b", ".b", ".a"), (".a:not(.x) .b", ".b", ""), (".a\n.b", ".b", ".a"), (".a[x] .b", ".b", ""), (".\u4e2d .b", ".b", ""), (".b::after", "", ""), ("*", "", ""),
    ],
)  # fmt: skip
def test_what_a_selector_asks_of_an_element_and_of_those_above_it(selector, key, above):
    found = [(ends, name) for ends, rules in sheet_of(f"{selector}{{display:none}}").hiding.items() for name in rules]
    assert found == ([(key, above)] if key else [])
