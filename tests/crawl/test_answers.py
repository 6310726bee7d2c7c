from datetime import timedelta
from email.utils import format_datetime

import pytest

from govcrawl.crawl.answers import is_markup, is_redirect, result_of
from govcrawl.crawl.fetching import Fetched
from govcrawl.crawl.robots import robots_result
from govcrawl.frontier.model import Lease, Outcome, PageClass, Reason
from govcrawl.kit.clock import utc_now

LEASE = Lease("t", "c", "s", "http://a.test/", "a.test", PageClass.HOME)


def fetched(status: int = 200, body: bytes = b"", **headers: str) -> Fetched:
    return Fetched(LEASE.url, status, {name.replace("_", "-"): value for name, value in headers.items()}, body, 0.1)


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (200, Outcome.DONE, None),
        (203, Outcome.DONE, None),
        (101, Outcome.DEAD, Reason.BAD_RESPONSE),
        (204, Outcome.DEAD, Reason.BAD_RESPONSE),
        (206, Outcome.DEAD, Reason.BAD_RESPONSE),
        (302, Outcome.DEAD, Reason.BAD_RESPONSE),
        (304, Outcome.DEAD, Reason.BAD_RESPONSE),
        (404, Outcome.DEAD, Reason.HTTP_4XX),
        (403, Outcome.DEAD, Reason.BLOCKED),
        (412, Outcome.DEAD, Reason.BLOCKED),
        (429, Outcome.RETRY, Reason.THROTTLED),
        (500, Outcome.RETRY, Reason.HTTP_5XX),
        (503, Outcome.RETRY, Reason.HTTP_5XX),
    ],
)
def test_a_status_says_what_becomes_of_the_page(status, outcome, reason):
    result = result_of(LEASE, fetched(status))
    assert (result.outcome, result.reason, result.status) == (outcome, reason, status)


def test_not_modified_is_an_answer_to_who_knows_the_page():
    assert result_of(LEASE, fetched(304), conditional=True).outcome is Outcome.DONE


@pytest.mark.parametrize(
    "moment", [f"Mon, 01 Jan {'9' * 30} 00:00:00 GMT", "Mon, 01 Jan 2020 00:00:00 +" + "9" * 300, "soon", "-99"]
)
def test_a_time_that_no_calendar_has_names_none(moment):
    assert result_of(LEASE, fetched(503, retry_after=moment)).retry_after_seconds is None


def test_a_server_that_names_a_time_is_asked_again_then():
    assert result_of(LEASE, fetched(503, retry_after="120")).reason is Reason.THROTTLED
    assert result_of(LEASE, fetched(503, retry_after="120")).retry_after_seconds == 120
    later = format_datetime(utc_now() + timedelta(minutes=5), usegmt=True)
    assert result_of(LEASE, fetched(429, retry_after=later)).retry_after_seconds == pytest.approx(300, abs=5)


@pytest.mark.parametrize("words", ["soon", "-5", "Wed, 99 Foo 2020"])
def test_a_time_that_nobody_can_read_is_no_time(words):
    assert result_of(LEASE, fetched(503, retry_after=words)).retry_after_seconds is None


def test_a_page_may_not_park_a_site_for_a_year():
    assert result_of(LEASE, fetched(503, retry_after="99999999")).retry_after_seconds == 86400


def test_markup_is_known_by_its_type_or_its_look():
    assert is_markup(fetched(content_type="text/html; charset=gbk"))
    assert is_markup(fetched(body=b"\n<!DOCTYPE HTML><p>", content_type="application/octet-stream"))
    assert not is_markup(fetched(body=b"%PDF-1.4 <html", content_type="application/pdf"))
    assert not is_markup(fetched(body=b"a,b,c"))


def test_a_redirect_without_a_place_is_none():
    assert is_redirect(fetched(302, location="/x"))
    assert not is_redirect(fetched(302))
    assert not is_redirect(fetched(304, location="/x"))


def test_a_missing_robots_file_allows_all():
    assert robots_result(LEASE, fetched(404, b"gone")).robots == ""


def test_a_page_in_place_of_the_robots_file_allows_all():
    assert robots_result(LEASE, fetched(200, b"\xef\xbb\xbf <html>Disallow: /</html>")).robots == ""


def test_a_server_in_trouble_is_asked_for_its_robots_file_again():
    result = robots_result(LEASE, fetched(500))
    assert (result.outcome, result.robots) == (Outcome.RETRY, None)


def test_the_delay_that_robots_asks_for_travels_with_the_result():
    assert robots_result(LEASE, fetched(200, b"User-agent: *\nCrawl-delay: 7")).crawl_delay_seconds == 7
    assert robots_result(LEASE, fetched(200, b"User-agent: *\nCrawl-delay: 86400")).crawl_delay_seconds == 60
