import pytest

from govcrawl.frontier.model import Reason, SiteState
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

HOME = "<title>青山区人民政府</title>" + "".join(
    f"<a href='{path}'>要闻</a>" for path in ("/content/1.html", "/gone/2.html", "/old/gone/3.html", "/content/4.html")
)
# Reads like an error and is none: the host says another thing of what is not there.
DOUBTFUL = "<title>404</title><p>本页面的编号是404，见<a href='/content/1.html'>说明</a>。"
PAGES = {"/": HOME, "/content/1.html": "<title>要闻</title><p>青山区召开会议。", "/content/4.html": DOUBTFUL}


def missing(path: str) -> str:
    return f"<title>404 页面不存在</title><p>您访问的页面不存在：{path}，访问量 {len(path)}。<a href='/deep{path}'>返回</a><a href='back'>首页</a>"


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


async def dead(cluster: Cluster) -> dict[str, Reason]:
    frontier = RedisFrontier.from_url(cluster.url)
    found = {letter.url: letter.reason async for letter in frontier.dead_letters("c1")}
    await frontier.aclose()
    return found


async def test_a_page_that_says_not_found_with_status_200_is_not_there(cluster):
    with Web(lambda _, path: PAGES.get(path, missing(path)) if path != "/robots.txt" else None) as web:
        await cluster.start([Site("s0", web.url())])
        cluster.run()
        asked = [path for path in web.paths if path not in PAGES and path != "/robots.txt"]
        assert await dead(cluster) == dict.fromkeys(
            [web.url(path="/gone/2.html"), web.url(path="/old/gone/3.html")], Reason.HTTP_4XX
        )
    line = (await cluster.ledger())["s0"]
    assert (line.state, line.pages, line.failed_pages) == (SiteState.COMPLETE, 3, 2)
    # Beside the two: one address that cannot exist. What stands on an error page is not followed.
    assert len(asked) == 3


async def test_a_host_that_tells_by_the_status_keeps_pages_that_read_like_errors(cluster):
    with Web(lambda _, path: PAGES.get(path)) as web:
        await cluster.start([Site("s0", web.url())])
        cluster.run()
        assert set(await dead(cluster)) == {web.url(path="/gone/2.html"), web.url(path="/old/gone/3.html")}
    assert (await cluster.ledger())["s0"].pages == 3


async def test_a_host_without_a_page_that_reads_like_an_error_is_asked_for_nothing(cluster):
    with Web(lambda _, path: Answer("<p>text") if path != "/robots.txt" else None) as web:
        await cluster.start([Site("s0", web.url())])
        cluster.run()
    assert web.pages == [(f"{web.addresses[0]}:{web.port}", "/")]
