"""The effective configuration: read from the environment once, frozen, with the unit in every name."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any

from govcrawl.page.codes.installed import EXTRA, missing
from govcrawl.page.parsing import Bounds
from govcrawl.store.server import Server

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_MOST_SAMPLED = 20
_COUNTS = ("cloaking_pages", "strangers", "qr_images")
_LOG_FORMATS = ("text", "json")
_PATHS = ("data_dir", "columns", "rules", "elasticsearch_api_key_file", "elasticsearch_ca")
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):.+@")  # up to the last @: a password may hold any of the separators


class ConfigError(Exception):
    """A variable has a value that cannot be used; the message names the variable and the way out."""


def _variable(name: str, about: str, *, secret: bool = False) -> Mapping[str, str | bool]:
    return {"variable": name, "about": about, "secret": secret}


def _bound(name: str, about: str, unit: str, least: float, most: float) -> Mapping[str, str | bool | float]:
    """A number that bounds what one page may cost."""
    return {**_variable(name, f"{about}, in {unit}"), "unit": unit, "least": least, "most": most}


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
        default="", repr=False, metadata=_variable("GOVCRAWL_ELASTICSEARCH_API_KEY", "API key of the writer role", secret=True)
    )
    elasticsearch_api_key_file: Path | None = field(
        default=None,
        metadata=_variable(
            "GOVCRAWL_ELASTICSEARCH_API_KEY_FILE", "file with the API key, or with a line GOVCRAWL_ELASTICSEARCH_API_KEY=..."
        ),
    )
    elasticsearch_ca: Path | None = field(
        default=None,
        metadata=_variable(
            "GOVCRAWL_ELASTICSEARCH_CA",
            "PEM file of the authorities that vouch for Elasticsearch and Kibana; empty: those of the system",
        ),
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
    strangers: int = field(
        default=0,
        metadata=_variable(
            "GOVCRAWL_STRANGERS",
            "foreign domains a page whose home pages are looked at, each once a fleet and day, to find those that were lost; 0: none",
        ),
    )
    qr_images: int = field(
        default=0,
        metadata=_variable(
            "GOVCRAWL_QR_IMAGES",
            "pictures a page that are looked at for QR codes, each once a campaign; needs the extra govcrawl[qr]; 0: none",
        ),
    )
    probes: str = field(
        default="",
        metadata=_variable(
            "GOVCRAWL_PROBES",
            "hosts, and all below them, whose owners agreed to be asked for 60 addresses that should not be there; separated by commas; empty: none",
        ),
    )
    mandate: str = field(
        default="",
        metadata=_variable(
            "GOVCRAWL_OFFICIAL_INSPECTION",
            "hosts, and all below them, whose pages an official inspection may see against their robots.txt; separated by commas; empty: none",
        ),
    )
    rules: Path | None = field(
        default=None,
        metadata=_variable("GOVCRAWL_RULES", "file with rules of your own, rules switched off, allow-lists, accepted findings"),
    )
    columns: Path | None = field(
        default=None,
        metadata=_variable("GOVCRAWL_COLUMNS", "TOML file that says the class of columns over what their pages say; empty: none"),
    )
    max_bytes: int = field(
        default=10 * 1024 * 1024,
        metadata=_bound("GOVCRAWL_MAX_BYTES", "longest body of a page, packed and again unpacked", "bytes", 1024, 2**30),
    )
    total_seconds: float = field(
        default=30.0,
        metadata=_bound("GOVCRAWL_TOTAL_SECONDS", "longest time for one page, to the end of its body", "seconds", 1, 600),
    )
    connect_seconds: float = field(
        default=10.0, metadata=_bound("GOVCRAWL_CONNECT_SECONDS", "longest wait for a connection", "seconds", 1, 600)
    )
    read_seconds: float = field(
        default=15.0, metadata=_bound("GOVCRAWL_READ_SECONDS", "longest silence within an answer", "seconds", 1, 600)
    )
    max_header_bytes: int = field(
        default=8190, metadata=_bound("GOVCRAWL_MAX_HEADER_BYTES", "longest header line of an answer", "bytes", 1024, 2**20)
    )
    max_headers: int = field(
        default=128, metadata=_bound("GOVCRAWL_MAX_HEADERS", "most header lines of an answer", "lines", 16, 10_000)
    )
    max_text_bytes: int = field(
        default=3_000_000,
        metadata=_bound("GOVCRAWL_MAX_TEXT_BYTES", "so much of a page or text is inspected", "bytes", 10_000, 30_000_000),
    )
    max_tags: int = field(
        default=60_000, metadata=_bound("GOVCRAWL_MAX_TAGS", "so many tags of a page are inspected", "tags", 1_000, 1_000_000)
    )
    max_nesting: int = field(
        default=5_000, metadata=_bound("GOVCRAWL_MAX_NESTING", "elements of a page within each other", "elements", 100, 20_000)
    )
    max_url: int = field(
        default=2_000, metadata=_bound("GOVCRAWL_MAX_URL", "longest address that is followed", "characters", 100, 4_000)
    )
    max_redirects: int = field(
        default=20,
        metadata=_bound("GOVCRAWL_MAX_REDIRECTS", "redirects of a home page, one after the other", "redirects", 1, 100),
    )
    max_depth: int = field(
        default=200,
        metadata=_bound("GOVCRAWL_MAX_DEPTH", "farthest page from the home page of its site", "links and redirects", 1, 9999),
    )
    max_links: int = field(
        default=5_000,
        metadata=_bound("GOVCRAWL_MAX_LINKS", "most pages of its own site that one page leads to", "links", 10, 100_000),
    )
    inspect_seconds: float = field(
        default=10.0,
        metadata=_bound(
            "GOVCRAWL_INSPECT_SECONDS",
            "longest time of the processor for the detectors on one page; what is left then is told as not inspected",
            "seconds",
            1,
            100,
        ),
    )
    max_site_mib: int = field(
        default=20_480,
        metadata=_bound(
            "GOVCRAWL_MAX_SITE_MIB",
            "bytes of all pages of a site, beyond which no more of them are fetched; 0: any",
            "MiB",
            0,
            10**8,
        ),
    )
    max_alike: int = field(
        default=2_000,
        metadata=_bound(
            "GOVCRAWL_MAX_ALIKE",
            "pages of a site that only differ in a date or in choices of a list, or whose paths repeat themselves; what is beyond is told and not visited; 0: any number",
            "addresses",
            0,
            1_000_000,
        ),
    )
    address_delay_seconds: float = field(
        default=0.0,
        metadata=_bound(
            "GOVCRAWL_ADDRESS_DELAY_SECONDS",
            "shortest time between two requests to one IP address, over all sites that stand on it; 0: each site for itself",
            "seconds",
            0,
            3600,
        ),
    )
    memory_mib: int = field(
        default=600,
        metadata=_bound(
            "GOVCRAWL_MEMORY_MIB", "memory of a worker, beyond which it finishes its pages and starts afresh", "MiB", 200, 65536
        ),
    )
    allow_ports: tuple[int, ...] = field(
        default=(),
        metadata=_variable(
            "GOVCRAWL_ALLOW_PORTS",
            "ports of mail, databases and other services that may be asked all the same, separated by commas",
        ),
    )
    log_format: str = field(
        default="text",
        metadata=_variable("GOVCRAWL_LOG_FORMAT", "how a worker writes its log: text, or json for one object a line"),
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
        read |= {name: Path(values[name]) for name in _PATHS if name in values}
        if "elasticsearch_api_key_file" in values and "elasticsearch_api_key" not in values:
            read["elasticsearch_api_key"] = _key(Path(values["elasticsearch_api_key_file"]))
        if "allow_networks" in values:
            read["allow_networks"] = _networks(values["allow_networks"])
        if "allow_ports" in values:
            read["allow_ports"] = _ports(values["allow_ports"])
        read |= {f.name: _number(f, values[f.name]) for f in fields(cls) if "unit" in f.metadata and f.name in values}
        read |= {name: _pages(name, values[name]) for name in _COUNTS if name in values}
        if read.get("qr_images"):
            _check_readers()
        if values.get("log_format", "text") not in _LOG_FORMATS:
            raise ConfigError(f"GOVCRAWL_LOG_FORMAT: {values['log_format']!r} is unknown; write text or json")
        for name in ("probes", "mandate"):
            _check_hosts(cls, name, values.get(name, ""))
        for name in ("redis_url", "elasticsearch_url", "kibana_url", "http_proxy", "https_proxy"):
            _check_url(cls, name, values.get(name, ""))
        return cls(**read)  # type: ignore[arg-type]

    @property
    def server(self) -> Server | None:
        """The Elasticsearch of the findings; None: SQLite."""
        return (
            Server(self.elasticsearch_url, self.elasticsearch_api_key, self.elasticsearch_ca) if self.elasticsearch_url else None
        )

    @property
    def bounds(self) -> Bounds:
        """How much of a page is inspected."""
        return Bounds(self.max_text_bytes, self.max_tags, self.max_nesting)

    @classmethod
    def of_process(cls) -> "Config":
        """For programs that others start, such as Scrapy's command line."""
        return cls.from_env(os.environ)

    def shown(self) -> dict[str, str]:
        """Variable -> value for people: secrets and passwords masked."""
        shown = {}
        for f in fields(self):
            value = getattr(self, f.name)
            words = ",".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)
            shown[f.metadata["variable"]] = ("***" if words else "") if f.metadata["secret"] else _PASSWORD.sub(r"\1:***@", words)
        return shown


def _key(file: Path) -> str:
    try:
        text = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(
            f"GOVCRAWL_ELASTICSEARCH_API_KEY_FILE: {file} cannot be read ({fault}); name a file with the key"
        ) from fault
    return text.removeprefix("GOVCRAWL_ELASTICSEARCH_API_KEY=")


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as fault:
        raise ConfigError(f"GOVCRAWL_ALLOW_NETWORKS: {fault}; write networks as 10.1.0.0/16,192.168.7.0/24") from fault


def _ports(value: str) -> tuple[int, ...]:
    words = [word.strip() for word in value.split(",") if word.strip()]
    if wrong := [word for word in words if not word.isdecimal() or not 0 < int(word) < 2**16]:
        raise ConfigError(f"GOVCRAWL_ALLOW_PORTS: {wrong[0]!r} is no port; write ports as 2379,9200")
    return tuple(map(int, words))


def _number(bound: Field[Any], value: str) -> float:
    """As the field's default is: whole or not."""
    told = bound.metadata
    whole = isinstance(bound.default, int)
    if re.fullmatch(r"\d{1,12}" if whole else r"\d{1,12}(\.\d{1,6})?", value) and told["least"] <= float(value) <= told["most"]:
        return int(value) if whole else float(value)
    kind = "whole number" if whole else "number"
    raise ConfigError(
        f"{told['variable']}: {value!r} is no {kind} of {told['unit']} from {told['least']} to {told['most']}; "
        f"write {bound.default}, or leave it empty for that"
    )


def _pages(name: str, value: str) -> int:
    if not value.isdecimal() or int(value) > _MOST_SAMPLED:
        raise ConfigError(f"GOVCRAWL_{name.upper()}: {value!r} is no number from 0 to {_MOST_SAMPLED}; write 3, or 0 for none")
    return int(value)


def _check_readers() -> None:
    if lacking := missing():
        raise ConfigError(
            f'GOVCRAWL_QR_IMAGES: {" and ".join(lacking)} not installed; pip install "{EXTRA}", or write 0 to look at no pictures'
        )


def _check_hosts(cls: type[Config], name: str, value: str) -> None:
    if re.search(r"[/:@\s]", re.sub(r"\s*,\s*", ",", value)):
        raise ConfigError(
            f"{_variable_of(cls, name)}: {value!r} is no list of hosts; write www.example.gov.cn,example.org, or * for all"
        )


def _variable_of(cls: type[Config], name: str) -> str:
    return next(str(f.metadata["variable"]) for f in fields(cls) if f.name == name)


def _check_url(cls: type[Config], name: str, value: str) -> None:
    schemes = ("redis://", "rediss://", "unix://") if name == "redis_url" else ("http://", "https://")
    if value and not value.startswith(schemes):
        variable = _variable_of(cls, name)
        shown = re.sub(r".+@", "***@", value)
        raise ConfigError(f"{variable}: {shown!r} does not start with {' or '.join(schemes)}; write it as {schemes[0]}HOST:PORT")
