"""Selectors match the elements that a library of its own kind finds by them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from govcrawl.page.cascade import sheet_of
from govcrawl.page.elements import Elements
from govcrawl.page.model import Page
from govcrawl.page.painting import reaching
from govcrawl.page.selectors import compile_selector, matches

HTML = """<html><body><div id="n" class="a b"><p>x</p><p class="c" name="k">y<b>z</b></p><a href="/x" class="c d">l</a><a>m</a></div>
<ul class="list"><li>1<li class="c">2<li>3<li class="d c" lang="zh-CN">4<li>5</ul><section><div class="a"><div><i class="c">q</i></div></div>
<div class="e"><a href="//h.test/">r</a> <!-- s --> <a href="x.pdf" title="t u">v</a><em>w</em></div></section></body></html>"""
NAMES = (
    "*",
    "a",
    "p",
    "li",
    "div",
    ".a",
    ".c",
    "#n",
    "a.c",
    "[name]",
    "[href^='/']",
    "a[title~=u]",
    "[lang|=zh]",
    "[class*=c]",
    "i",
    ".e",
    "ul",
)
TESTS = (
    "", "", "", ":first-child", ":last-child", ":only-child", ":nth-child(2)", ":nth-child(odd)", ":nth-child(even)", ":nth-child(2n+1)",
    ":nth-child(-n+2)", ":nth-child(n+3)", ":nth-last-child(2)", ":first-of-type", ":last-of-type", ":nth-of-type(2)", ":not(.c)", ":not(.c):not(p)",
    ":not(:first-child)", ":is(.c,.d)", ":where(a)",
)  # fmt: skip
PART = st.builds(lambda name, test: f"{name}{test}", st.sampled_from(NAMES), st.sampled_from(TESTS))
SELECTORS = st.builds(
    lambda first, others: first + "".join(f"{joined}{part}" for joined, part in others),
    PART,
    st.lists(st.tuples(st.sampled_from((" ", " > ", ">", " + ", " ~ ")), PART), max_size=3),
)


def elements(tree):
    made = Elements({})
    nodes = [node for node in tree.root.traverse() if not node.tag.startswith("-")]
    return made, [(node, made.of(node, node.tag, node.attributes)) for node in nodes]


@given(SELECTORS)
def test_a_selector_matches_what_a_query_finds(selector):
    tree = LexborHTMLParser(HTML)
    _made, found = elements(tree)
    parts = compile_selector(selector)
    assert parts is not None
    assert {node.mem_id for node, element in found if matches(parts, element)} == {node.mem_id for node in tree.css(selector)}


@given(SELECTORS)
@example(".a ~ .list")
@example(".a + ul > .c")
def test_the_rules_that_are_looked_up_for_an_element_are_those_that_match(selector):
    tree = LexborHTMLParser(HTML)
    _made, found = elements(tree)
    sheet, parts = sheet_of(f"{selector}{{display:none}}"), compile_selector(selector)
    wanted = [element.key for _node, element in found if parts and matches(parts, element)]
    for index in (sheet.hiding.get, sheet.others):
        reached = [element.key for _node, element in found if reaching(index, element)]
        # Rules that name nothing at all are left out: what hides everything hides nothing.
        assert reached == wanted or (not reached and not any(sheet.hiding.values()))


@pytest.mark.parametrize(
    "selector",
    [
        ":checked",
        "a:lang(de)",
        ":not(a b)",
        ":nth-child(2 of .c)",
        "a:has(b)",
        "::before",
        ":nth-child(x)",
        ":not(:checked)",
        "a || b",
        ":not()",
    ],
)
def test_what_is_not_understood_matches_nothing(selector):
    assert compile_selector(selector) is None


@pytest.mark.parametrize("selector", ["li:nth-child(n)", "li ~ li", "ul li:last-child", "li:nth-last-of-type(2)", "li:not(.x)"])
def test_a_list_of_ten_thousand_is_counted_once(selector):
    links = "".join(f'<li><a href="http://h{number}.test/">彩票</a>' for number in range(10_000))
    page = Page("http://www.qingshan.gov.cn/", f"<style>{selector}{{display:none}}</style><ul>{links}</ul>".encode())
    assert any(link.hidden for link in page.scene.links)


@pytest.mark.parametrize(
    ("css", "hidden"),
    [
        ("#n > *{display:none}", True),
        ("#n *{position:absolute;left:-9999px}", True),
        ("[name=links]{display:none}", True),
        ("div[name]{display:none}", True),
        ("#n :first-child{display:none}", True),
        ("h2 + div{display:none}", True),
        ("h2 ~ div{display:none}", True),
        ("body > :last-child{display:none}", False),
        ("div:nth-of-type(2){display:none}", False),
        ("div:nth-of-type(1){display:none}", True),
        ("div:not(.x){display:none}", True),
        ("div:not([name]){display:none}", False),
        ("p:is(.x,.y){display:none}", True),
        ("a:link{font-size:0}", True),
        ("a:visited{font-size:0}", False),
        ("#m > *{display:none}", False),
        (".x{display:none}p.x:nth-child(1){display:block}", False),
        (".x{display:none}h2 ~ div > .x{display:block}", False),
        ("#n *{display:none}#n *:nth-child(n){display:block}", False),
        (".x{display:none}[class=x]{display:block!important}", False),
    ],
)
def test_whatever_selects_it_the_link_is_hidden_or_not(css, hidden):
    html = f'<style>{css}</style><h2>t</h2><div id=n name=links><p class=x><a href="http://bet.test/">彩票</a></p></div><div>u</div><p id=m>v</p>'
    (link,) = Page("http://www.qingshan.gov.cn/", html.encode()).scene.links
    assert (link.hidden is not None) is hidden


@pytest.mark.parametrize("before", ["[", "(", "a,", "a[", ":not(", "a,(b,", "[x],"])
def test_a_list_of_selectors_without_end_takes_no_time(before):
    """Each of them would take minutes where brackets are looked for to the end from everywhere."""
    sheet = sheet_of(f"{before * 100_000}.x, .y:not(.z,.w), [q='a,b'] i {{display:none}} .last{{display:none}}")
    assert ".last" in sheet.hiding


def test_commas_within_brackets_part_nothing():
    (rules,) = sheet_of(".y:not(.z, .w), [q='a,b'] .y, .y:is(a, :not(b, i)) {display:none}").hiding.values()
    assert [rule.selector for found in rules.values() for rule in found] == [
        ".y:not(.z, .w)",
        "[q='a,b'] .y",
        ".y:is(a, :not(b, i))",
    ]
