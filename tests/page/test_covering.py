"""What lies over a link, as it is told, and how far it is looked for."""

import pytest

from govcrawl.page import opaque
from govcrawl.page.model import Page

LINK = '<a href="http://bet.test/">彩票</a>'
COVER = "position:absolute;inset:0;background:#fff"


def unseen(html: str, sheets: dict[str, str] | None = None):
    scene = Page("http://www.qingshan.gov.cn/", html.encode(), sheets=sheets or {}).scene
    return [scene.unseen(link.node) for link in scene.links]


@pytest.mark.parametrize(
    ("html", "told"),
    [
        (
            f'<div id=n style="position:relative">{LINK}<i class=c style="{COVER}"></i></div>',
            "below div#n > i.c: position:absolute;inset:0;background:#fff (inline style on div#n)",
        ),
        (
            f"<style>#n{{position:relative}} .c{{{COVER}}}</style><div id=n>{LINK}<i class=c></i></div>",
            'below div#n > i.c: position:absolute;inset:0;background:#fff (rule ".c" in a style block on div#n)',
        ),
        (
            f"<style>#n{{position:relative}} #n:AFTER {{content:'';{COVER}}}</style><div id=n>{LINK}</div>",
            'below div#n:AFTER: position:absolute;inset:0;background:#fff (rule "#n:AFTER" in a style block on div#n)',
        ),
        (
            f'<div id=n style="background:white"><p style="position:relative;Z-INDEX: -1">{LINK}</p></div>',
            "Z-INDEX: -1 below the background of div#n (inline style on div#n > p)",
        ),
        (
            f"<div id=n style='position:relative'>{LINK}<i id=c></i></div><script>document.getElementById('c').style.cssText='{COVER}'</script>",
            "below i#c: position:absolute;inset:0;background:#fff (a script on div#n)",
        ),
    ],
    ids=["inline", "rule", "drawn", "background", "script"],
)
def test_it_is_told_what_lies_over_a_link_and_where_that_is_written(html, told):
    (found,) = unseen(html)
    assert found
    assert found.why == told
    assert found.by_script == ("a script" in told)


def test_a_linked_sheet_is_named():
    sheet = "http://www.qingshan.gov.cn/a.css"
    html = f"<link rel=stylesheet href=/a.css><div id=n>{LINK}<i class=c></i></div>"
    (found,) = unseen(html, {sheet: f"#n{{position:relative}}.c{{{COVER}}}"})
    assert found
    assert found.where == f'rule ".c" in {sheet}'


def test_the_links_of_a_list_lie_below_the_same_box():
    found = unseen(f'<div style="position:relative"><ul>{f"<li>{LINK}</li>" * 300}</ul><i style="{COVER}"></i></div>')
    assert len(found) == 300
    assert len({one.root for one in found if one}) == 1
    assert all(found)


@pytest.mark.parametrize("limit", ["MOST_STEPS", "MOST_CHECKS"])
def test_a_page_made_of_boxes_is_looked_at_for_so_long_and_no_longer(limit, monkeypatch):
    monkeypatch.setattr(opaque, limit, 10)
    found = unseen("".join(f'<div style="position:relative">{LINK}<i style="{COVER}"></i></div>' for _ in range(40)))
    assert found[0]
    assert not found[-1]


def test_asked_again_the_answer_is_the_same_however_little_time_is_left(monkeypatch):
    monkeypatch.setattr(opaque, "MOST_STEPS", 200)
    html = "".join(
        f'<div style="position:relative;height:9px;overflow:hidden"><p>x</p>{LINK}<i style="{COVER}"></i></div>'
        for _ in range(60)
    )
    scene = Page("http://www.qingshan.gov.cn/", html.encode()).scene
    once, again = ([scene.unseen(link.node) for link in scene.links] for _ in range(2))
    assert once == again
    assert once[0]
    assert not once[-1]


@pytest.mark.parametrize("depth", [3, 30, 3_000])
def test_however_deep_a_link_lies_it_is_an_answer(depth):
    (found,) = unseen(f'<div style="position:relative">{"<div>" * depth}{LINK}{"</div>" * depth}<i style="{COVER}"></i></div>')
    assert bool(found) is (depth < 64)
