"""What tables look like on a terminal."""

import re

import pytest

from govcrawl.cli.output import print_table


def test_a_day_stays_in_one_piece_however_much_stands_beside_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "60", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    print_table(
        ("column", "told", "last update", "url"), [("首页", "一次会议" * 12, "2026-11-27", "http://www.qingshan.gov.test/" * 3)]
    )
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert any("2026-11-27" in line for line in lines)
    assert max(map(len, lines)) <= 60
