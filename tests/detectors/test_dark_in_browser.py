"""What the generated cases call hidden by layout, a browser does not show."""

import json
from html import escape

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.detectors.dark_links.cases import Case, cases
from tests.services import chromium

# Opacity and colour are no matter of layout, and what lies in an element without a box of its own has none either.
BY_LAYOUT = ("H1", "H2", "H3", "H4", "H7")
# Hit is what lies on top at the middle of a link, whatever it lets through. Frames are as high as a page that shows everything.
LOOK = """
function hit(link) {
  const box = link.getBoundingClientRect(), page = link.ownerDocument;
  if (box.width < 2 || box.height < 2) return false;
  const top = page.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return top !== null && link.contains(top);
}
onload = () => setTimeout(() => {
  const seen = [...document.querySelectorAll("iframe")].map(frame => {
    frame.contentDocument.querySelectorAll("body *").forEach(one => one.style.pointerEvents = "auto");
    return [...frame.contentDocument.querySelectorAll("a[href*='.test/']")].filter(hit).length;
  });
  document.getElementById("seen").textContent = JSON.stringify(seen);
}, 500);
"""


@pytest.fixture(scope="module")
def browser() -> None:
    chromium.needed()


def seen(chosen: list[Case], path) -> list[int]:
    """How many links to strangers a browser shows of each case."""
    frames = "".join(
        f'<iframe width="1300" height="600" srcdoc="{escape(case.html.replace("$CHARSET", "utf-8"))}"></iframe>'
        for case in chosen
    )
    page = path / "cases.html"
    page.write_text(f'<meta charset="utf-8"><p id="seen"></p>{frames}<script>{LOOK}</script>', encoding="utf-8")
    node = LexborHTMLParser(chromium.opened(page)).css_first("#seen")
    assert node is not None
    return json.loads(node.text())


@pytest.mark.usefixtures("browser")
def test_what_is_hidden_by_layout_is_not_shown_by_a_browser(tmp_path):
    chosen = [
        case
        for case in cases()
        if case.dark
        and case.encoding == "utf-8"
        and case.place in ("inline", "style block")
        and case.technique.startswith(BY_LAYOUT)
    ]
    shown = seen(chosen, tmp_path)
    assert len(shown) == len(chosen) > 150
    assert not [(case.name, links) for case, links in zip(chosen, shown, strict=True) if links]


@pytest.mark.usefixtures("browser")
def test_the_browser_shows_what_nothing_hides(tmp_path):
    plain = next(case for case in cases() if not case.dark and case.technique == "H7 overlay corners")
    assert seen([plain], tmp_path) == [2]
