"""Bad input and absent services: one clear message, the right exit status, no trace."""

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Run


def assert_told(ended: Ended, status: int, *words: str) -> None:
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    assert [word for word in words if word not in ended.stderr] == []
    assert ended.stderr.count("Error: ") == 1


@pytest.fixture
def dead_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.mark.parametrize("command", [("crawl",), ("sites", "check"), ("sites", "import"), ("campaign", "start")], ids=" ".join)
@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("absent.csv", None, "no such file"),
        ("empty.csv", b"", "the file is empty"),
        ("heading.csv", b"url,name\n", "no site in it"),
        ("binary.csv", bytes(range(256)) * 4, "a binary file"),
        ("broken.xlsx", b"PK\x03\x04nothing", "no readable workbook"),
        ("bad.csv", b"url\nftp://only.bad/\n", "line 2"),
    ],
)
def test_a_list_without_a_site_is_named(
    *, run: Run, tmp_path: Path, command: tuple[str, ...], name: str, body: bytes | None, words: str
) -> None:
    if body is not None:
        (tmp_path / name).write_bytes(body)
    assert_told(run(*command, name), 2, name, words)


def test_a_bad_line_is_told_and_counted_and_the_good_ones_are_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sites.csv").write_text("url\nhttp://a.gov.cn/\nftp://b\nc.gov.cn\n")
    ended = run("sites", "import", "sites.csv")
    assert ended.returncode == 2
    assert "sites.csv: line 3: 'ftp://b' is not an http or https address; fix it or remove the row" in ended.stderr
    assert [line.split()[0] for line in run("sites", "list").stdout.splitlines()] == ["id", "a.gov.cn", "c.gov.cn"]


def test_no_list_at_all_names_the_way_out(run: Run) -> None:
    assert_told(run("crawl"), 2, "govcrawl sites import FILE")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("crawl", "http://a.gov.cn/", "--max-pages", "0"), "--max-pages"),
        (("crawl", "http://a.gov.cn/", "--max-pages", "many"), "--max-pages"),
        (("crawl", "http://a.gov.cn/", "--delay", "-1"), "--delay"),
        (("crawl", "http://a.gov.cn/", "--workers", "0"), "--workers"),
        (("crawl", "http://a.gov.cn/", "--now", "yesterday"), "--now"),
        (("crawl", "http://a.gov.cn/", "--report", "report.exe"), "--report"),
        (("crawl", "http://a.gov.cn/", "--report", "absent/report.md"), "--report"),
        (("crawl", "http://a.gov.cn/", "--campaign", "a{b}"), "--campaign"),
        (("crawl", "ftp://a.gov.cn/"), "ftp://a.gov.cn/"),
        (("findings", "list", "--type", "nothing"), "--type"),
        (("findings", "list", "--since", "soon"), "--since"),
        (("scan", "x.html", "--now", "31.12.2025"), "--now"),
        (("scan",), "name files"),
        (("scan", "--manifest", "absent.tsv"), "absent.tsv"),
        (("detectors", "check", "no/such"), "no/such"),
        (("nonsense",), "nonsense"),
    ],
)
def test_a_wrong_flag_is_named(run: Run, args: tuple[str, ...], words: str) -> None:
    assert_told(run(*args), 2, words)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GOVCRAWL_REDIS_URL", "localhost:6379"),
        ("GOVCRAWL_ELASTICSEARCH_URL", "localhost:9200"),
        ("GOVCRAWL_ALLOW_NETWORKS", "everything"),
    ],
)
def test_a_wrong_variable_is_named(run: Run, variable: str, value: str) -> None:
    assert_told(run("config", "show", env={variable: value}), 2, variable)


def test_a_data_directory_without_data_is_named(run: Run) -> None:
    assert_told(run("findings", "list", "--data-dir", "absent"), 2, "absent")


@pytest.mark.parametrize("command", [("crawl", "http://a.gov.cn/"), ("worker",), ("status",), ("campaign", "list")], ids=" ".join)
def test_an_unreachable_redis_is_named(run: Run, dead_port: int, command: tuple[str, ...]) -> None:
    url = f"redis://127.0.0.1:{dead_port}"
    assert_told(run(*command, env={"GOVCRAWL_REDIS_URL": url}), 3, str(dead_port))


@pytest.mark.parametrize(
    "command", [("crawl", "http://a.gov.cn/"), ("findings", "list"), ("setup", "elasticsearch")], ids=" ".join
)
def test_an_unreachable_elasticsearch_is_named(run: Run, dead_port: int, command: tuple[str, ...]) -> None:
    url = f"http://127.0.0.1:{dead_port}"
    assert_told(run(*command, env={"GOVCRAWL_ELASTICSEARCH_URL": url}), 3, str(dead_port))
