"""Network addresses that must never be fetched, in every disguise."""

import ipaddress

import pytest

from govcrawl.kit.networks import literal, may_fetch


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1",
     "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "255.255.255.255", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1",
     "fec0::1", "2001:0:7f00:1::", "2001:470::5efe:10.0.0.1", "2001:470::200:5efe:10.0.0.1", "168.63.129.16", "192.0.0.192",
     "192.88.99.1", "100.100.100.200", "fd00:ec2::254", "3fff::1", "5f00::1", "4000::1", "2001:db8::1", "240.0.0.1"],
)  # fmt: skip
def test_an_inner_address_is_refused_in_every_disguise(address: str) -> None:
    assert not may_fetch(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "240e:1::1", "2400:3200::1", "64:ff9b::808:808"])
def test_a_public_address_may_be_fetched(address: str) -> None:
    assert may_fetch(ipaddress.ip_address(address))


def test_an_allowed_network_opens_only_itself() -> None:
    allowed = [ipaddress.ip_network("10.1.0.0/16")]
    assert may_fetch(ipaddress.ip_address("10.1.2.3"), allowed)
    assert not may_fetch(ipaddress.ip_address("10.2.2.3"), allowed)


def test_a_literal_is_told_from_a_name() -> None:
    assert literal("www.qingshan.gov.cn") is None
    assert literal("[::1]") == ipaddress.ip_address("::1")
    assert not may_fetch(literal("999.1.1.1") or ipaddress.ip_address("8.8.8.8"))
