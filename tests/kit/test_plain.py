import json

import pytest

from govcrawl.kit.plain import json_line, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("政务 公开　x", "政务 公开　x"),
        ("a\x1b[31mb\x07\x9b2J", "a\ufffd[31mb\ufffd\ufffd2J"),
        ("a\r\n\tb\u2028c", "a   b c"),
        ("gnp.\u202eexe", "gnp.\ufffdexe"),
        ("\ud83d", "\ufffd"),
    ],
)
def test_text_of_strangers_steers_nothing(text, shown):
    assert plain(text) == shown


def test_line_feeds_are_kept_where_lines_are_shown():
    assert plain("a\nb\x00\r", lines=True) == "a\nb\ufffd "


def test_a_json_line_is_the_same_document_in_letters_that_print():
    document = {"政务": "a\x1b\x7f\x9b\u202e\u2028\ufeff\ud800\n末", "n": [1, None]}
    written = json_line(document)
    assert json.loads(written) == document
    assert written.isprintable()
    assert "政务" in written
    assert "末" in written
