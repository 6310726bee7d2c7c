"""Which network addresses are out in the open, so that a crawl cannot be lured inside."""

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All that is given out for the open internet; a system may read what lies outside as an address within (::127.0.0.1, ::ffff:0:127.0.0.1).
_UNICAST = ipaddress.ip_network("2000::/3")
_ISATAP = (0x00005EFE, 0x02005EFE)  # before an IPv4 address, in the second half of any prefix (RFC 5214)
# Open by the registry, and yet inside for whoever asks.
_INSIDE = tuple(
    map(
        ipaddress.ip_network,
        (
            "168.63.129.16/32",  # what a machine at Azure is told about itself
            "192.0.0.0/24",  # protocol assignments; at Oracle, a machine's own data
            "192.88.99.0/24",  # relays of 6to4, given up
            "3fff::/20",  # documentation, newer than the tables of Python 3.11
        ),
    )
)


def literal(host: str) -> Address | None:
    """The address that a host (without port, brackets allowed) spells out; None for a name."""
    plain = host.strip("[]").partition("%")[0]
    # Tested first, so that a name costs no exception.
    if not plain or not (":" in plain or plain.replace(".", "").isdecimal()):
        return None
    try:
        return ipaddress.ip_address(plain)
    except ValueError:
        return ipaddress.ip_address("0.0.0.0")  # noqa: S104 - "nowhere": never public, so a malformed literal is refused


def may_fetch(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """True for a public unicast address, and for any inside `allowed`. Embedded IPv4 addresses count as themselves."""
    inner = _embedded(address)
    if any(inner.version == network.version and inner in network for network in allowed):
        return True
    return inner.is_global and not inner.is_multicast and _given_out(inner)


def _given_out(address: Address) -> bool:
    if any(address.version == network.version and address in network for network in _INSIDE):
        return False
    return isinstance(address, ipaddress.IPv4Address) or address in _UNICAST


def _embedded(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64 or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
