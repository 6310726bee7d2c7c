"""The effective configuration: read from the environment once, frozen, with the unit in every name."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MOST_SAMPLED = 20
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):.+@")  # up to the last @: a password may hold any of the separators


class ConfigError(Exception):
    """A variable has a value that cannot be used; the message names the variable and the way out."""


def _variable(name: str, about: str, *, secret: bool = False) -> Mapping[str, str | bool]:
    return {"variable": name, "about": about, "secret": secret}


@dataclass(frozen=True, slots=True)
class Config:
    """Every field says which variable sets it. No URL set: an embedded Valkey and SQLite in the data directory."""

    redis_url: str = field(
        default="", metadata=_variable("GOVCRAWL_REDIS_URL", "Redis or Valkey of the cluster; empty: an embedded one")
    )
    elasticsearch_url: str = field(
        default="",
        metadata=_variable("GOVCRAWL_ELASTICSEARCH_URL", "Elasticsearch 9 for the findings; empty: SQLite in the data directory"),
    )
    elasticsearch_api_key: str = field(
        default="", metadata=_variable("GOVCRAWL_ELASTICSEARCH_API_KEY", "API key of the writer role", secret=True)
    )
    kibana_url: str = field(default="", metadata=_variable("GOVCRAWL_KIBANA_URL", "Kibana 9.5 for the dashboards"))
    data_dir: Path = field(
        default=Path("govcrawl-data"), metadata=_variable("GOVCRAWL_DATA_DIR", "where the embedded services keep their data")
    )
    allow_networks: tuple[Network, ...] = field(
        default=(),
        metadata=_variable("GOVCRAWL_ALLOW_NETWORKS", "CIDRs of private addresses that may be fetched, separated by commas"),
    )
    cloaking_pages: int = field(
        default=0,
        metadata=_variable(
            "GOVCRAWL_CLOAKING_PAGES",
            "pages a site that are fetched five times more, as a search spider, a telephone and a visitor from a search; 0: none",
        ),
    )
    http_proxy: str = field(default="", metadata=_variable("http_proxy", "proxy for http pages; it resolves the names"))
    https_proxy: str = field(default="", metadata=_variable("https_proxy", "proxy for https pages"))
    no_proxy: str = field(default="", metadata=_variable("no_proxy", "hosts that are fetched directly, separated by commas"))

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        values = {
            f.name: environ[f.metadata["variable"]].strip()
            for f in fields(cls)
            if environ.get(f.metadata["variable"], "").strip()
        }
        read: dict[str, object] = dict(values)
        if "data_dir" in values:
            read["data_dir"] = Path(values["data_dir"])
        if "allow_networks" in values:
            read["allow_networks"] = _networks(values["allow_networks"])
        if "cloaking_pages" in values:
            read["cloaking_pages"] = _pages(values["cloaking_pages"])
        for name in ("redis_url", "elasticsearch_url", "kibana_url", "http_proxy", "https_proxy"):
            _check_url(cls, name, values.get(name, ""))
        return cls(**read)  # type: ignore[arg-type]

    @classmethod
    def of_process(cls) -> "Config":
        """For programs that others start, such as Scrapy's command line."""
        return cls.from_env(os.environ)

    def shown(self) -> dict[str, str]:
        """Variable -> value for people: secrets and passwords masked."""
        shown = {}
        for f in fields(self):
            value = getattr(self, f.name)
            words = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            shown[f.metadata["variable"]] = ("***" if words else "") if f.metadata["secret"] else _PASSWORD.sub(r"\1:***@", words)
        return shown


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as fault:
        raise ConfigError(f"GOVCRAWL_ALLOW_NETWORKS: {fault}; write networks as 10.1.0.0/16,192.168.7.0/24") from fault


def _pages(value: str) -> int:
    if not value.isdecimal() or int(value) > _MOST_SAMPLED:
        raise ConfigError(f"GOVCRAWL_CLOAKING_PAGES: {value!r} is no number from 0 to {_MOST_SAMPLED}; write 3, or 0 for none")
    return int(value)


def _check_url(cls: type[Config], name: str, value: str) -> None:
    schemes = ("redis://", "rediss://", "unix://") if name == "redis_url" else ("http://", "https://")
    if value and not value.startswith(schemes):
        variable = next(f.metadata["variable"] for f in fields(cls) if f.name == name)
        shown = re.sub(r".+@", "***@", value)
        raise ConfigError(f"{variable}: {shown!r} does not start with {' or '.join(schemes)}; write it as {schemes[0]}HOST:PORT")
