from datetime import datetime

import pytest

from govcrawl.kit.clock import CHINA
from govcrawl.sites.window import Window


@pytest.mark.parametrize("text", ["22:00-06:00", "22-6", "22:00至6:00", " 22:00 – 06:00 ", "22:00~06:00"])
def test_a_window_is_read_as_people_write_it(text):
    assert str(Window.read(text)) == "22:00-06:00"


@pytest.mark.parametrize(
    "text", ["", "night", "22:00", "25:00-06:00", "22:60-06:00", "06:00-06:00", "00:00-24:00", "22:00-06:00x"]
)
def test_what_is_no_window_is_refused(text):
    with pytest.raises(ValueError, match="no window"):
        Window.read(text)


@pytest.mark.parametrize(
    ("window", "hour", "minute", "is_open"),
    [
        ("22:00-06:00", 22, 0, True),
        ("22:00-06:00", 3, 0, True),
        ("22:00-06:00", 6, 0, False),
        ("22:00-06:00", 21, 59, False),
        ("08:30-18:00", 12, 0, True),
        ("08:30-18:00", 8, 29, False),
        ("18:00-24:00", 23, 59, True),
        ("18:00-24:00", 0, 0, False),
    ],
)
def test_it_is_open_by_the_clock_of_china(window, hour, minute, is_open):
    assert Window.read(window).is_open(datetime(2025, 11, 20, hour, minute, tzinfo=CHINA)) is is_open
