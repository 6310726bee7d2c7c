"""What lies below the edge of a box of a fixed height."""

import pytest

from govcrawl.page.model import Page

LINK = '<a href="http://bet.test/">彩票</a>'


def cut(html: str):
    scene = Page("http://www.qingshan.gov.cn/", html.encode()).scene
    (link,) = scene.links
    return scene.unseen(link.node)


def test_it_is_told_which_box_cuts_where():
    found = cut(f'<div id=n style="HEIGHT: 20px; overflow:hidden"><h3 style="line-height:30px">x</h3>{LINK}</div>')
    assert found
    assert found.why == "HEIGHT: 20px;overflow:hidden, below its edge at 20 px (inline style on div#n)"


@pytest.mark.parametrize(
    ("box", "before", "hidden"),
    [
        ("height:20px;overflow:hidden", "<p style='height:21px'></p>", True),
        ("height:20px;overflow:hidden", "<p style='height:20px'></p>", False),
        ("height:20px;overflow:hidden", "<p>a</p><p>b</p><p>c</p>", True),
        ("height:20px;overflow:hidden", "<p>a</p><p></p><p> </p>", False),
        ("height:20px;overflow:hidden", "<p>a</p><p style='display:none'>b</p><p style='position:absolute'>c</p>", False),
        ("height:20px;overflow:hidden", "<p>a</p><p style='display:inline'>b</p><p style='display:inline-block'>c</p>", False),
        ("height:20px;overflow:hidden", "<b>a</b><i>b</i><span>c</span>", False),
        ("height:20px;overflow:hidden", "<div style='float:left'>a</div>" * 5, False),
        ("height:20px;overflow:hidden;display:flex", "<div>a</div>" * 5, False),
        ("height:20px;overflow:hidden", "<ul style='height:30px'><li>a<li>b</ul>", True),
        ("height:20px;overflow:hidden", "a<br>b<br>c<br>", True),
        ("height:20px;overflow:scroll", "a<br>b<br>c<br>", False),
        ("height:20px", "a<br>b<br>c<br>", False),
        ("height:50%;overflow:hidden", "a<br>b<br>c<br>", False),
        ("overflow:hidden", "a<br>b<br>c<br>", False),
        ("height:9999px;overflow:hidden", "<p style='height:99999px'></p>", False),
        ("height:100%;overflow:hidden", "a<br>b<br>c<br>", False),
        ("max-height:20px;overflow-y:hidden", "a<br>b<br>c<br>", True),
    ],
)
def test_what_stands_before_it_takes_so_much_at_least(box, before, hidden):
    assert (cut(f'<div style="{box}">{before}{LINK}</div>') is not None) is hidden


@pytest.mark.parametrize(
    "inside",
    ['<div style="position:absolute;top:0">{}</div>', '<div style="position:fixed">{}</div>'],
)
def test_what_is_out_of_the_flow_may_stand_elsewhere(inside):
    assert cut(f'<div style="height:20px;overflow:hidden"><p style="height:30px"></p>{inside.format(LINK)}</div>') is None


@pytest.mark.parametrize("rows", [3, 3_000])
def test_long_lists_are_measured_once(rows):
    html = f'<div style="height:20px;overflow:hidden">{f"<p>{LINK}</p>" * rows}</div>'
    scene = Page("http://www.qingshan.gov.cn/", html.encode()).scene
    found = [scene.unseen(link.node) for link in scene.links]
    assert (found[0], bool(found[2])) == (None, False)
    assert rows == 3 or found[5]
