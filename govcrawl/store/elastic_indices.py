"""The indices of the store and what makes them: templates as JSON files, applied as often as wished."""

import asyncio
import json
from importlib.resources import files
from typing import Any

from elasticsearch import AsyncElasticsearch, BadRequestError

from govcrawl.findings.document import Document

PREFIX = "govcrawl"

# Index -> the template that maps it. The first two words of a name are what people type into Kibana.
TEMPLATE_OF = {
    "findings": "findings",
    "sightings": "sightings",
    "events": "events",
    "columns": "columns",
    "column-history": "columns",
    "sites": "sites",
    "site-history": "sites",
    "not-inspected": "not-inspected",
}


def template(name: str, prefix: str = PREFIX) -> Document:
    """A file of templates/ with the prefix filled in."""
    text = (files("govcrawl.store") / "templates" / f"{name}.json").read_text(encoding="utf-8")
    found: Document = json.loads(text.replace("{prefix}", prefix))
    return found


async def set_up(client: AsyncElasticsearch, prefix: str = PREFIX) -> None:
    """Creates what is missing and adds fields that came with a new version; no document is touched."""
    await client.cluster.put_component_template(name=f"{prefix}@settings", **_body("settings", prefix))
    names = sorted(set(TEMPLATE_OF.values()))
    # Together, because the server joins such changes into one and each alone may take it a second.
    await asyncio.gather(*(client.indices.put_index_template(name=f"{prefix}-{name}", **_body(name, prefix)) for name in names))
    mappings = {f"{prefix}-{index}": template(name, prefix)["template"]["mappings"] for index, name in TEMPLATE_OF.items()}
    await asyncio.gather(*(_index(client, index, mapping) for index, mapping in mappings.items()))


async def is_set_up(client: AsyncElasticsearch, prefix: str = PREFIX) -> bool:
    """Whether every index is there with the mapping of this version or a later one. Reads only what a writer may read."""
    answer = await client.options(ignore_status=404).indices.get_mapping(index=f"{prefix}-*")
    versions = {
        index.removesuffix("-000001"): found["mappings"].get("_meta", {}).get("version", 0) for index, found in answer.items()
    }
    return all(versions.get(f"{prefix}-{index}", 0) >= template(name, prefix)["version"] for index, name in TEMPLATE_OF.items())


async def _index(client: AsyncElasticsearch, name: str, mappings: Document) -> None:
    if await client.indices.exists(index=name):
        await client.indices.put_mapping(index=name, **_mapping(mappings))
        return
    try:
        if name.endswith("-findings"):
            # Behind an alias, so that a later version can build a new index beside the old one.
            await client.indices.create(index=f"{name}-000001", aliases={name: {"is_write_index": True}})
        else:
            await client.indices.create(index=name)
    except BadRequestError as fault:  # another process was quicker
        if "resource_already_exists" not in str(fault):
            raise


def _body(name: str, prefix: str) -> dict[str, Any]:
    body = template(name, prefix)
    return {"meta" if key == "_meta" else key: value for key, value in body.items()}


def _mapping(mappings: Document) -> dict[str, Any]:
    return {"meta" if key == "_meta" else key: value for key, value in mappings.items()}
