"""The connection to Elasticsearch: client, bulk requests, faults sorted by what is to be done about them."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from elastic_transport import TlsError
from elasticsearch import ApiError, AsyncElasticsearch, TransportError, UnsupportedProductError

from govcrawl.store.protocol import StoreUnreachable
from govcrawl.store.server import Server

T = TypeVar("T")

# Statuses that pass: overload, a master being elected, a proxy in between. 401, 403 and 404 are repaired by a person meanwhile.
_PASSING = frozenset({401, 403, 404, 408, 429, 500, 502, 503, 504})
_BULK_ITEMS = 500
# All that is read of the answer to a bulk request, which otherwise is as long as the request.
_TOLD = ("items.*.status", "items.*.error.type", "items.*.error.reason")
_ATTEMPTS = 3
_BACKOFF_SECONDS = 0.5


class Outage(Exception):  # noqa: N818 - a state of the world
    """Elasticsearch cannot take the write now; it may later. The message says what it answered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one action of a bulk request: its HTTP status and the words of a refusal."""

    action: Mapping[str, Any]
    status: int
    reason: str = ""


def connect(server: Server) -> AsyncElasticsearch:
    """Raises StoreUnreachable where the address or the file of authorities cannot be used at all."""
    try:
        return AsyncElasticsearch(
            server.url,
            api_key=server.api_key or None,
            **_trust(server),
            request_timeout=30,
            retry_on_timeout=True,
            max_retries=2,
            http_compress=True,
        )
    except ValueError as fault:
        raise StoreUnreachable(f"{shown(server.url)}: {fault}; write GOVCRAWL_ELASTICSEARCH_URL as http://host:9200") from fault


def _trust(server: Server) -> dict[str, Any]:
    if server.ca is None or not server.url.startswith("https://"):
        return {}
    try:
        return {"ssl_context": ssl.create_default_context(cafile=server.ca)}
    except OSError as fault:
        raise StoreUnreachable(f"{server.ca}: {fault}; name a PEM file of certificates by GOVCRAWL_ELASTICSEARCH_CA") from fault


def shown(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


@asynccontextmanager
async def reachable(url: str) -> AsyncIterator[None]:
    """Turns every fault inside into StoreUnreachable with the address and the way out; the API key is in none."""
    try:
        yield
    except UnsupportedProductError as fault:
        raise StoreUnreachable(f"{shown(url)} is not an Elasticsearch; check GOVCRAWL_ELASTICSEARCH_URL") from fault
    except ApiError as fault:
        raise StoreUnreachable(f"{shown(url)} answers {fault.status_code}: {_way_out(fault)}") from fault
    except TlsError as fault:
        raise StoreUnreachable(
            f"the certificate of {shown(url)} is not trusted ({_words(fault)}); name its authority by GOVCRAWL_ELASTICSEARCH_CA"
        ) from fault
    except TransportError as fault:
        raise StoreUnreachable(
            f"Elasticsearch at {shown(url)} does not answer ({_words(fault)}); start it or correct GOVCRAWL_ELASTICSEARCH_URL"
        ) from fault


async def attempt(request: Awaitable[T]) -> T:
    """A read or write that raises Outage where the server is away; any other refusal is raised as it is."""
    try:
        return await request
    except ApiError as fault:
        if fault.status_code in _PASSING:
            raise Outage(f"status {fault.status_code}: {fault.message}") from fault
        raise
    except TransportError as fault:
        raise Outage(_words(fault)) from fault


async def bulk(client: AsyncElasticsearch, actions: Sequence[Mapping[str, Any]]) -> list[Outcome]:
    """The outcome of each action. An action is `{"do": {"create": {...}}, "document": {...}}`.

    Raises Outage where the server stays away or stays overloaded after a few attempts.
    """
    outcomes: list[Outcome] = []
    for start in range(0, len(actions), _BULK_ITEMS):
        outcomes += await _persistent(client, actions[start : start + _BULK_ITEMS])
    return outcomes


async def _persistent(client: AsyncElasticsearch, actions: Sequence[Mapping[str, Any]]) -> list[Outcome]:
    settled: list[Outcome] = []
    for number in range(_ATTEMPTS):
        outcomes = await _bulk_once(client, actions)
        settled += [outcome for outcome in outcomes if outcome.status not in _PASSING]
        actions = [outcome.action for outcome in outcomes if outcome.status in _PASSING]
        if not actions:
            return settled
        reason = next(outcome.reason for outcome in outcomes if outcome.status in _PASSING)
        await asyncio.sleep(_BACKOFF_SECONDS * 2**number)
    raise Outage(reason)


async def _bulk_once(client: AsyncElasticsearch, actions: Sequence[Mapping[str, Any]]) -> list[Outcome]:
    lines = [msgspec.json.encode(part) for action in actions for part in (action["do"], action["document"])]
    # The client takes lines that are encoded already as they are; its types do not say so.
    answer = await attempt(client.bulk(operations=lines, filter_path=_TOLD))  # type: ignore[arg-type]
    outcomes = []
    for action, item in zip(actions, answer["items"], strict=True):
        (told,) = item.values()
        error = told.get("error", {})
        outcomes.append(Outcome(action, told["status"], f"{error.get('type', '')}: {error.get('reason', '')}" if error else ""))
    return outcomes


def _way_out(fault: ApiError) -> str:
    if fault.status_code == 401:
        return "the API key is unknown or expired; check GOVCRAWL_ELASTICSEARCH_API_KEY"
    if fault.status_code == 403:
        return (
            "the API key may not do this; run `govcrawl setup elasticsearch` with the setup key, or use a key of the right role"
        )
    if "media_type_header" in str(fault.message):
        return "the server is older than Elasticsearch 9; upgrade it"
    return f"{fault.message}; see the log of the server"


def _words(fault: TransportError) -> str:
    return str(fault.errors[0] if fault.errors else fault.message)[:200]
