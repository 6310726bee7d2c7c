"""Indicator files that cannot be used, and where they say so."""

import re

import pytest

from govcrawl.audit.indicators import Operator
from govcrawl.audit.reading import IndicatorError, read
from govcrawl.sites.model import ColumnClass

GOOD = """\
id = "local"
title = "本市网站检查指标"
document = "市政办〔2025〕1号"

[[indicators]]
id = "L1"
title = "栏目不更新"
text = "动态类栏目一周未更新超过3个"
measure = "stale"
judge = "machine"
threshold = 3
operator = ">"
unit = "columns"
verified = true
source = "our own rules"
counting = [{ classes = ["NEWS"], days = 7 }]
"""


def test_a_file_of_ones_own_is_read_with_its_document():
    (one,) = read(GOOD, "local.toml").indicators
    assert (one.document, one.operator, one.threshold) == ("市政办〔2025〕1号", Operator.MORE_THAN, 3)
    assert one.counting[0].classes == {ColumnClass.NEWS}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("threshold = 3\n", 'threshold = "three"\n', 11, "`$.threshold`"),
        ("threshold = 3\n", "treshold = 3\n", 11, "unknown key 'treshold'"),
        ("threshold = 3\n", "threshold = -1\n", 11, "not below 0"),
        ("threshold = 3\n", "threshold = \n", 11, "Invalid value"),
        ("threshold = 3\n", "", 5, "missing required field `threshold`"),
        ('operator = ">"', 'operator = "=>"', 12, "Invalid enum value '=>'"),
        ('measure = "stale"', 'measure = "stales"', 9, "Invalid enum value 'stales'"),
        ('measure = "stale"', 'measure = "probes"', 9, "needs `days`"),
        ('measure = "stale"', 'measure = "findings"', 9, "needs `findings`"),
        ('measure = "stale"', 'measure = "person"', 10, 'judge = "person"'),
        ('classes = ["NEWS"], days = 7', 'classes = ["NEWZ"], days = 7', 16, "Invalid enum value 'NEWZ'"),
        ('classes = ["NEWS"], days = 7', 'classes = ["NEWS"], weeks = 1', 16, "unknown key 'weeks'"),
        ('classes = ["NEWS"], days = 7', 'classes = ["NEWS"]', 16, "either days or months"),
        ("counting = [", "#", 5, "name the columns in `counting`"),
        ('id = "local"', "id = 7", 1, "Expected `str`, got `int`"),
        ('id = "local"\n', "", 1, "missing required field `id`"),
        ("[[indicators]]", "[[indicator]]", 1, "no [[indicators]]"),
    ],
)
def test_a_fault_is_told_with_its_line(old, new, line, words):
    with pytest.raises(IndicatorError, match=re.escape(words)) as fault:
        read(GOOD.replace(old, new, 1), "local.toml")
    assert str(fault.value).startswith(f"local.toml, line {line}: ")


def test_an_id_that_is_there_twice_is_told_at_the_second():
    again = GOOD + GOOD[GOOD.index("[[indicators]]") :]
    with pytest.raises(IndicatorError, match="line 18: L1 is there twice"):
        read(again, "local.toml")
