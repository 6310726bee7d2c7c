"""Addresses: what is one page, and what is not."""

import tomllib
from importlib.resources import files

import ada_url
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.kit.urls import canonical, directory_of, host_of, resolve

RULES = tomllib.loads((files("govcrawl.kit") / "parameters.toml").read_text("utf-8"))

_HREF = st.text(st.sampled_from("abz01/.?&=#;:@%\\ -_中"), max_size=24)
_BASES = st.sampled_from(["http://a.test/x/y.html?q=1", "https://www.b.gov.cn:8443/", "http://127.0.0.1:81/z/"])


@pytest.mark.parametrize("rule", RULES["parameter"], ids=lambda rule: rule["title"])
def test_a_parameter_of_a_visit_is_dropped_and_its_look_alike_kept(rule):
    for written in rule["dropped"]:
        assert canonical(f"http://a.test/x?id=7&{written}&p=2") == "http://a.test/x?id=7&p=2"
        assert canonical(f"http://a.test/x?{written}") == "http://a.test/x"
    for written in rule["kept"]:
        assert canonical(f"http://a.test/x?{written}&p=2") == f"http://a.test/x?{written}&p=2"


def test_a_session_in_the_path_is_dropped():
    for written in RULES["path"]["dropped"]:
        assert ";" not in canonical(written)
    for written in RULES["path"]["kept"]:
        assert canonical(written) == written
    assert canonical("http://a.test/x?q=;sid=1") == "http://a.test/x?q=;sid=1"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.test/x", "http://a.test/x/"),
        ("http://a.test/x?a=1&b=2", "http://a.test/x?b=2&a=1"),
        ("http://a.test/X", "http://a.test/x"),
        ("http://a.test/x?a=", "http://a.test/x?a"),
        ("http://a.test/%2F", "http://a.test//"),
        ("http://a.test/x", "https://a.test/x"),
        ("http://a.test/x?a=+", "http://a.test/x?a=%20"),
    ],
)
def test_addresses_that_a_server_may_tell_apart_stay_two(one, other):
    assert canonical(one) != canonical(other)


@given(_BASES, _HREF)
def test_keeping_the_answers_by_host_changes_none_of_them(base, href):
    try:
        wanted = ada_url.join_url(base, href).partition("#")[0]
    except ValueError:
        wanted = None
    if wanted is not None and not wanted.startswith(("http://", "https://")):
        wanted = None
    if wanted is not None:
        plain = ada_url.URL(wanted)
        plain.username = plain.password = ""
        wanted = plain.href
    assert resolve(base, href) == wanted


@pytest.mark.parametrize(
    "url",
    [
        "http://admin:secret@a.test/x",
        "http://admin@a.test/x",
        "http://:secret@a.test/x",
        "http://a%40b:c@d@a.test/x",
        "http://@a.test/x",
    ],
)
def test_credentials_are_dropped(url):
    assert canonical(url) == "http://a.test/x"


def test_an_at_sign_elsewhere_is_kept():
    assert canonical("http://a.test/@b?c=d@e.test") == "http://a.test/@b?c=d@e.test"


@given(_BASES, _HREF)
def test_the_canonical_form_is_final(base, href):
    url = resolve(base, href)
    if url is not None:
        assert canonical(canonical(url)) == canonical(url)
        assert host_of(canonical(url)) == host_of(url)


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("http://A.test:81/x/y.html?q=/z/", "a.test:81/x/"),
        ("https://a.test/x/", "a.test/x/"),
        ("http://a.test/?/x/", "a.test/"),
        ("http://a.test", "a.test/"),
        ("no address", ""),
    ],
)
def test_a_directory_is_host_and_path_up_to_the_last_slash(url, directory):
    assert directory_of(url) == directory
