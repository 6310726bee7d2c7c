"""Log lines."""

import io
import json
import logging

import pytest

from govcrawl.kit import log


@pytest.fixture
def stream() -> io.StringIO:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    made = io.StringIO()
    log.set_up(made, logging.INFO, mask=lambda line: line.replace("hunter2", "***"))
    yield made
    root.handlers[:], root.level = before, level
    logging.captureWarnings(capture=False)


def test_fields_stand_behind_the_constant_text(stream: io.StringIO) -> None:
    logging.getLogger("govcrawl.x").info("a page was had", extra={"url": "http://a/", "title": "two words"})
    assert stream.getvalue().endswith("INFO govcrawl.x a page was had url=http://a/ title='two words'\n")


def test_a_field_cannot_forge_a_second_line(stream: io.StringIO) -> None:
    logging.getLogger("govcrawl.x").info("a page was had", extra={"url": "http://a/\n2026 ERROR forged"})
    assert stream.getvalue().count("\n") == 1


def test_a_json_line_has_the_fields_by_name_and_is_masked_throughout(stream: io.StringIO) -> None:
    log.set_up(stream, logging.INFO, mask=lambda text: text.replace("hunter2", "***"), as_json=True)
    where = {"site": "s1", "url": "http://a/hunter2\n", "detector": "leaks/x", "campaign": "c1", "level": "forged", "pages": 3}
    try:
        int("hunter2")
    except ValueError:
        logging.getLogger("govcrawl.x").exception("it broke over %s", "hunter2", extra=where)
    assert stream.getvalue().count("\n") == 1
    told = json.loads(stream.getvalue())
    assert told.pop("@timestamp").endswith("Z")
    assert "ValueError: invalid literal" in told.pop("trace")
    expected = {"level": "ERROR", "logger": "govcrawl.x", "message": "it broke over ***", "url": "http://a/***\n"}
    assert told == where | expected
    assert "hunter2" not in stream.getvalue()


def test_text_fields_and_traces_are_masked(stream: io.StringIO) -> None:
    try:
        int("hunter2")
    except ValueError:
        logging.getLogger("govcrawl.x").exception("it broke", extra={"key": "hunter2"})
    assert "hunter2" not in stream.getvalue()
    assert "ValueError: invalid literal" in stream.getvalue()


def fail(words: str) -> None:
    raise ValueError(words)


def test_neither_the_text_nor_a_trace_forges_a_line_or_steers_a_terminal(stream: io.StringIO) -> None:
    try:
        fail("x\n2026-01-01T00:00:00.000Z ERROR forged\x1b[2J")
    except ValueError as fault:
        logging.getLogger("other").warning("it said %s", fault)
        logging.getLogger("other").exception("it broke")
    lines = stream.getvalue().splitlines()
    assert [line for line in lines if "forged" in line and not line.startswith("  ")] == lines[:1]
    assert sum(not line.startswith("  ") for line in lines) == 2
    assert "\x1b" not in stream.getvalue()
