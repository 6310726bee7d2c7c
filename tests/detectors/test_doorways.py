"""Doorway directories, judged by hand-made directories on both sides of each limit."""

from datetime import UTC, date, datetime

import pytest

from govcrawl.detectors.base import Context, Directory, SiteView
from govcrawl.detectors.dark_links.doorway_directory import FEWEST, DoorwayDirectory
from govcrawl.detectors.directories import Gathering
from govcrawl.findings import mask
from govcrawl.findings.lifecycle import opened
from govcrawl.findings.model import Confidence, Evidence, Observation, SiteLabel
from govcrawl.kit.urls import directory_of
from govcrawl.sites.model import Column, ColumnClass, Site
from tests.findings.observed import finding

HOST = "www.qingshan.gov.cn"
SITE = Site("s", f"http://{HOST}/")
SEEN_AT = datetime(2026, 3, 2, 4, tzinfo=UTC)


def directory(path, faulty, pages, name="page{}.html"):
    address = f"{HOST}{path}"
    samples = tuple(f"http://{address}{name.format(n)}" for n in range(min(faulty, 5)))
    return Directory(address, pages, faulty, samples, ("时时彩",) if faulty else (), SEEN_AT if faulty else None)


def said(*directories):
    view = SiteView(SITE, pages=100, directories=directories)
    return list(DoorwayDirectory().conclude(view, Context(SITE, date(2026, 3, 2))))


def told(*directories):
    """Path -> pages of spam and inspected ones."""
    return {
        one.url.removeprefix(f"http://{HOST}"): (one.evidence.extra["spam_pages"], one.evidence.extra["inspected_pages"])
        for one in said(*directories)
    }


def record(subject, words="时时彩"):
    evidence = Evidence(mask.text("a title"), extra={"words": mask.text(words)})
    return opened(Observation(finding(subject=subject, evidence=evidence), SiteLabel("s"), "c", SEEN_AT))


def gathered(shown, columns=()):
    """Faulty pages by directory, of findings with their pages."""
    gathering = Gathering(SITE, columns)
    for subject, urls in shown.items():
        gathering.add(record(subject), urls)
    return {one.address.removeprefix(HOST): one.faulty for one in gathering.directories({})}


def urls(path, number):
    return [f"http://{HOST}{path}{n}.html" for n in range(number)]


def test_so_few_pages_are_no_directory():
    assert told(directory("/a/", FEWEST - 1, FEWEST - 1)) == {}
    assert told(directory("/a/", FEWEST, FEWEST)) == {"/a/": (5, 5)}


def test_half_of_the_pages_must_be_spam():
    assert told(directory("/a/", 10, 20)) == {}
    assert told(directory("/a/", 11, 20)) == {"/a/": (11, 20)}


def test_clean_pages_above_do_not_hide_a_directory_below():
    assert told(directory("/a/", 0, 200), directory("/a/b/", 12, 12)) == {"/a/b/": (12, 12)}


def test_the_directory_is_the_same_however_many_clean_pages_are_above():
    for clean in (0, 3, 11, 12, 400):
        assert told(directory("/a/", 0, clean), directory("/a/b/c/", 12, 12)) == {"/a/b/c/": (12, 12)}


def test_pages_with_a_directory_each_are_one_finding_of_the_one_above():
    assert told(*(directory(f"/a/{n}/", 1, 1) for n in range(30))) == {"/a/": (30, 30)}
    assert told(*(directory(f"/{n}/", 1, 1) for n in range(30)), directory("/", 0, 1), directory("/n/", 0, 50)) == {"/": (30, 31)}


def test_two_directories_are_two_findings():
    assert told(directory("/a/", 8, 8), directory("/b/", 9, 9), directory("/c/", 0, 9)) == {"/a/": (8, 8), "/b/": (9, 9)}


def test_pages_that_the_round_could_not_have_are_no_ground():
    assert told(directory("/a/", 12, 0)) == {}


def test_made_up_names_and_many_pages_make_surer():
    confidences = [
        said(directory("/a/", 12, 12))[0].confidence,
        said(directory("/a/", 12, 12, "k3x{}z9.html"))[0].confidence,
        said(directory("/a/", 40, 40))[0].confidence,
        said(directory("/a/", 40, 70))[0].confidence,
    ]
    assert confidences == [Confidence.MEDIUM, Confidence.HIGH, Confidence.HIGH, Confidence.MEDIUM]


def test_the_same_directory_is_the_same_finding_whatever_was_counted():
    (one,), (other,) = said(directory("/a/", 12, 12)), said(directory("/a/", 300, 310))
    assert one.identity("s") == other.identity("s")
    assert one.identity("s") != said(directory("/b/", 12, 12))[0].identity("s")


def test_the_evidence_tells_numbers_words_and_samples_that_nobody_opens_by_accident():
    evidence = said(directory("/a/", 12, 16))[0].evidence
    assert evidence.snippet == "12 of 16 pages: 时时彩"
    assert (evidence.locator, evidence.extra["share"], evidence.extra["since"]) == ("/a/*", 0.75, "2026-03-02")
    assert evidence.extra["block"].split("; ") == [f"hxxp://www[.]qingshan.gov.cn/a/page{n}.html" for n in range(5)]


def test_a_page_counts_once_and_its_query_is_no_directory():
    pages = [*urls("/a/", 3), f"http://{HOST}/a/?q=/b/"]
    assert gathered({"title": pages, "farm": pages[:2]}) == {"/a/": 4}


def test_what_stands_on_the_home_page_is_in_the_template():
    assert gathered({"title": [SITE.url, *urls("/a/", 9)]}) == {}
    home = Column(f"http://{HOST}/index.html", "首页", ColumnClass.HOME)
    assert gathered({"title": [home.url, *urls("/a/", 9)]}, [home]) == {}
    gathering = Gathering(Site("s", f"http://{HOST}"), ())
    gathering.add(record("title"), [SITE.url, *urls("/a/", 9)])
    assert not gathering


@pytest.mark.parametrize(("parts", "counted"), [(("/a/",), {"/a/": 10}), (("/a/", "/b/"), {})])
def test_what_stands_on_columns_of_several_parts_is_in_the_template(parts, counted):
    columns = [Column(f"http://{HOST}{part}index.html", "通知公告") for part in parts]
    assert gathered({"title": [*urls("/a/", 9), *(column.url for column in columns)]}, columns) == counted


def test_what_was_counted_with_the_first_directory_of_a_path_is_judged_with_it():
    gathering = Gathering(SITE, ())
    for n in range(40):
        gathering.add(record(str(n)), [f"http://{HOST}/a/{n}/x.html"])
    counted = {f"{HOST}/": 1, f"{HOST}/a/": 30} | {f"{HOST}/a/{n}/": 1 for n in range(10)}
    assert told(*gathering.directories(counted)) == {"/a/": (40, 40)}


def test_paths_without_end_are_cut():
    deep = f"http://{HOST}/{'a/' * 900}x.html"
    gathering = Gathering(SITE, ())
    gathering.add(record("one"), [f"{deep}?{n}" for n in range(9)])
    assert told(*gathering.directories({directory_of(deep): 9})) == {f"/{'a/' * 12}": (9, 9)}
