"""What the frontier remembers of foreign domains."""

import pytest

from tests.frontier.keyspace import P


async def met(frontier, site, hidden=(), shown=(), stored=()):
    answers = await frontier.meet(site, dict.fromkeys(hidden, site), list(shown), stored)
    return {answer.domain: answer for answer in answers}


async def test_a_domain_is_counted_once_a_site_that_hides_it(frontier):
    for site in ("a.gov.cn", "a.gov.cn", "b.gov.cn"):
        known = (await met(frontier, site, hidden=["x.com"]))["x.com"]
    assert (known.hidden_on, known.others) == (2, ())


async def test_the_third_site_gets_the_sightings_of_the_others_until_they_are_stored(frontier):
    for site in ("a.gov.cn", "b.gov.cn"):
        await met(frontier, site, hidden=["x.com", "y.com"])
    known = await met(frontier, "c.gov.cn", hidden=["x.com"])
    assert dict(known["x.com"].others) == {"a.gov.cn": "a.gov.cn", "b.gov.cn": "b.gov.cn"}
    # The worker died before it stored them: the next one hears the same.
    again = await met(frontier, "c.gov.cn", hidden=["x.com"])
    assert len(again["x.com"].others) == 2
    await met(frontier, "c.gov.cn", stored=[("x.com", "a.gov.cn"), ("x.com", "b.gov.cn")])
    later = await met(frontier, "d.gov.cn", hidden=["x.com"])
    assert later["x.com"].hidden_on == 4
    assert set(dict(later["x.com"].others)) == {"c.gov.cn"}


async def test_sites_that_show_a_domain_are_counted_apart(frontier):
    for number in range(40):
        known = await met(frontier, f"s{number}.gov.cn", shown=["friend.com"])
    assert known["friend.com"].hidden_on == 0
    assert known["friend.com"].linked_by == pytest.approx(40, abs=2)


async def test_what_is_kept_of_a_domain_has_an_end(frontier, redis):
    for number in range(30):
        await met(frontier, f"s{number}.gov.cn", hidden=["x.com"], shown=["y.com"])
    assert await redis.hlen(P + "hides:x.com") == 16
    assert 0 < await redis.pttl(P + "hides:x.com") <= 60 * 24 * 3600 * 1000
    assert 0 < await redis.pttl(P + "shows:y.com") <= 60 * 24 * 3600 * 1000


async def test_a_foreign_domain_is_given_to_one_worker_a_day(frontier, redis):
    assert await frontier.look("a.gov.cn", ["x.com", "y.com", "z.com"], 2) == [None, None, ""]
    assert await frontier.look("b.gov.cn", ["x.com", "y.com"], 2) == ["", ""]
    await frontier.saw("x.com", "parked")
    assert await frontier.look("b.gov.cn", ["x.com", "z.com"], 2) == ["parked", None]
    for domain in ("x.com", "y.com"):
        assert 0 < await redis.pttl(f"{P}saw:{domain}") <= 24 * 3600 * 1000


async def test_a_worker_that_died_on_its_way_has_no_other_ask_again(frontier):
    assert await frontier.look("a.gov.cn", ["x.com"], 1) == [None]
    assert await frontier.look("a.gov.cn", ["x.com"], 1) == [""]


async def test_a_site_cannot_send_the_fleet_to_more_than_its_number_of_strangers(frontier, redis):
    domains = [f"d{number}.com" for number in range(80)]
    taken = [answer for start in range(0, 80, 10) for answer in await frontier.look("a.gov.cn", domains[start : start + 10], 10)]
    assert taken.count(None) == 50
    assert await frontier.look("b.gov.cn", [domains[-1]], 10) == [None]
    assert await redis.pttl(f"{P}looks:a.gov.cn") > 0


async def test_what_was_never_taken_is_not_kept(frontier, redis):
    await frontier.saw("x.com", "spam")
    assert await redis.get(f"{P}saw:x.com") is None
