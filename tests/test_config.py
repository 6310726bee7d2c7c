"""The effective configuration."""

import sys
from dataclasses import fields
from pathlib import Path

import pytest

from govcrawl.config import Config, ConfigError
from govcrawl.crawl.environment import limits_of, visits_of
from govcrawl.crawl.options import FetchLimits, VisitLimits, WorkerOptions
from govcrawl.page.parsing import Bounds

ENV_EXAMPLE = Path(__file__).parents[1] / "deploy" / "env.example"


def test_nothing_set_means_the_embedded_services() -> None:
    config = Config.from_env({})
    assert (config.redis_url, config.elasticsearch_url, config.data_dir) == ("", "", Path("govcrawl-data"))


def test_every_variable_is_read() -> None:
    config = Config.from_env(
        {
            "GOVCRAWL_REDIS_URL": "rediss://cluster:6379/1",
            "GOVCRAWL_ELASTICSEARCH_URL": "https://search:9200",
            "GOVCRAWL_ELASTICSEARCH_API_KEY": "a-key",
            "GOVCRAWL_ELASTICSEARCH_API_KEY_FILE": "not read where there is a key",
            "GOVCRAWL_ELASTICSEARCH_CA": "/etc/govcrawl/ca.pem",
            "GOVCRAWL_LOG_FORMAT": "json",
            "GOVCRAWL_KIBANA_URL": "https://kibana:5601",
            "GOVCRAWL_DATA_DIR": " /data ",
            "GOVCRAWL_ALLOW_NETWORKS": "10.1.0.0/16, fd00::/8",
            "GOVCRAWL_CLOAKING_PAGES": "3",
            "GOVCRAWL_STRANGERS": "2",
            "GOVCRAWL_QR_IMAGES": "4",
            "GOVCRAWL_MAX_BYTES": "20000000",
            "GOVCRAWL_TOTAL_SECONDS": "60",
            "GOVCRAWL_CONNECT_SECONDS": "7.5",
            "GOVCRAWL_READ_SECONDS": "20",
            "GOVCRAWL_MAX_DEPTH": "12",
            "GOVCRAWL_MAX_LINKS": "100",
            "GOVCRAWL_MAX_TEXT_BYTES": "1000000",
            "GOVCRAWL_MAX_TAGS": "20000",
            "GOVCRAWL_MAX_NESTING": "1000",
            "GOVCRAWL_MAX_URL": "1000",
            "GOVCRAWL_MAX_REDIRECTS": "5",
            "GOVCRAWL_MAX_HEADER_BYTES": "4096",
            "GOVCRAWL_MAX_HEADERS": "64",
            "GOVCRAWL_OFFICIAL_INSPECTION": "gov.cn",
            "GOVCRAWL_ADDRESS_DELAY_SECONDS": "0.2",
            "GOVCRAWL_MAX_ALIKE": "100",
            "GOVCRAWL_MAX_SITE_MIB": "1000",
            "GOVCRAWL_INSPECT_SECONDS": "2.5",
            "GOVCRAWL_MEMORY_MIB": "900",
            "GOVCRAWL_ALLOW_PORTS": "2379, 9200",
            "GOVCRAWL_PROBES": "www.example.gov.cn, example.org",
            "GOVCRAWL_RULES": "own.toml",
            "GOVCRAWL_COLUMNS": "/etc/columns.toml",
            "http_proxy": "http://proxy:8899",
            "https_proxy": "http://proxy:8899",
            "no_proxy": "localhost",
        }
    )
    assert config.redis_url == "rediss://cluster:6379/1"
    assert config.data_dir == Path("/data")
    assert [str(network) for network in config.allow_networks] == ["10.1.0.0/16", "fd00::/8"]
    assert (config.max_bytes, config.connect_seconds, config.max_depth) == (20_000_000, 7.5, 12)
    assert config.inspect_seconds == 2.5
    assert config.allow_ports == (2379, 9200)
    assert all(getattr(config, field.name) for field in fields(config))


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GOVCRAWL_REDIS_URL", "localhost:6379"),
        ("GOVCRAWL_ELASTICSEARCH_URL", "search:9200"),
        ("GOVCRAWL_KIBANA_URL", "ftp://kibana"),
        ("GOVCRAWL_ALLOW_NETWORKS", "10.1.0.0/99"),
        ("GOVCRAWL_CLOAKING_PAGES", "many"),
        ("GOVCRAWL_STRANGERS", "all"),
        ("GOVCRAWL_QR_IMAGES", "21"),
        ("GOVCRAWL_CLOAKING_PAGES", "1000"),
        ("GOVCRAWL_ALLOW_NETWORKS", "10.1.2.3/16"),
        ("GOVCRAWL_PROBES", "http://www.example.gov.cn/"),
        ("GOVCRAWL_OFFICIAL_INSPECTION", "gov.cn:80"),
        ("http_proxy", "127.0.0.1:8899"),
        ("GOVCRAWL_MAX_BYTES", "10 MiB"),
        ("GOVCRAWL_MAX_BYTES", "0"),
        ("GOVCRAWL_TOTAL_SECONDS", "-1"),
        ("GOVCRAWL_CONNECT_SECONDS", "nan"),
        ("GOVCRAWL_READ_SECONDS", "3600"),
        ("GOVCRAWL_MAX_DEPTH", "2.5"),
        ("GOVCRAWL_ADDRESS_DELAY_SECONDS", "-1"),
        ("GOVCRAWL_MAX_ALIKE", "many"),
        ("GOVCRAWL_ALLOW_PORTS", "http"),
        ("GOVCRAWL_LOG_FORMAT", "xml"),
        ("GOVCRAWL_ELASTICSEARCH_API_KEY_FILE", "/no/such/file"),
        ("GOVCRAWL_ALLOW_PORTS", "70000"),
    ],
)
def test_a_wrong_value_names_its_variable(variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=variable):
        Config.from_env({variable: value})


def test_a_wrong_bound_is_told_with_its_unit_and_its_range() -> None:
    with pytest.raises(ConfigError) as fault:
        Config.from_env({"GOVCRAWL_MAX_BYTES": "10 MiB"})
    assert str(fault.value) == (
        "GOVCRAWL_MAX_BYTES: '10 MiB' is no whole number of bytes from 1024 to 1073741824; write 10485760, or leave it empty for that"
    )


def test_codes_without_the_packages_that_read_them_are_refused_with_the_extra(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    with pytest.raises(ConfigError) as fault:
        Config.from_env({"GOVCRAWL_QR_IMAGES": "4"})
    assert str(fault.value) == (
        'GOVCRAWL_QR_IMAGES: zxing-cpp not installed; pip install "govcrawl[qr]", or write 0 to look at no pictures'
    )
    assert Config.from_env({"GOVCRAWL_QR_IMAGES": "0"}).qr_images == 0


def test_the_bounds_that_are_shown_are_those_that_a_fetch_has() -> None:
    assert limits_of(Config()) == FetchLimits()
    assert visits_of(Config()) == VisitLimits()
    assert Config().bounds == Bounds()
    assert next(field.default for field in fields(WorkerOptions) if field.name == "inspect_seconds") == Config().inspect_seconds
    assert Config().shown()["GOVCRAWL_TOTAL_SECONDS"] == "30.0"


def test_secrets_and_passwords_are_not_shown() -> None:
    config = Config.from_env(
        {
            "GOVCRAWL_REDIS_URL": "redis://me:hunter2@cluster:6379",
            "GOVCRAWL_ELASTICSEARCH_URL": "https://me:hunter2@search:9200",
            "GOVCRAWL_ELASTICSEARCH_API_KEY": "hunter2",
            "http_proxy": "http://me:hunter2@proxy:1",
        }
    )
    assert "hunter2" not in str(config.shown())
    assert config.shown()["GOVCRAWL_REDIS_URL"] == "redis://me:***@cluster:6379"


@pytest.mark.parametrize("password", ["a@b", "a/b", "p:q", "a@b@c", ""])
def test_a_password_with_odd_characters_is_not_shown_either(password: str) -> None:
    url = f"redis://:{password}Zq9@cluster:6379/0"
    assert "Zq9" not in str(Config.from_env({"GOVCRAWL_REDIS_URL": url}).shown())


def test_a_wrong_address_is_named_without_its_password() -> None:
    with pytest.raises(ConfigError) as fault:
        Config.from_env({"GOVCRAWL_REDIS_URL": "me:hunter2@cluster:6379"})
    assert "cluster" in str(fault.value)
    assert "hunter2" not in str(fault.value)


@pytest.mark.skipif(not ENV_EXAMPLE.is_file(), reason="deploy/env.example is not written yet")
def test_the_example_environment_lists_exactly_the_variables_of_the_configuration() -> None:
    lines = (line.lstrip("# ") for line in ENV_EXAMPLE.read_text(encoding="utf-8").splitlines())
    listed = {name for name, equals, _ in (line.partition("=") for line in lines) if equals and name.isidentifier()}
    assert listed == {field.metadata["variable"] for field in fields(Config)}
