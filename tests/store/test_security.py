"""API keys of least privilege on a server with security on, and TLS with an authority of one's own."""

import asyncio
import json
import stat
from urllib.parse import urlsplit

import pytest
from elasticsearch import AsyncElasticsearch, Elasticsearch

from govcrawl.config import Config
from govcrawl.findings.model import NotInspected
from govcrawl.store import documents, keys
from govcrawl.store.elastic import ElasticStore
from govcrawl.store.elastic_client import connect
from govcrawl.store.opening import provision
from govcrawl.store.protocol import FindingQuery, SiteReport, StoreUnreachable, WorkersSample
from govcrawl.store.server import Server
from tests.findings.observed import SITE, after, observation
from tests.services.authority import Authority
from tests.services.between import between
from tests.store.conftest import own_prefix
from tests.store.test_contract import column, page

ROLES = ["kibana", "reader", "setup", "writer"]


@pytest.fixture(scope="module")
def provisioned(elasticsearch_url, tmp_path_factory):
    """What `govcrawl setup elasticsearch --keys` leaves: indices, and a folder of keys."""
    if not urlsplit(elasticsearch_url).username:
        pytest.skip("the server has no security")
    folder = tmp_path_factory.mktemp("provisioned") / "keys"
    with own_prefix(elasticsearch_url) as (client, prefix):
        yield prefix, folder, asyncio.run(provision(Server(elasticsearch_url), keys=folder, prefix=prefix, dry_run=False))
        client.security.invalidate_api_key(ids=[keys._id(file) for file in folder.iterdir()])


@pytest.fixture
def prefix(provisioned):
    return provisioned[0]


@pytest.fixture
def bare(elasticsearch_url):
    parts = urlsplit(elasticsearch_url)
    return f"http://{parts.hostname}:{parts.port}"


@pytest.fixture
def server_of(provisioned, bare):
    """The server as the holder of a role's key file reaches it."""

    def server(role):
        environ = {"GOVCRAWL_ELASTICSEARCH_URL": bare, "GOVCRAWL_ELASTICSEARCH_API_KEY_FILE": str(provisioned[1] / f"{role}.env")}
        return Config.from_env(environ).server

    return server


async def write_everything(store):
    await store.record([observation(), observation(page("b"))])
    await store.record_columns([column()])
    await store.record_not_inspected([NotInspected(page("a.rar"), SITE.id, "2026-q1", "attachment", "password", after(1))])
    await store.record_workers([WorkersSample(after(0), {"hosts": 1})])
    await store.record_site(SiteReport(SITE, page(""), "2026-q1", "complete", "", 3, 0, after(30)))
    await store.flush()


def test_a_key_is_made_for_each_role_in_a_file_of_its_owner_and_told_without_the_key(provisioned, prefix):
    _, folder, changes = provisioned
    assert sorted(file.name for file in folder.iterdir()) == [f"{role}.env" for role in ROLES]
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    said = " ".join(changes)
    for role in ROLES:
        assert f"make the API key {prefix}-{role}, in {folder}/{role}.env" in said
        assert (folder / f"{role}.env").read_text().strip().partition("=")[2] not in said


async def test_keys_are_made_once_and_get_the_rights_of_a_new_version(provisioned, elasticsearch_url, prefix):
    server, folder = Server(elasticsearch_url), provisioned[1]
    assert await provision(server, keys=folder, prefix=prefix, dry_run=False) == []
    writer = keys._id(folder / "writer.env")
    old = {"writer": {"indices": [{"names": [f"{prefix}-findings"], "privileges": ["read"]}]}}
    async with AsyncElasticsearch(elasticsearch_url, request_timeout=300) as client:
        await client.security.update_api_key(id=writer, role_descriptors=old)
        expected = [f"change the rights of the API key {prefix}-writer"]
        assert await provision(server, keys=folder, prefix=prefix, dry_run=True) == expected
        assert await provision(server, keys=folder, prefix=prefix, dry_run=False) == expected
    assert keys._id(folder / "writer.env") == writer
    assert await provision(server, keys=folder, prefix=prefix, dry_run=True) == []


async def test_a_lost_file_means_a_new_key_and_the_old_one_is_named(provisioned, elasticsearch_url, prefix, tmp_path):
    old = keys._id(provisioned[1] / "reader.env")
    planned = await provision(Server(elasticsearch_url), keys=tmp_path, prefix=prefix, dry_run=True)
    assert [line for line in planned if "-reader" in line and line.endswith(old)]
    assert not list(tmp_path.iterdir())


async def test_an_api_key_cannot_make_keys_and_that_is_said(server_of, prefix, tmp_path):
    with pytest.raises(StoreUnreachable, match="user who may make API keys"):
        await provision(server_of("setup"), keys=tmp_path, prefix=prefix, dry_run=False)


async def test_a_wrong_api_key_is_told_and_not_printed(provisioned, bare, tmp_path):
    with pytest.raises(StoreUnreachable, match="GOVCRAWL_ELASTICSEARCH_API_KEY") as caught:
        await ElasticStore.open(Server(bare, "d3Jvbmc6a2V5"), tmp_path)
    assert "d3Jvbmc6a2V5" not in str(caught.value)


async def test_a_server_without_security_is_told_when_keys_are_to_be_made(elasticsearch_url, fresh_prefix, tmp_path):
    if urlsplit(elasticsearch_url).username:
        pytest.skip("the server has security")
    with pytest.raises(StoreUnreachable, match="security"):
        await provision(Server(elasticsearch_url), keys=tmp_path, prefix=fresh_prefix, dry_run=False)
    assert not list(tmp_path.iterdir())


async def test_the_setup_key_provisions(server_of, prefix):
    assert await provision(server_of("setup"), prefix=prefix, dry_run=False) == []


async def test_a_workers_key_does_all_that_a_worker_does(server_of, prefix, tmp_path):
    writer = await ElasticStore.open(server_of("writer"), tmp_path, prefix)
    await write_everything(writer)
    assert await writer.resolve_unseen(SITE.id, "2026-q2", after(60)) == 1
    await writer.aclose()
    assert not list(tmp_path.rglob("*.jsonl"))
    assert not list(tmp_path.rglob("dead-letters*"))


@pytest.fixture
async def written(elasticsearch_url, server_of, prefix, tmp_path):
    """Prefix, finding and event that are there, and an index of somebody else."""
    store = await ElasticStore.open(server_of("writer"), tmp_path, prefix)
    await store.record([observation()])
    await store.flush()
    (opened, *_) = [one async for one in store.history(observation().id)]
    await store.aclose()
    with Elasticsearch(elasticsearch_url, request_timeout=300) as client:
        client.indices.create(index=f"foreign-{prefix}")
        yield {"prefix": prefix, "finding": observation().id, "event": opened.id}
        client.indices.delete(index=f"foreign-{prefix}")


# Elasticsearch 9 still lets the right to index add fields to a mapping, and says that the next version will not.
FORBIDDEN_TO_A_WORKER = [
    ("DELETE", "/{prefix}-findings-000001", None),
    ("DELETE", "/{prefix}-findings/_doc/{finding}", None),
    ("POST", "/{prefix}-findings/_delete_by_query", {"query": {"match_all": {}}}),
    ("DELETE", "/{prefix}-events/_doc/{event}", None),
    ("PUT", "/{prefix}-events/_doc/{event}", {"event": {"action": "resolved"}}),
    ("POST", "/{prefix}-findings-000001/_close", None),
    ("PUT", "/{prefix}-other", None),
    ("PUT", "/foreign-{prefix}/_doc/1", {"a": 1}),
    ("GET", "/foreign-{prefix}/_search", None),
    ("GET", "/.security/_search", None),
    ("GET", "/_cat/indices/foreign-{prefix}", None),
    ("PUT", "/_index_template/{prefix}-more", {"index_patterns": ["{prefix}-more"]}),
    ("PUT", "/_cluster/settings", {"persistent": {"cluster.max_shards_per_node": 1}}),
    ("POST", "/_security/api_key", {"name": "more"}),
    ("PUT", "/_security/user/more", {"password": "changeme", "roles": ["superuser"]}),
]


@pytest.mark.parametrize(
    ("method", "path", "body"), FORBIDDEN_TO_A_WORKER, ids=lambda value: value if isinstance(value, str) else ""
)
async def test_a_workers_key_cannot_delete_change_the_past_or_reach_elsewhere(server_of, written, method, path, body):
    told = None if body is None else json.loads(json.dumps(body).replace("{prefix}", written["prefix"]))
    assert await status(server_of("writer"), method, path.format(**written), told) == 403


async def test_a_readers_key_reads_and_writes_nothing(elasticsearch_url, server_of, prefix, tmp_path):
    store = await ElasticStore.open(Server(elasticsearch_url), tmp_path / "all", prefix)
    await write_everything(store)
    await store.aclose()
    reader = await ElasticStore.open(server_of("reader"), tmp_path, prefix)
    assert (await reader.finding(observation().id)).occurrences == 2
    assert len([one async for one in reader.findings(FindingQuery())]) == 1
    await reader.aclose()
    finding = documents.key("x")
    assert await status(server_of("reader"), "PUT", f"/{prefix}-findings/_doc/{finding}", {"finding": {"id": finding}}) == 403
    assert await status(server_of("reader"), "DELETE", f"/{prefix}-findings-000001", None) == 403


async def status(server, method, path, body):
    client = connect(server)
    headers = {"accept": "application/json"} | ({"content-type": "application/json"} if body is not None else {})
    answer = await client.options(ignore_status=(400, 403, 404, 405)).perform_request(method, path, headers=headers, body=body)
    await client.close()
    return answer.meta.status


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authorities")
    return Authority(folder, "ours"), Authority(folder, "others")


async def test_a_store_trusts_the_authority_that_is_named(elasticsearch_url, fresh_prefix, authorities, tmp_path):
    ours, _ = authorities
    async with between(elasticsearch_url, context=ours.context) as line:
        environ = {"GOVCRAWL_ELASTICSEARCH_URL": line.url, "GOVCRAWL_ELASTICSEARCH_CA": str(ours.file)}
        store = await ElasticStore.open(Config.from_env(environ).server, tmp_path, fresh_prefix)
        await write_everything(store)
        assert (await store.finding(observation().id)).occurrences == 2
        await store.aclose()


@pytest.mark.parametrize("named", ["others", "none"])
async def test_a_store_trusts_no_other_authority_and_names_the_way_out(elasticsearch_url, authorities, tmp_path, named):
    ours, others = authorities
    async with between(elasticsearch_url, context=ours.context) as line:
        server = Server(line.url, ca=others.file if named == "others" else None)
        with pytest.raises(StoreUnreachable, match=r"is not trusted .* GOVCRAWL_ELASTICSEARCH_CA"):
            await ElasticStore.open(server, tmp_path)
        assert not line.asked


@pytest.mark.parametrize("text", [None, "no certificate"])
async def test_a_file_without_certificates_is_named(tmp_path, text):
    file = tmp_path / "ca.pem"
    if text:
        file.write_text(text)
    with pytest.raises(StoreUnreachable, match=f"{file}.*GOVCRAWL_ELASTICSEARCH_CA"):
        await ElasticStore.open(Server("https://127.0.0.1:9", ca=file), tmp_path)
