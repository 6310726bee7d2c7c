"""Data views and dashboards put into Kibana over HTTP, as often as wished."""

import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import aiohttp

from govcrawl.report import panels
from govcrawl.store.mappings import PREFIX

# The first version whose Dashboards API is generally available.
OLDEST = (9, 5)
_SECONDS = 30
_VERSION = {"kbn-xsrf": "true", "Elastic-Api-Version": "2023-10-31"}


class KibanaUnreachable(Exception):  # noqa: N818 - a state of the world, and the name an operator searches for
    """Kibana does not answer, or refuses. The message names its address and the way out, and never the key."""


def requests() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method, path and body of every call: the views first, because the dashboards name them."""
    for view in panels.data_views():
        yield "POST", "/api/data_views/data_view", {"data_view": view, "override": True}
    for name in panels.NAMES:
        yield "PUT", f"/api/dashboards/{PREFIX}-{name}", panels.source(name)


def told(method: str, path: str, body: Mapping[str, Any]) -> str:
    """A call in words."""
    what = f"data view {body['data_view']['id']}" if "data_view" in body else f"dashboard {body['title']}"
    return f"{what}: {method} {path}"


class Kibana:
    """`url` may end in /s/SPACE, and hold a user and a password; the key is an API key of Elasticsearch with a role in Kibana.

    `ca` is a file of PEM certificates; None: the authorities of the system. Raises KibanaUnreachable where it holds none.
    """

    def __init__(self, url: str, api_key: str, ca: Path | None = None) -> None:
        parts = urlsplit(url)
        self.url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}"
        if parts.username:
            known = {"Authorization": aiohttp.encode_basic_auth(unquote(parts.username), unquote(parts.password or ""))}
        else:
            known = {"Authorization": f"ApiKey {api_key}"} if api_key else {}
        self._session = aiohttp.ClientSession(
            headers=_VERSION | known, timeout=aiohttp.ClientTimeout(total=_SECONDS), connector=_connector(ca)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        await self._session.close()

    async def check(self) -> str:
        """The version of the server. Raises KibanaUnreachable where it has no Dashboards API."""
        status = await self.send("GET", "/api/status", None)
        number = str(status.get("version", {}).get("number", ""))
        parts = number.split("-", maxsplit=1)[0].split(".")
        if len(parts) < 2 or not all(part.isdecimal() for part in parts[:2]):
            raise KibanaUnreachable(
                f"{self.url} does not say which version it is; check GOVCRAWL_KIBANA_URL and the rights of the key"
            )
        if (int(parts[0]), int(parts[1])) < OLDEST:
            raise KibanaUnreachable(
                f"{self.url} is Kibana {number}; its Dashboards API came with 9.5: upgrade Kibana, or use `govcrawl dashboards show`"
            )
        return number

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """One call and its answer. Raises KibanaUnreachable."""
        try:
            async with self._session.request(method, f"{self.url}{path}", json=body) as answer:
                if answer.status >= 400:
                    raise KibanaUnreachable(
                        f"{self.url} answers {answer.status} to {method} {path}: {_way_out(answer.status, await answer.text())}"
                    )
                read = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as fault:
            raise KibanaUnreachable(
                f"Kibana at {self.url} does not answer ({fault or type(fault).__name__}); start it or correct GOVCRAWL_KIBANA_URL"
            ) from fault
        return read if isinstance(read, dict) else {}


def _way_out(status: int, text: str) -> str:
    if status in (401, 403):
        return "the key or the user may not do this; give it all rights on dashboards and data views (the key that `govcrawl setup elasticsearch --keys` makes has them)"
    if status == 404:
        return "no such API there; check GOVCRAWL_KIBANA_URL (with its base path and /s/SPACE, if any)"
    return f"{' '.join(text.split())[:300]}; see the log of Kibana"


def _connector(ca: Path | None) -> aiohttp.TCPConnector:
    if ca is None:
        return aiohttp.TCPConnector()
    try:
        return aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=ca))
    except OSError as fault:
        raise KibanaUnreachable(f"{ca}: {fault}; name a PEM file of certificates by GOVCRAWL_ELASTICSEARCH_CA") from fault
