"""The calls to Kibana, against a server that answers as its contract says and refuses what its schema refuses."""

import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from govcrawl.report import kibana, panels
from tests.report import kibana_schema
from tests.services.elasticsearch import free_port


class Contract:
    """Keeps what was put. `refuses` is a status for every write; `seen` are method, path and headers of the calls."""

    def __init__(self, version="9.5.4", refuses=0):
        self.version, self.refuses = version, refuses
        self.kept, self.seen = {}, []

    async def answer(self, request):
        self.seen.append((request.method, request.path, request.headers))
        if request.method == "GET":
            return web.json_response({"version": {"number": self.version}})
        if self.refuses:
            return web.Response(status=self.refuses, text="no \n way")
        body = await request.json()
        if request.method == "PUT" and kibana_schema.FILE.is_file() and list(kibana_schema.faults(body)):
            return web.Response(status=400, text="refused by the schema")
        self.kept[body["data_view"]["id"] if "data_view" in body else request.path] = body
        return web.json_response({})


@asynccontextmanager
async def serving(contract):
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", contract.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await runner.cleanup()


async def put(url, key="c2VjcmV0"):
    async with kibana.Kibana(url, key) as server:
        await server.check()
        for request in kibana.requests():
            await server.send(*request)


async def test_views_and_dashboards_are_put_twice_and_are_the_files():
    contract = Contract()
    async with serving(contract) as place:
        await put(f"http://{place}/s/inspection/")
        await put(f"http://{place}/s/inspection/")
    prefix = "/s/inspection/api/dashboards/govcrawl-"
    assert {path.removeprefix(prefix) for path in contract.kept if "/" in path} == set(panels.NAMES)
    assert contract.kept[f"{prefix}overview"] == json.loads(json.dumps(panels.source("overview")))
    assert [contract.kept[view["id"]]["override"] for view in panels.data_views()] == [True] * 7
    _, _, headers = contract.seen[-1]
    assert (headers["kbn-xsrf"], headers["Elastic-Api-Version"], headers["Authorization"]) == (
        "true",
        "2023-10-31",
        "ApiKey c2VjcmV0",
    )


async def test_a_user_in_the_address_is_used_instead_of_the_key_and_never_shown():
    contract = Contract(refuses=403)
    async with serving(contract) as place:
        with pytest.raises(kibana.KibanaUnreachable, match="may not do this") as caught:
            await put(f"http://inspector:opensesame@{place}")
    assert contract.seen[-1][2]["Authorization"].startswith("Basic ")
    assert "opensesame" not in str(caught.value)


@pytest.mark.parametrize(
    ("contract", "words"),
    [
        (Contract("9.3.1"), "is Kibana 9.3.1; its Dashboards API came with 9.5"),
        (Contract(""), "does not say which version it is"),
        (Contract(refuses=404), "no such API there"),
        (Contract(refuses=500), "answers 500 to POST /api/data_views/data_view: no way"),
    ],
)
async def test_what_stands_in_the_way_is_said(contract, words):
    async with serving(contract) as place:
        with pytest.raises(kibana.KibanaUnreachable, match=words):
            await put(f"http://{place}")


async def test_a_kibana_that_is_not_there_is_named_with_the_way_out():
    with pytest.raises(kibana.KibanaUnreachable, match="GOVCRAWL_KIBANA_URL"):
        await put(f"http://127.0.0.1:{free_port()}")
