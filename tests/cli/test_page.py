"""`govcrawl page show`: the facts of a page."""

import json
from pathlib import Path

from tests.cli.conftest import Run

ROWS = "".join(f'<li><a href="/art/{n}.html">关于第{n}项工作情况的报道</a><span>[11-0{n}]</span></li>' for n in range(1, 8))


def facts(run: Run, file: Path, html: str) -> dict[str, object]:
    file.write_text(html, "utf-8")
    return dict(json.loads(run("page", "show", file, "--now", "2025-11-20", "--json").stdout))


def test_a_day_comes_with_the_place_where_it_was_read_and_its_confidence(run: Run, tmp_path: Path) -> None:
    article = facts(
        run, tmp_path / "a.html", f'<meta name="PubDate" content="2025-11-02"><title>一次会议</title><p>{"会议要求。" * 40}'
    )
    assert (article["published"], article["published_from"], article["published_confidence"]) == (
        "2025-11-02",
        "meta:pubdate",
        0.98,
    )
    assert (article["newest_item"], article["newest_item_from"], article["newest_item_confidence"]) == (None, None, None)
    listed = facts(run, tmp_path / "l.html", f"<title>工作动态-青山县</title><ul>{ROWS}</ul>")
    assert (listed["newest_item"], listed["newest_item_from"], listed["newest_item_confidence"]) == (
        "2025-11-07",
        "item, year by order",
        0.8,
    )
