"""What tables look like on a terminal."""

import re

import pytest

from govcrawl.cli.output import print_table


def test_a_day_stays_in_one_piece_however_much_stands_beside_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "100", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    title, url = "江湾市部署教育医疗重点任务", "http://www.jiangwan.gov.test/zfwj/"
    headings = ("column", "class", "state", "last update", "items", "trend", "read from", "newest item", "not inspected", "url")
    print_table(headings, [("政府文件", "POLICY", "fresh", "2026-10-30", 7, "first visit", "item (0.95)", title, "", url)])
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert any("2026-10-30" in line for line in lines)
    assert max(map(len, lines)) <= 100
