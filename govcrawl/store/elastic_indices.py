"""The indices of the store and what makes them: templates as JSON files, applied as often as wished."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from elasticsearch import AsyncElasticsearch, BadRequestError

from govcrawl.findings.document import Document
from govcrawl.store.mappings import PREFIX, TEMPLATE_OF, template


async def changes(client: AsyncElasticsearch, prefix: str = PREFIX) -> list[str]:
    """What `set_up` would change, in words; reads only. Nothing where everything is there in this version."""
    there = await client.options(ignore_status=404).indices.get_mapping(index=f"{prefix}-*")
    mappings = {index.removesuffix("-000001"): found["mappings"] for index, found in there.items()}
    templates = await client.options(ignore_status=404).indices.get_index_template(name=f"{prefix}-*")
    versions = {found["name"]: found["index_template"].get("version", 0) for found in templates.get("index_templates", [])}
    return [*_template_changes(prefix, versions), *_index_changes(prefix, mappings)]


def _template_changes(prefix: str, versions: Mapping[str, int]) -> Iterator[str]:
    for name in sorted(set(TEMPLATE_OF.values())):
        own, known = template(name)["version"], versions.get(f"{prefix}-{name}")
        if known is None:
            yield f"make the template {prefix}-{name}, version {own}"
        elif known < own:
            yield f"replace the template {prefix}-{name}, version {known}, by version {own}"


def _index_changes(prefix: str, mappings: Mapping[str, Document]) -> Iterator[str]:
    for index, name in TEMPLATE_OF.items():
        wanted = template(name)["template"]["mappings"]
        there = mappings.get(f"{prefix}-{index}")
        if there is None:
            yield f"make the index {prefix}-{index}"
        elif there.get("_meta", {}).get("version", 0) < wanted["_meta"]["version"]:
            new = sorted(set(_fields(wanted["properties"])) - set(_fields(there.get("properties", {}))))
            yield f"add to the index {prefix}-{index}: {', '.join(new) or 'nothing but the version'}"


def _fields(properties: Mapping[str, Any], path: str = "") -> Iterator[str]:
    for name, field in properties.items():
        inner = field.get("properties")
        yield from _fields(inner, f"{path}{name}.") if inner else (f"{path}{name}",)


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
