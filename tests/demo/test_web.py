"""The demo web: what is on its pages."""

from datetime import date

import pytest

from govcrawl.demo.sheet import Plant
from govcrawl.demo.web import Web, build_web
from govcrawl.page.model import Page

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def web() -> Web:
    return build_web(TODAY)


def plants(web: Web) -> list[Plant]:
    return [*web.sheet.planted, *web.sheet.look_alikes]


def page(web: Web, host: str, path: str) -> Page:
    answer = web.answers[host, path]
    return Page(f"http://{host}{path}", answer.body, answer.status, {"content-type": answer.content_type}, TODAY)


def test_everything_on_the_answer_sheet_stands_on_a_page(web: Web):
    assert [plant.about for plant in plants(web) if plant not in web.addresses] == []


def test_every_site_is_dead_or_has_a_home_page_and_robots_rules(web: Web):
    for site in web.sites:
        assert site.dead is ((site.host, "/") not in web.answers)
        assert site.dead is ((site.host, "/robots.txt") not in web.answers)


def test_every_page_can_be_reached_from_its_home_page(web: Web):
    for site in web.sites:
        own = {path for host, path in web.answers if host == site.host} - {"/robots.txt"}
        seen, queue = {"/"} & own, ["/"] if not site.dead else []
        while queue:
            for link in page(web, site.host, queue.pop()).links:
                path = link.url.removeprefix(f"http://{site.host}")
                if path in own and path not in seen:
                    seen.add(path)
                    queue.append(path)
        assert own - seen == set(), site.host


def test_columns_are_as_old_as_planned_whatever_the_day():
    for today in (date(2024, 2, 29), date(2026, 1, 1)):
        body = build_web(today).answers["www.jiangwan.gov.test", "/jwyw/"].body.decode()
        assert f"<span>{today.isoformat()}</span>" in body


def test_a_gb18030_site_is_read_as_chinese(web: Web):
    assert "江湾市税务局" in page(web, "www.tax-jiangwan.gov.test", "/").title


def test_the_site_list_is_one_that_the_product_reads(web: Web):
    lines = web.site_list().splitlines()
    assert lines[0].split(",")[2] == "首页网址"
    assert len(lines) == len(web.sites) + 1
