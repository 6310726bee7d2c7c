"""Single pages from files, folders, manifests and addresses."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.conftest import Run

SPECIMEN = "11010519491231002X"  # the standard's own
LEAKY = f"<html><title>公示</title><body><p>张某，身份证号：{SPECIMEN}</p></body></html>"
CLEAN = "<html><title>青山县人民政府</title><body><p>今日要闻</p></body></html>"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "clean.html").write_text(CLEAN)
    (folder / "leaky.html").write_text(LEAKY)
    (folder / "leaky.txt").write_text(f"张某，身份证号：{SPECIMEN}")
    return folder


@pytest.fixture
def web() -> Iterator[str]:
    """A server on loopback: `/` redirects to `/leaky`, `/inside` to an inner address that is not allowed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            target = {"/": "/leaky", "/inside": "http://10.0.0.1/"}.get(self.path)
            self.send_response(302 if target else 200)
            if target:
                self.send_header("Location", target)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(LEAKY.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def documents(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_nothing_found_is_status_0(run: Run, pages: Path) -> None:
    ended = run("scan", pages / "clean.html", "--json")
    assert (ended.returncode, ended.stdout) == (0, "")


def test_a_finding_is_one_document_with_the_path_as_it_was_given(run: Run, pages: Path) -> None:
    ended = run("scan", "pages/leaky.html", "--url", "http://www.qingshan.gov.cn/gs/1.html", "--json")
    (found,) = documents(ended.stdout)
    assert ended.returncode == 1
    assert found["page"] == {"path": "pages/leaky.html"}
    assert found["rule"]["id"] == "leaks/id-number"
    assert found["site"]["id"] == "www.qingshan.gov.cn"
    assert found["url"] == {"full": "http://www.qingshan.gov.cn/gs/1.html", "domain": "www.qingshan.gov.cn", "path": "/gs/1.html"}


def test_findings_are_never_merged_across_pages(run: Run, pages: Path) -> None:
    (pages / "again.html").write_text(LEAKY)
    found = documents(run("scan", "pages/leaky.html", "pages/again.html", "--json").stdout)
    assert [one["page"]["path"] for one in found] == ["pages/leaky.html", "pages/again.html"]


def test_a_folder_means_all_its_files(run: Run, pages: Path) -> None:
    ended = run("scan", "pages", "--json")
    assert [one["page"]["path"] for one in documents(ended.stdout)] == ["pages/leaky.html", "pages/leaky.txt"]


def test_a_manifest_names_the_addresses_of_files_beside_it(run: Run, pages: Path) -> None:
    (pages / "pages.tsv").write_text("path\turl\nleaky.html\thttp://a.gov.cn/1\nclean.html\thttp://b.gov.cn/\n")
    (found,) = documents(run("scan", "--manifest", "pages/pages.tsv", "--json").stdout)
    assert (found["page"]["path"], found["url"]["full"]) == ("leaky.html", "http://a.gov.cn/1")


def test_a_page_that_cannot_be_had_is_a_fault_and_the_others_are_scanned(run: Run, pages: Path) -> None:
    ended = run("scan", "absent.html", pages / "leaky.html", "--json")
    assert ended.returncode == 2
    assert len(documents(ended.stdout)) == 1
    assert "absent.html: No such file or directory" in ended.stderr


@pytest.mark.parametrize(
    "body", [b"", b"\0" * 4096, b"\xff\xfe\x00", b"<" * 50_000, b"<div>" * 4_000, "\ud800".encode("utf-8", "surrogatepass")]
)
def test_a_broken_file_is_scanned_like_any_other(run: Run, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "broken.html").write_bytes(body)
    ended = run("scan", "broken.html", "--json")
    assert ended.returncode == 0, ended.stderr


def test_a_page_that_is_inspected_in_part_is_not_called_clean(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep.html").write_bytes(b"<div>" * 20_000)
    ended = run("scan", "deep.html", "--json")
    assert ended.returncode == 2
    assert "deep.html: not inspected to its end: nested more than 5,000 elements deep" in ended.stderr


def test_no_unmasked_specimen_is_printed(run: Run, pages: Path) -> None:
    for args in (("scan", "pages"), ("scan", "pages", "--json"), ("page", "show", "pages/leaky.html")):
        ended = run(*args)
        assert SPECIMEN not in ended.stdout + ended.stderr


def test_the_table_is_plain_without_a_terminal(run: Run, pages: Path) -> None:
    lines = run("scan", "pages/leaky.html").stdout.splitlines()
    assert [len(lines), lines[0].split()] == [2, ["severity", "rule", "page", "title", "evidence"]]
    assert "\x1b" not in lines[1]


def test_a_page_of_the_network_is_fetched_with_its_redirects(run: Run, web: str) -> None:
    ended = run("scan", f"{web}/", "--json", env={"GOVCRAWL_ALLOW_NETWORKS": "127.0.0.0/8"})
    (found,) = documents(ended.stdout)
    assert (ended.returncode, found["url"]["full"]) == (1, f"{web}/leaky")


def test_an_inner_address_is_refused(run: Run, web: str) -> None:
    for host in (web, web.replace("127.0.0.1", "localhost"), web.replace("127.0.0.1", "2130706433")):
        ended = run("scan", f"{host}/leaky")
        assert ended.returncode == 2
        assert "GOVCRAWL_ALLOW_NETWORKS" in ended.stderr


def test_a_redirect_to_an_inner_address_is_refused(run: Run, web: str) -> None:
    ended = run("scan", f"{web}/inside", env={"GOVCRAWL_ALLOW_NETWORKS": "127.0.0.0/8"})
    assert ended.returncode == 2
    assert "GOVCRAWL_ALLOW_NETWORKS" in ended.stderr


@pytest.mark.parametrize(
    "head",
    [
        "<!-- saved from url=(0028)http://www.qingshan.gov.cn/ -->",
        '<link rel="canonical" href="http://www.qingshan.gov.cn/">',
        '<meta property="og:url" content="http://www.qingshan.gov.cn/">',
    ],
)
def test_a_saved_page_tells_its_own_address(run: Run, tmp_path: Path, head: str) -> None:
    (tmp_path / "saved.html").write_text(f"<html><head>{head}</head></html>{LEAKY}")
    (found,) = documents(run("scan", "saved.html", "--json").stdout)
    assert found["url"]["full"] == "http://www.qingshan.gov.cn/"
