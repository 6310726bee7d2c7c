"""Site lists of every format and encoding, with good and bad lines."""

import codecs
import json
from pathlib import Path

import openpyxl
import pytest

from govcrawl.sites.faults import SiteListError
from govcrawl.sites.listing import read_list, site_of_url

CSV = "网站标识码,网站名称,首页网址,地区\n1100000001,青山县人民政府,http://www.qingshan.gov.cn/,青山县\n"


def write(folder: Path, body: str | bytes, name: str = "sites.csv") -> Path:
    path = folder / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


@pytest.mark.parametrize(
    "body",
    [CSV.encode(), codecs.BOM_UTF8 + CSV.encode(), CSV.encode("gb18030"), codecs.BOM_UTF16_LE + CSV.encode("utf-16-le")],
    ids=["utf-8", "utf-8 with BOM", "gb18030", "utf-16"],
)
def test_chinese_headings_are_read_in_every_encoding(tmp_path: Path, body: bytes) -> None:
    (site,) = read_list(write(tmp_path, body)).sites
    assert (site.id, site.name, site.url, site.region) == (
        "1100000001",
        "青山县人民政府",
        "http://www.qingshan.gov.cn/",
        "青山县",
    )


def test_every_field_is_read_from_english_headings(tmp_path: Path) -> None:
    listing = read_list(
        write(
            tmp_path,
            "id,name,url,region,level,organizer,tags,max_pages,delay_seconds,window,hosts\n"
            "7,Hill,https://hill.gov.cn/,R,county,Office,a;b,50,1.5,22:00-6:00,static.hill.gov.cn; img.hill.gov.cn:8080\n",
        )
    )
    (site,) = listing.sites
    assert (site.level, site.organizer, site.tags, site.max_pages, site.delay_seconds) == (
        "county",
        "Office",
        ("a", "b"),
        50,
        1.5,
    )
    assert site.hosts == ("static.hill.gov.cn", "img.hill.gov.cn:8080")
    assert site.window == "22:00-06:00"
    assert listing.notes == []


def test_an_identification_code_of_a_spreadsheet_stays_whole(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["某省政府网站基本信息表"])
    sheet.append(["序号", "网站标识码", "网站名称（必填）", "首页网址*"])
    sheet.append([1, 1100000001, "青山县人民政府", "www.qingshan.gov.cn"])
    sheet.append([2, 1100000002, "绿水县人民政府", ""])
    book.save(tmp_path / "sites.xlsx")
    listing = read_list(tmp_path / "sites.xlsx")
    assert [(site.id, site.url) for site in listing.sites] == [("1100000001", "http://www.qingshan.gov.cn/")]
    assert [str(problem) for problem in listing.problems] == ["row 4: no url; fix the row or remove it"]


def test_json_lines_are_read_and_a_broken_one_is_named(tmp_path: Path) -> None:
    lines = [
        json.dumps({"url": "http://a.gov.cn/", "hosts": ["b.gov.cn"]}),
        "{broken",
        "[1]",
        json.dumps({"首页网址": "http://c.gov.cn/"}),
    ]
    listing = read_list(write(tmp_path, "\n".join(lines), "sites.jsonl"))
    assert [site.id for site in listing.sites] == ["a.gov.cn", "c.gov.cn"]
    assert [problem.place for problem in listing.problems] == ["line 2", "line 3"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("", "no url"),
        ("ftp://a.gov.cn/", "not an http or https address"),
        ("mailto:a@b.cn", "not an http or https address"),
        ("http://", "is not an address"),
        ("http://a b.gov.cn/", "is not an address"),
        ("http://a.gov.cn:99999/", "is not an address"),
        ("http://a..gov.cn/", "is not an address"),
        ("县政府网站", "is not an address"),
    ],
)
def test_a_bad_address_is_named_with_its_line_and_the_good_lines_still_count(tmp_path: Path, cell: str, words: str) -> None:
    listing = read_list(write(tmp_path, f"name,url\none,http://one.gov.cn/\nbad,{cell}\ntwo,http://two.gov.cn/\n"))
    assert [site.name for site in listing.sites] == ["one", "two"]
    assert words in listing.problems[0].message
    assert [problem.place for problem in listing.problems] == ["line 3"]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("max_pages", "0"),
        ("max_pages", "many"),
        ("delay_seconds", "-1"),
        ("delay_seconds", "soon"),
        ("hosts", "a/b c!d"),
        ("window", "at night"),
    ],
)
def test_a_bad_number_or_host_is_named_with_its_field(tmp_path: Path, heading: str, cell: str) -> None:
    listing = read_list(write(tmp_path, f"url,{heading}\nhttp://one.gov.cn/,\nhttp://two.gov.cn/,{cell}\n"))
    assert [site.id for site in listing.sites] == ["one.gov.cn"]
    assert listing.problems[0].message.startswith(heading)


def test_a_missing_scheme_is_taken_as_http_with_a_note(tmp_path: Path) -> None:
    listing = read_list(write(tmp_path, "url\nwww.qingshan.gov.cn:8080/zw/\n"))
    assert listing.sites[0].url == "http://www.qingshan.gov.cn:8080/zw/"
    assert listing.sites[0].id == "www.qingshan.gov.cn:8080"
    assert "no scheme" in str(listing.notes[0])


def test_a_site_that_is_listed_twice_counts_once(tmp_path: Path) -> None:
    listing = read_list(write(tmp_path, "url\nhttp://a.gov.cn/\nhttp://A.gov.cn/index.html\n"))
    assert len(listing.sites) == 1
    assert str(listing.notes[0]) == "line 3: a.gov.cn is listed on line 2 already; left out"


def test_one_id_for_two_sites_is_a_problem(tmp_path: Path) -> None:
    listing = read_list(write(tmp_path, "id,url\n1,http://a.gov.cn/\n1,http://b.gov.cn/\n"))
    assert [site.url for site in listing.sites] == ["http://a.gov.cn/"]
    assert "id of its own" in listing.problems[0].message


def test_an_open_quote_costs_only_its_own_line(tmp_path: Path) -> None:
    listing = read_list(write(tmp_path, 'name,url\n"open,http://a.gov.cn/\nb,http://b.gov.cn/\nc,http://c.gov.cn/\n'))
    assert [site.name for site in listing.sites] == ["b", "c"]
    assert [problem.place for problem in listing.problems] == ["line 2"]


def test_a_line_break_inside_quotes_belongs_to_its_cell(tmp_path: Path) -> None:
    listing = read_list(write(tmp_path, 'name,url\n"two\nlines",http://a.gov.cn/\n,x\n'))
    assert listing.sites[0].name == "two\nlines"
    assert listing.problems[0].place == "line 4"


def test_a_line_with_a_broken_byte_costs_only_itself(tmp_path: Path) -> None:
    listing = read_list(write(tmp_path, b"url,name\nhttp://a.gov.cn/,\xe6\x94\xbf\nhttp://b.gov.cn/,\xff\xff\n"))
    assert [site.name for site in listing.sites] == ["政"]
    assert "neither UTF-8 nor GB18030" in str(listing.problems[0])


def test_a_bare_list_of_addresses_needs_no_heading(tmp_path: Path) -> None:
    listing = read_list(write(tmp_path, "www.a.gov.cn\nhttps://b.gov.cn/x\n", "sites.txt"))
    assert [site.id for site in listing.sites] == ["www.a.gov.cn", "b.gov.cn"]


def test_tabs_and_semicolons_separate_as_well_as_commas(tmp_path: Path) -> None:
    for delimiter in "\t;":
        listing = read_list(write(tmp_path, f"name{delimiter}url\none{delimiter}http://a.gov.cn/\n"))
        assert listing.sites[0].name == "one"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"url,name\n", "no site in it"),
        (b"url\nftp://a\n", "no site in it; line 2"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "a binary file"),
        (b"PK\x03\x04 not a workbook", "no readable workbook"),
        (b"name,place\none,two\n", "no column url"),
    ],
)
def test_a_file_that_is_no_list_is_named_with_the_way_out(tmp_path: Path, body: bytes, words: str) -> None:
    path = write(tmp_path, body)
    with pytest.raises(SiteListError, match=words) as fault:
        read_list(path)
    assert str(path) in str(fault.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(SiteListError, match="no such file"):
        read_list(tmp_path / "absent.csv")
    with pytest.raises(SiteListError, match="a folder"):
        read_list(tmp_path)


def test_an_address_alone_makes_a_site() -> None:
    assert site_of_url("www.a.gov.cn").url == "http://www.a.gov.cn/"
    with pytest.raises(SiteListError, match="not an http or https address"):
        site_of_url("ftp://a.gov.cn/")
