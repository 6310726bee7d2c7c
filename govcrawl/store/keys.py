"""API keys of the roles, one a file that only its owner may read."""

import base64
import binascii
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from elasticsearch import AsyncElasticsearch, AuthorizationException

from govcrawl.store.mappings import PREFIX, template
from govcrawl.store.protocol import StoreUnreachable

VARIABLE = "GOVCRAWL_ELASTICSEARCH_API_KEY"


async def make(client: AsyncElasticsearch, folder: Path, prefix: str = PREFIX, *, dry_run: bool) -> list[str]:
    """Makes the keys that are missing, and gives those of an older version the rights of this one. Returns what changed, in words.

    A key whose file is gone cannot be had again: a new one is made, and the old ones are named. No word holds a key. Raises
    StoreUnreachable where the asker may not make keys.
    """
    try:
        return await _made(client, folder, prefix, dry_run=dry_run)
    except AuthorizationException as fault:
        raise StoreUnreachable(
            "keys are made by a user who may make API keys (right `manage_api_key`) and has himself what they are to have: "
            "name user and password in GOVCRAWL_ELASTICSEARCH_URL, and no key"
        ) from fault


async def _made(client: AsyncElasticsearch, folder: Path, prefix: str, *, dry_run: bool) -> list[str]:
    changes = []
    for role, rights in template("roles", prefix).items():
        name, file = f"{prefix}-{role}", folder / f"{role}.env"
        there = (await client.security.get_api_key(name=name, active_only=True))["api_keys"]
        known = next((key for key in there if key["id"] == _id(file)), None)
        if known is None:
            changes.append(f"make the API key {name}, in {file}{_older(there)}")
            if not dry_run:
                made = await client.security.create_api_key(name=name, role_descriptors={role: rights})
                _write(file, f"{VARIABLE}={made['encoded']}\n")
        elif _plain(known["role_descriptors"].get(role, {})) != _plain(rights):
            changes.append(f"change the rights of the API key {name}")
            if not dry_run:
                await client.security.update_api_key(id=known["id"], role_descriptors={role: rights})
    return changes


def _id(file: Path) -> str:
    """The public half of the key in a file; "" where there is none."""
    try:
        encoded = file.read_text(encoding="ascii").strip().partition("=")[2]
        return base64.b64decode(encoded).decode("ascii").partition(":")[0]
    except (FileNotFoundError, UnicodeDecodeError, binascii.Error):
        return ""


def _older(there: Iterable[Mapping[str, Any]]) -> str:
    ids = [key["id"] for key in there]
    return f"; older ones of this name are still valid: {', '.join(ids)}" if ids else ""


def _plain(rights: Mapping[str, Any]) -> tuple[object, ...]:
    """What the server adds to a role by itself is left out."""
    indices = [(sorted(one["names"]), sorted(one["privileges"])) for one in rights.get("indices", ())]
    applications = [(one["application"], sorted(one["privileges"])) for one in rights.get("applications", ())]
    return sorted(rights.get("cluster", ())), sorted(indices), sorted(applications)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as sink:  # noqa: PTH123 - opened with its mode
        sink.write(text)
        sink.flush()
        os.fsync(sink.fileno())
    new.rename(file)
