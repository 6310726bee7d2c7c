"""Packed code, also such as is written to keep a reader busy."""

import pytest

from govcrawl.page.packed import unpacked
from govcrawl.page.script_tokens import tokens_of

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


@pytest.mark.parametrize("piece", ["'\\\"", "=/[", "(/a[b"])
def test_strings_that_never_end_are_read_up_to_where_it_costs_too_much(piece):
    steps = 0

    class Counted(str):
        __slots__ = ()

        def find(self, *arguments):
            nonlocal steps
            steps += 1
            return super().find(*arguments)

    code = Counted('"write"+' + piece * 50_000)
    assert len(tokens_of(code)) < 50_000
    assert steps < 2_000


def test_the_tokens_of_a_long_script_are_those_of_its_parts():
    line = "var a=\"it's\",b='say \"no\"',c=/[\"']/g,d=`x\ny`;/* don't */f(a/b);\n"
    assert tokens_of(line * 400) == tokens_of(line) * 400
