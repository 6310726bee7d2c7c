import gzip
import zlib

import pytest

from govcrawl.crawl.inflate import BadEncoding, TooLarge, inflate

PLAIN = "<p>关于做好防汛工作的通知</p>".encode() * 50


def test_a_gzip_body_is_unpacked():
    assert inflate(gzip.compress(PLAIN), "gzip", 10_000) == PLAIN


def test_deflate_is_read_with_and_without_its_header():
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert inflate(zlib.compress(PLAIN), "deflate", 10_000) == PLAIN
    assert inflate(bare.compress(PLAIN) + bare.flush(), "deflate", 10_000) == PLAIN


def test_a_plain_body_under_a_gzip_header_is_taken_as_it_is():
    assert inflate(PLAIN, "gzip", 10_000) == PLAIN


def test_a_bomb_is_refused_without_being_unpacked():
    bomb = gzip.compress(bytes(200_000_000), 1)
    with pytest.raises(TooLarge):
        inflate(bomb, "gzip", 1_000_000)


def test_a_bomb_in_a_bomb_is_refused():
    with pytest.raises(TooLarge):
        inflate(gzip.compress(gzip.compress(bytes(50_000_000))), "gzip, gzip", 1_000_000)


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip, gzip"])
def test_an_encoding_that_we_did_not_ask_for_is_refused(encoding):
    with pytest.raises(BadEncoding):
        inflate(PLAIN, encoding, 10_000)


def test_a_body_that_was_cut_off_is_not_taken_for_the_whole():
    with pytest.raises(BadEncoding):
        inflate(gzip.compress(PLAIN)[:-20], "gzip", 10_000)


def test_a_body_in_members_is_unpacked_whole_and_within_the_limit():
    assert inflate(gzip.compress(PLAIN[:500]) + gzip.compress(PLAIN[500:]) + b"noise", "gzip", 10_000) == PLAIN
    with pytest.raises(TooLarge):
        inflate(gzip.compress(bytes(900)) * 3, "gzip", 2_000)
    with pytest.raises(BadEncoding):
        inflate(gzip.compress(b"") * 1_000, "gzip", 2_000)


@pytest.mark.parametrize("encoding", ["utf-8", "none", "\ufffd"])
def test_what_is_no_encoding_is_passed_over(encoding):
    assert inflate(PLAIN, encoding, 10_000) == PLAIN
