"""How many pages of a site were had in each of its directories, whoever had them."""

import pytest
from msgspec.structs import replace

from govcrawl.frontier.model import Child, Closing, PageClass, Reason
from tests.frontier.keyspace import P
from tests.frontier.worker import campaign, dead, done, drain, robots, site

DAY = 86_400.0


def web(*paths: str, page_class=PageClass.ARTICLE, answer=done):
    """The home page leads to these, and each of them is answered so."""
    children = tuple(Child(f"http://h1.test{path}", page_class) for path in paths)

    def answered(lease):
        if lease.page_class is PageClass.ROBOTS:
            return robots(lease)
        return done(lease, *children) if lease.page_class is PageClass.HOME else answer(lease)

    return answered


async def closed(frontier, answer) -> Closing:
    """Works to the end; the closing of the site."""
    for _ in range(5000):
        claim = await frontier.claim("w", 50)
        if claim.closing:
            return claim.closing[0]
        await frontier.finish("w", [answer(lease) for lease in claim.leases])
    raise AssertionError("the site never closes")


async def test_pages_are_counted_by_the_path_up_to_its_last_slash(frontier):
    await frontier.start(campaign(), [site(1)])
    paths = ("/a/1.html", "/a/2.html?x=/y/", "/a/b/", "/a/b/c", "/list?p=/1/", "/中/1.html")
    closing = await closed(frontier, web(*paths))
    assert await frontier.directories(closing) == {"h1.test/": 2, "h1.test/a/": 2, "h1.test/a/b/": 2, "h1.test/中/": 1}


@pytest.mark.parametrize("answer", [lambda lease: done(lease, status=302), lambda lease: dead(lease, Reason.HTTP_4XX, 404)])
async def test_neither_redirects_nor_pages_that_were_not_had_are_counted(frontier, answer):
    await frontier.start(campaign(), [site(1)])
    assert await frontier.directories(await closed(frontier, web("/a/1.html", answer=answer))) == {"h1.test/": 1}


async def test_attachments_and_sheets_are_not_counted(frontier):
    await frontier.start(campaign(), [site(1)])
    closing = await closed(frontier, web("/a/1.pdf", page_class=PageClass.ATTACHMENT))
    assert await frontier.directories(closing) == {"h1.test/": 1}


async def test_a_page_that_is_told_twice_counts_once(frontier):
    await frontier.start(campaign(), [site(1)])
    answer = web("/a/1.html")
    for _ in range(20):
        claim = await frontier.claim("w", 5)
        if claim.closing:
            break
        results = [answer(lease) for lease in claim.leases]
        await frontier.finish("w", results)
        await frontier.finish("w", results)
    assert await frontier.directories(claim.closing[0]) == {"h1.test/": 1, "h1.test/a/": 1}


async def test_directories_without_end_are_counted_with_the_first_of_their_path(frontier):
    await frontier.start(campaign(), [site(1)])
    paths = [f"/{top}/{number}/x.html" for top in ("bet", "pic") for number in range(600)]
    counted = await frontier.directories(await closed(frontier, web(*paths)))
    assert len(counted) <= 503
    assert sum(counted.values()) == 1201
    assert counted["h1.test/bet/"] + counted["h1.test/pic/"] >= 700


async def test_first_directories_without_end_are_counted_with_the_host(frontier):
    await frontier.start(campaign(), [site(1)])
    counted = await frontier.directories(await closed(frontier, web(*[f"/{number}/x.html" for number in range(1300)])))
    assert len(counted) <= 1001
    assert counted["h1.test/"] >= 300


async def test_pages_that_a_round_lets_rest_are_counted_as_well(frontier, redis):
    settled = lambda lease: replace(done(lease), signature="00000000000000aa")  # noqa: E731 - one line of test
    answer = web("/a/1.html", "/a/2.html", answer=settled)
    await frontier.start(campaign(every=DAY), [site(1)])
    await drain(frontier, answer)
    asked = []
    for _ in range(3):
        await redis.zadd(f"{P}resting", {"1.1": 0})
        closing = await closed(frontier, lambda lease: asked.append(lease.url) or answer(lease))
        assert await frontier.directories(closing) == {"h1.test/": 1, "h1.test/a/": 2}
        await frontier.conclude("w", closing)
    assert asked.count("http://h1.test/a/1.html") < 3


async def test_what_is_counted_goes_with_the_end_of_the_site(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    closing = await closed(frontier, web("/a/1.html"))
    await frontier.conclude("w", closing)
    assert await frontier.directories(closing) == {}
    assert await redis.exists(f"{P}directories:1.1") == 0
