"""Packed code, also such as is written to keep a reader busy."""

import pytest

from govcrawl.page.packed import unpacked

PACKED = "eval(function(p,a,c,k,e,d){return p}('0 1=\\'2\\'',3,3,'var|a|spam'.split('|'),0,{}))"
# One pattern for head and tail together takes hours for the first of them.
ENDLESS = ("}('',1,1,'", "}('", "'\\", "\\", "} ", "',1,1,'a'.split('|')", "'\\'")


def test_what_is_packed_is_written_out():
    assert list(unpacked(PACKED)) == ["var a='spam'"]


def test_each_of_several_is_written_out_and_a_part_that_is_cut_off_gives_nothing():
    assert list(unpacked(PACKED + ";" + PACKED)) == ["var a='spam'"] * 2
    assert list(unpacked(PACKED[:-40])) == []


@pytest.mark.parametrize("piece", ENDLESS)
def test_pieces_without_end_give_nothing(piece):
    assert list(unpacked("p,a,c,k,e" + piece * 20_000)) == []
