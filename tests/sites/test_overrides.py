"""What a tenant says of its columns."""

from dataclasses import replace
from pathlib import Path

import pytest

from govcrawl.sites.model import Column, ColumnClass
from govcrawl.sites.overrides import OverrideError, overrides, read

SEEN = Column("http://www.qingshan.gov.cn/zt/2019/", "工作动态", ColumnClass.NEWS, "name", first_level=True)


@pytest.mark.parametrize(
    ("entry", "column_class"),
    [
        ('name = "工作动态"\nclass = "ARCHIVE"', ColumnClass.ARCHIVE),
        ('url = "http://www.qingshan.gov.cn/zt/"\nclass = "EXTERNAL"', ColumnClass.EXTERNAL),
        ('url = "https://www.qingshan.gov.cn/zt/2019/"\nclass = "NOTICE"', ColumnClass.NOTICE),
        ('site = "9900010001"\nname = "工作动态"\nclass = "YEARLY"', ColumnClass.YEARLY),
        ('site = "9900010002"\nname = "工作动态"\nclass = "YEARLY"', ColumnClass.NEWS),
        ('name = "通知公告"\nclass = "ARCHIVE"', ColumnClass.NEWS),
    ],
)
def test_the_first_entry_that_fits_a_column_says_its_class(entry, column_class):
    said = read(f"[[columns]]\n{entry}\n[[columns]]\nname='别的'\nclass='STATIC'", "f.toml").over("9900010001", SEEN)
    assert said.column_class is column_class
    assert said.class_from == ("name" if column_class is ColumnClass.NEWS else "override")


def test_the_level_alone_can_be_said():
    said = read("[[columns]]\nname = '工作动态'\nfirst_level = false", "f.toml").over("x", SEEN)
    assert said == replace(SEEN, first_level=False)


def test_without_a_file_the_pages_decide():
    assert overrides(None).over("x", SEEN) is SEEN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[columns]]\nname = 'a'\nclass = 'NEWZ'", "f.toml, line 1: Invalid enum value 'NEWZ'"),
        ("\n[[columns]]\nname = 'a'\nclas = 'NEWS'", "f.toml, line 2: Object contains unknown field `clas`"),
        ("[[columns]]\nclass = 'NEWS'", "names no column"),
        ("[[columns]]\nname = 'a'", "says nothing of the column"),
        ("[[column]]\nname = 'a'", "unknown key 'column'"),
        ("", "no [[columns]]"),
        ("[[columns]\n", "write it as TOML"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_what_to_do(text, words):
    with pytest.raises(OverrideError) as fault:
        read(text, "f.toml")
    assert words in str(fault.value)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(OverrideError, match="No such file"):
        overrides(tmp_path / "none.toml")
