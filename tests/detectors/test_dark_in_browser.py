"""What the generated cases call hidden by layout, a browser does not show."""

from pathlib import Path

import pytest

from tests.detectors.dark_links.cases import Case, cases
from tests.services import chromium

# Opacity and colour are no matter of layout, and what lies in an element without a box of its own has none either.
BY_LAYOUT = ("H1", "H2", "H3", "H4", "H7")
# Hit is what lies on top at the middle of a link, whatever it lets through. Frames are as high as a page that shows everything.
LOOK = """frame => {
  const page = frame.contentDocument;
  page.querySelectorAll("body *").forEach(one => one.style.pointerEvents = "auto");
  return [...page.querySelectorAll("a[href*='.test/']")].filter(link => {
    const box = link.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return false;
    const top = page.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return top !== null && link.contains(top);
  }).length;
}"""


@pytest.fixture(scope="module")
def browser() -> None:
    chromium.needed()


def seen(chosen: list[Case], folder: Path) -> list[int]:
    """How many links to strangers a browser shows of each case."""
    return chromium.told((case.html.replace("$CHARSET", "utf-8") for case in chosen), LOOK, folder, 600)


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
