"""Which network addresses are out in the open, so that a crawl cannot be lured inside."""

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


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
    return inner.is_global and not inner.is_multicast


def _embedded(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
