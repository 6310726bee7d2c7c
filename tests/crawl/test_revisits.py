from msgspec.structs import replace

from govcrawl.crawl.assignments import Assignment
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.revisits import conditions, judges, settled, signature
from govcrawl.crawl.visit import Visit
from govcrawl.detectors.base import Context
from govcrawl.findings.model import SiteLabel
from govcrawl.frontier.model import Lease, Outcome, PageClass, Result
from govcrawl.kit.clock import china_today
from govcrawl.page.model import Page
from govcrawl.sites.model import Site

URL = "http://a.test/content/1.html"
LEASE = Lease("t", "watch@2", "s", URL, "a.test", PageClass.ARTICLE, 1, 1, '"1"', "Wed, 21 Oct 2026 07:28:00 GMT", "v1")
SITE = Site("s", "http://a.test/")


def page(body: str, **facts: object) -> Page:
    return Page(URL, body.encode(), headers={"etag": '"2"'}, **facts)


def visit(lease: Lease = LEASE, *, body: str = "<p>text", status: int = 200, **facts: object) -> Visit:
    errand = Errand(lease, Assignment(SITE, SiteLabel("s"), Context(SITE, china_today())))
    return Visit(errand, Result(lease, Outcome.DONE, status=status), page(body, **facts))


def rests(one: Visit) -> bool:
    return bool(settled(one, one.page, "v1").signature)


def test_a_page_is_asked_for_under_the_conditions_of_its_last_answer():
    assert conditions(LEASE, "v1") == {"If-None-Match": '"1"', "If-Modified-Since": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert conditions(replace(LEASE, etag=""), "v1") == {"If-Modified-Since": "Wed, 21 Oct 2026 07:28:00 GMT"}


def test_what_other_rules_judged_is_read_again():
    assert conditions(LEASE, "v2") == {}


def test_a_page_that_was_looked_at_in_full_may_rest():
    one = visit()
    result = settled(one, one.page, "v1")
    assert result.signature
    assert (result.etag, result.judged_by) == ('"2"', "v1")


def test_a_page_that_was_not_inspected_to_its_end_is_read_each_round():
    assert not rests(visit().not_inspected("page", "longer than 3,000,000 bytes"))


def test_columns_and_home_pages_and_what_scripts_fill_are_read_each_round():
    assert not rests(visit(replace(LEASE, page_class=PageClass.COLUMN)))
    assert not rests(visit(replace(LEASE, page_class=PageClass.HOME)))
    assert not rests(visit(answers={"http://a.test/list.json": "[]"}))


def test_an_address_that_is_stored_masked_is_read_each_round():
    assert not rests(visit(replace(LEASE, url=f"{URL}?sfz=11010519491231002X")))


def test_clocks_and_counters_do_not_change_a_signature_and_words_and_links_do():
    before = signature(page("<p>访问量 12 今天是 2026年3月1日</p><a href='/a?t=1'>x</a>"))
    assert signature(page("<p>访问量 13   今天是 2026年3月2日</p><a href='/a?t=2'>x</a>")) == before
    assert signature(page("<p>访问量 12 今天是 2026年3月1日</p><a href='http://bet.test/'>x</a>")) != before
    assert signature(page("<p>浏览量 12 今天是 2026年3月1日</p><a href='/a?t=1'>x</a>")) != before


def test_a_file_of_rules_is_part_of_what_judges(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text("a = 1")
    assert judges(None, None) == judges(None, None)
    assert judges(file, None) != judges(None, None)
