"""What tables look like on a terminal."""

import re

import pytest

from govcrawl.cli.output import print_sentences, print_table


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "100", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()]


HEADINGS = ("site", "indicator", "outcome", "counted", "falls at", "why")
ROW = (
    "9900010001",
    "V1 安全、泄密事故等严重问题及其他各种各样的问题",
    "review",
    "0 to 1",
    ">= 1 finding",
    "one candidate; confirm it or ignore it, as the case may be",
)


@pytest.mark.usefixtures("terminal")
def test_a_sentence_stands_below_the_short_cells_of_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_sentences(HEADINGS, [ROW])
    assert shown(capsys) == [
        "site        indicator, outcome, counted, falls at, why",
        f"9900010001  {ROW[1]}",
        "            review  counted 0 to 1  falls at >= 1 finding",
        f"            {ROW[5]}",
    ]


def test_without_a_terminal_a_row_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_sentences(HEADINGS, [ROW])
    assert len(shown(capsys)) == 2


@pytest.mark.usefixtures("terminal")
def test_a_day_stays_in_one_piece_however_much_stands_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    title, url = "江湾市部署教育医疗重点任务", "http://www.jiangwan.gov.test/zfwj/"
    headings = ("column", "class", "state", "last update", "items", "trend", "read from", "newest item", "not inspected", "url")
    print_table(headings, [("政府文件", "POLICY", "fresh", "2026-10-30", 7, "first visit", "item (0.95)", title, "", url)])
    lines = shown(capsys)
    assert any("2026-10-30" in line for line in lines)
    assert max(map(len, lines)) <= 100
