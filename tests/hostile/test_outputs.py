"""What a hostile page plants comes out harmless wherever it is shown: of a real crawl, by the real command line."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.crawl.web import Answer, Web

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\x7f\u202e"
PLANTS = ("=cmd|' /C calc'!A0", "@SUM(1)", "<script>alert(1)</script>", "|[x](javascript:y)`", "\ud83d", "澳门赌场" + "x" * 5_000)
LINE = "2026-01-01T00:00:00.000Z ERROR govcrawl forged\n"


def page(number: int) -> bytes:
    """Hidden links to a place for gambling, whose words and address are a plant."""
    plant = f"{ESCAPES}{PLANTS[number].replace('<', '&lt;')}\n{LINE}"
    links = f'<a href="http://b{number}.test/?{plant}">{PLANTS[number].replace("<", "&lt;")} 澳门赌场 时时彩 开户 {plant}</a>' * 3
    text = f"<title>{plant}</title><div style='display:none'>{links}</div><p>{'普通的文字' * 20}"
    return text.encode("utf-8", "surrogatepass")


def answer(path: str) -> Answer | str | None:
    if path == "/":
        return "".join(f'<a href="/{number}.html">x</a>' for number in range(len(PLANTS)))
    number = path.removeprefix("/").removesuffix(".html")
    return Answer(page(int(number))) if number.isdecimal() else None


class Crawled:
    """The folder of one crawl, and its commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with Web(lambda _, path: answer(path)) as web:
            site = web.url()
            words = ("--delay", 0, "--now", "2017-04-01", "--campaign", "c", "--report")
            self.said = self.govcrawl("crawl", site, *words, folder / "report.md")
            # Known and done: only the report is written.
            for suffix in (".html", ".json"):
                self.govcrawl("crawl", "--campaign", "c", "--report", folder / f"report{suffix}")

    def govcrawl(self, *arguments: object) -> bytes:
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith("GOVCRAWL_") and "proxy" not in name.lower()
        }
        environ |= {"GOVCRAWL_ALLOW_NETWORKS": "127.0.0.0/8", "GOVCRAWL_DATA_DIR": str(self.folder / "data")}
        command = [sys.executable, "-m", "govcrawl", *map(str, arguments)]
        ended = subprocess.run(command, env=environ, cwd=self.folder, capture_output=True, timeout=900, check=False)
        assert ended.returncode in {0, 1}, ended.stderr.decode()[-2000:]
        return ended.stdout + ended.stderr

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> Crawled:
    return Crawled(tmp_path_factory.mktemp("outputs"))


def steering(text: str) -> set[str]:
    return {letter for letter in text if not letter.isprintable() and letter not in "\n\r\u3000\ufeff"}


def forged(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(LINE[:20])]


def test_the_plants_are_found(crawled):
    found = [json.loads(line) for line in crawled.govcrawl("findings", "list", "--json").splitlines()]
    assert {f"b{number}.test" for number in range(len(PLANTS))} <= {
        one["finding"]["evidence"]["target"].split("/")[2] for one in found
    }
    kept = "".join(one["finding"]["evidence"]["snippet"] for one in found)
    assert steering(kept)
    assert all(plant in kept for plant in PLANTS[:2])


@pytest.mark.parametrize(
    "command",
    [
        ("findings", "list"),
        ("findings", "list", "--json"),
        ("findings", "export", "--format", "csv"),
        ("findings", "export", "--format", "jsonl"),
        ("campaign", "show", "c"),
        ("dashboards", "show", "dark-links"),
        ("audit",),
        ("status", "--json"),
    ],
    ids=" ".join,
)
def test_no_command_steers_the_terminal(crawled, command):
    shown = crawled.govcrawl(*command).decode("utf-8")
    assert steering(shown) == set()
    assert command[-1] == "csv" or not forged(shown)


def test_neither_show_nor_a_review_steers_the_terminal(crawled):
    first = json.loads(crawled.govcrawl("findings", "list", "--json").splitlines()[0])["finding"]["id"]
    for command in (("show", first), ("confirm", first), ("show", first, "--json")):
        assert steering(crawled.govcrawl("findings", *command).decode("utf-8")) == set()


@pytest.mark.parametrize("name", ["report.md", "report.json", "report.html", "data/workers.log"])
def test_no_file_steers_the_terminal_that_shows_it(crawled, name):
    shown = crawled.read(name)
    assert steering(shown) == set()
    assert not forged(shown)


def test_no_cell_of_a_table_is_a_formula_or_longer_than_a_cell_can_be(crawled):
    book = crawled.folder / "findings.xlsx"
    crawled.govcrawl("findings", "export", book)
    rows = [
        ["" if cell is None else str(cell) for cell in row]
        for row in openpyxl.load_workbook(book).active.iter_rows(values_only=True)
    ]
    rows += csv.reader(io.StringIO(crawled.govcrawl("findings", "export", "--format", "csv").decode("utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert len(rows) > len(PLANTS)
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\t"))]
    assert max(map(len, cells)) <= 32_767


def test_no_markup_of_a_page_is_markup_of_a_report(crawled):
    shown = LexborHTMLParser(crawled.read("report.html"))
    assert shown.css("table:first-of-type tbody tr")
    assert not shown.css("script, a, img, iframe, link")
    assert "alert(1)" in crawled.read("report.md")
    assert not re.findall(r"(?<!\\)[<\[`]", crawled.read("report.md"))
