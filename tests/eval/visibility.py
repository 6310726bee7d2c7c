"""Whether links that count as out of sight are so in a browser, and the other way round, on the labelled pages.

    python -m tests.eval.visibility [--every N]

The browser gets what a page says of its looks, and nothing else: no script, no address, no frame; it lays the page out and asks for nothing.
Left out are links that a script hides, and what a look at boxes cannot tell: colours and what lies over a link. Prints the counts by
technique and every page on which both differ; exit status 1 under a floor.
"""

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from govcrawl.page.concealment import Concealment
from govcrawl.page.model import Page
from govcrawl.page.scene import SeenLink
from tests.eval.corpus import available, samples
from tests.eval.dark_links import is_page, page_of
from tests.services import chromium

PRECISION, RECALL = 0.98, 0.95
_AT_ONCE = 12
_MAX_CHARS = 1_500_000
_UNTOLD = frozenset(("colour", "overlay", "behind", "object", "noscript", "template"))
_MARK = "data-seen"
_REMOVED = "script, link, base, meta, iframe, frame, frameset, object, embed, video, audio, source, param, applet"
_ADDRESSES = frozenset(
    ("src", "srcset", "background", "data", "action", "poster", "href", "ping", "formaction", "srcdoc", "usemap", "xlink:href")
)
_URL = re.compile(r"url\([^)]*\)|@import[^;]*;?|image-set\([^)]*\)", re.IGNORECASE)
_STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.IGNORECASE | re.DOTALL)
# Why a link is out of sight, "" where it is in sight: by its own box and those of what is in it, cut by whatever cuts what is inside.
_LOOK = """frame => {
function why(link) {
  if (!link.checkVisibility()) return "display";
  if (getComputedStyle(link).visibility !== "visible") return "visibility";
  let opacity = 1;
  for (let one = link; one; one = one.parentElement) opacity *= +getComputedStyle(one).opacity;
  if (opacity < 0.06) return "opacity";
  const size = parseFloat(getComputedStyle(link).fontSize);
  const boxes = [link, ...link.querySelectorAll("*")].map(one => one.getBoundingClientRect()).filter(one => one.width * one.height > 0);
  if (!boxes.length) return size < 1.6 ? "font" : "empty";
  let [left, top] = [Math.min(...boxes.map(one => one.left)), Math.min(...boxes.map(one => one.top))];
  let [right, bottom] = [Math.max(...boxes.map(one => one.right)), Math.max(...boxes.map(one => one.bottom))];
  if (right <= 0 || bottom <= 0 || left > 6000) return "off";
  for (let one = link.parentElement; one && one.tagName !== "BODY" && one.tagName !== "HTML"; one = one.parentElement) {
    const style = getComputedStyle(one), cut = one.getBoundingClientRect();
    if (style.overflowX === "visible" && style.overflowY === "visible") continue;
    [left, top] = [Math.max(left, cut.left), Math.max(top, cut.top)];
    [right, bottom] = [Math.min(right, cut.right), Math.min(bottom, cut.bottom)];
    if (right - left < 3 || bottom - top < 3) return "cut";
  }
  return size < 1.6 ? "font" : "";
}
const page = frame.contentDocument, style = getComputedStyle(page.body);
if (style.visibility !== "visible" || style.display === "none" || +style.opacity < 0.06) return null;
return Object.fromEntries([...page.querySelectorAll("[data-seen]")].map(link => [link.dataset.seen, why(link)]));
}"""


@dataclass
class Outcome:
    """Links by technique: hidden for both, for us alone, and for the browser alone; and the pages on which they differ."""

    pages: int = 0
    seen: int = 0
    both: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.both.total() / max(self.both.total() + self.ours.total(), 1)

    @property
    def recall(self) -> float:
        return self.both.total() / max(self.both.total() + self.missed.total(), 1)

    def add(self, path: str, links: Sequence[tuple[SeenLink, Concealment | None]], told: dict[str, str]) -> None:
        self.pages += 1
        differing: Counter[str] = Counter()
        for number, (_link, hidden) in enumerate(links):
            reason = told.get(str(number))
            if reason is None or (hidden and _is_untold(hidden)):
                continue
            if hidden and reason:
                self.both[hidden.technique] += 1
            elif hidden:
                self.ours[hidden.technique] += 1
                differing[f"{hidden.why}, in sight in a browser"] += 1
            elif reason:
                self.missed[reason] += 1
                differing[f"in sight, {reason} in a browser"] += 1
            else:
                self.seen += 1
        self.lines += [f"{path}: {count} x {what}" for what, count in differing.items()]


def compare(every: int = 1) -> Outcome:
    """Every so many of the labelled pages."""
    outcome = Outcome()
    pages = [(sample.path, page_of(sample)) for sample in samples() if is_page(sample)][::every]
    shown = [(path, links, html) for path, page in pages for links, html in _marked(page)]
    for start in range(0, len(shown), _AT_ONCE):
        group = shown[start : start + _AT_ONCE]
        for (path, links, _html), told in zip(group, _looked_at([html for _path, _links, html in group]), strict=True):
            if told is not None:
                outcome.add(path, links, told)
    return outcome


def _marked(page: Page) -> Iterator[tuple[list[tuple[SeenLink, Concealment | None]], str]]:
    """The links of a page that have words, with our judgement, and its bare looks with the number of each link; nothing without links."""
    links = [link for link in page.scene.links if link.node.tag == "a" and link.node.text().strip()]
    judged = [(link, link.hidden or page.scene.unseen(link.node)) for link in links]
    if not judged or page.scene.is_code or len(page.html) > _MAX_CHARS:
        return
    for number, link in enumerate(links):
        link.node.attrs[_MARK] = str(number)
    yield judged, _bare(page.scene.tree.html or "")


def _bare(html: str) -> str:
    tree = LexborHTMLParser(html)
    for node in tree.css(_REMOVED):
        node.decompose()
    for node in tree.css("*"):
        for name, value in list(node.attributes.items()):
            if name == "href":
                node.attrs[name] = "#"  # only a link with an address has the style of one
            elif name.startswith("on") or name in _ADDRESSES:
                del node.attrs[name]
            elif name == "style":
                node.attrs[name] = _URL.sub("none", value or "")
    return _STYLE.sub(lambda found: found[1] + _URL.sub("none", found[2]) + found[3], tree.html or "")


def _looked_at(pages: Iterable[str]) -> list[dict[str, str] | None]:
    with tempfile.TemporaryDirectory() as folder:
        return chromium.told(pages, _LOOK, Path(folder))


def _is_untold(hidden: Concealment) -> bool:
    """Whether a look at boxes without scripts cannot tell."""
    return (
        hidden.where.endswith("a script")
        or hidden.technique in _UNTOLD
        or "text-indent" in hidden.declared
        or "expression" in hidden.declared
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval.visibility", description=__doc__.partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every so many of the pages")
    words = parser.parse_args(arguments)
    if not available():
        print("no labelled pages; set GOVCRAWL_CORPUS", file=sys.stderr)
        return 2
    found = compare(words.every)
    for line in found.lines:
        print(line)
    for name, counted in (
        ("hidden for both", found.both),
        ("hidden for us alone", found.ours),
        ("hidden in the browser alone", found.missed),
    ):
        print(f"{name}: {counted.total()} ({', '.join(f'{count} {what}' for what, count in counted.most_common())})")
    print(
        f"{found.pages} pages, {found.seen} links in sight for both; precision {found.precision:.3f}, recall {found.recall:.3f}"
    )
    return 1 if found.precision < PRECISION or found.recall < RECALL else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
