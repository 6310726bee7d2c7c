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


async def loaded(frontier, site, *domains, tainted=False, stored=()):
    answers = await frontier.load(site, dict.fromkeys(domains, site), tainted=tainted, stored=stored)
    return {answer.domain: answer for answer in answers}


async def test_the_sites_that_load_from_a_domain_are_counted_and_the_tainted_ones_among_them(frontier):
    for number in range(8):
        await loaded(frontier, f"s{number}.gov.cn", "js.com", tainted=number < 5)
    again = (await loaded(frontier, "s0.gov.cn", "js.com"))["js.com"]
    assert (again.loaded_on, again.tainted_on, again.linked_by) == (8, 5, 0)


async def test_the_whole_fleet_is_counted_beside_them_whatever_it_loads(frontier):
    for number in range(6):
        await loaded(frontier, f"s{number}.gov.cn", tainted=number < 2)
    known = (await loaded(frontier, "t.gov.cn", "js.com", tainted=True))["js.com"]
    assert (known.loaded_on, known.tainted_on, known.fleet, known.fleet_tainted) == (1, 1, 7, 3)


async def test_what_links_a_domain_in_sight_is_heard_with_it(frontier):
    await met(frontier, "a.gov.cn", shown=["js.com"])
    assert (await loaded(frontier, "b.gov.cn", "js.com"))["js.com"].linked_by == 1


async def test_sightings_of_loaders_are_handed_on_once_several_are_tainted_and_until_they_are_stored(frontier):
    for number in range(3):
        known = (await loaded(frontier, f"s{number}.gov.cn", "js.com", tainted=True))["js.com"]
    assert set(dict(known.others)) == {"s0.gov.cn", "s1.gov.cn"}
    await loaded(frontier, "s2.gov.cn", tainted=False, stored=[("js.com", "s0.gov.cn")])
    later = (await loaded(frontier, "s2.gov.cn", "js.com"))["js.com"]
    assert set(dict(later.others)) == {"s1.gov.cn"}


async def test_clean_loaders_hear_nothing_of_each_other(frontier):
    for number in range(9):
        known = (await loaded(frontier, f"s{number}.gov.cn", "cdn.com"))["cdn.com"]
    assert (known.tainted_on, known.others) == (0, ())


async def test_what_is_kept_of_loaders_has_an_end(frontier, redis):
    for number in range(30):
        await loaded(frontier, f"s{number}.gov.cn", "js.com", tainted=True)
    assert await redis.hlen(P + "loads:js.com") == 16
    for key in ("loads:js.com", "loaded:js.com", "tainted:js.com"):
        assert 0 < await redis.pttl(P + key) <= 60 * 24 * 3600 * 1000


async def sampled(frontier, campaign, *pages, site="s1"):
    return [await frontier.sample(site, campaign, "a.gov.cn", domains) for domains in pages]


async def hosts_of(frontier, campaign, site="s1"):
    found = await frontier.script_hosts(site, campaign)
    return found, {host.domain: (host.pages, host.new, host.sites) for host in found.hosts}


async def test_the_first_pages_of_a_visit_are_counted_with_the_domains_that_they_load_from(frontier):
    wanted = await sampled(frontier, "c1", ["cdn.com", "js.com"], ["cdn.com"], [], *[["late.com"]] * 8)
    assert wanted == [True] * 9 + [False] * 2
    found, hosts = await hosts_of(frontier, "c1")
    assert (found.pages, found.before) == (10, 0)
    assert hosts == {"late.com": (7, True, 1), "cdn.com": (2, True, 1), "js.com": (1, True, 1)}


async def test_a_domain_is_new_to_a_site_where_no_visit_before_had_it(frontier):
    await sampled(frontier, "c1", ["cdn.com"], ["cdn.com"])
    await sampled(frontier, "c2@1", ["cdn.com", "js.com"], ["js.com"], ["js.com"])
    found, hosts = await hosts_of(frontier, "c2@1")
    assert (found.pages, found.before) == (3, 2)
    assert hosts == {"js.com": (3, True, 1), "cdn.com": (1, False, 1)}
    await sampled(frontier, "c2@2", ["js.com"])
    assert (await hosts_of(frontier, "c2@2"))[1] == {"js.com": (1, False, 1)}


async def test_a_sample_is_told_for_its_own_campaign_only_and_has_an_end(frontier, redis):
    await sampled(frontier, "c1", ["cdn.com"])
    assert (await hosts_of(frontier, "c2"))[0].hosts == ()
    assert 0 < await redis.pttl(P + "scripts:s1") <= 200 * 24 * 3600 * 1000


async def test_a_page_cannot_fill_the_memory_with_names(frontier, redis):
    await sampled(frontier, "c1", [f"d{number}.com" for number in range(300)])
    assert await redis.hlen(P + "scripts:s1") <= 65


async def test_what_was_seen_of_a_domain_is_told_with_it(frontier):
    await sampled(frontier, "c1", ["js.com"])
    await frontier.look("a.gov.cn", ["js.com"], 1)
    await frontier.saw("js.com", "parked")
    assert (await frontier.script_hosts("s1", "c1")).hosts[0].seen == "parked"


async def looked_at(frontier, redis, seen):
    await redis.delete(P + "saw:x.com")  # a day later
    assert await frontier.look("a.gov.cn", ["x.com"], 1) == [None]
    return await frontier.saw("x.com", seen)


async def test_a_name_that_nobody_finds_on_three_days_is_gone(frontier, redis):
    assert [await looked_at(frontier, redis, "dead") for _ in range(3)] == ["dead", "dead", "gone"]
    assert await frontier.look("b.gov.cn", ["x.com"], 1) == ["gone"]
    assert await redis.pttl(P + "lost:x.com") > 0


async def test_a_look_that_found_the_name_begins_the_count_anew_and_one_that_says_nothing_does_not(frontier, redis):
    for seen in ("dead", "dead", "", "ok", "dead", "dead"):
        known = await looked_at(frontier, redis, seen)
    assert known == "dead"
    assert await looked_at(frontier, redis, "") == ""
    assert await looked_at(frontier, redis, "dead") == "gone"


async def test_what_is_said_twice_of_one_look_counts_once(frontier, redis):
    await looked_at(frontier, redis, "dead")
    assert [await frontier.saw("x.com", "dead") for _ in range(3)] == ["dead"] * 3


async def test_a_server_without_memory_holds_nobody_up(frontier, redis):
    await frontier.load("a.gov.cn", {}, tainted=False)  # the scripts themselves are there
    await frontier.sample("s1", "c1", "a.gov.cn", [])
    await redis.config_set("maxmemory", 1)
    try:
        assert await frontier.load("b.gov.cn", {"js.com": "x"}, tainted=True) == []
        assert await frontier.sample("s1", "c1", "b.gov.cn", ["js.com"]) is False
        assert (await frontier.script_hosts("s1", "c1")).hosts == ()
    finally:
        await redis.config_set("maxmemory", 0)
