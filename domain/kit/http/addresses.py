"""Which IP addresses are public, so that nobody sends us into a network that only we can reach."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_NAT64: Final = ip_network("64:ff9b::/96")
"""RFC 6052: how a network without IPv4 reaches it; the last 32 bits are the address that is meant."""


def is_public(text: str) -> bool:
    """Whether an address belongs to the Internet: not private, loopback, link-local, multicast, or IPv4 in disguise."""
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None or address.sixtofour is not None or address.teredo is not None:
            return False
        if address in _NAT64:
            return _is_global(IPv4Address(int(address) & 0xFFFFFFFF))
    return _is_global(address)


def is_inside(host: str) -> bool:
    """Whether a server is named by an IP address that is not public; of a name nothing is known before it is resolved."""
    try:
        return not is_public(host)
    except ValueError:
        return host.rstrip(".").lower() == "localhost"


def is_loopback(text: str) -> bool:
    """Whether an address is this machine's own."""
    return ip_address(text).is_loopback


def never_in_house(text: str) -> str | None:
    """Why an address cannot be a server of the household; None where it can be.

    Link-local ones are refused because the metadata services of clouds lie there (169.254.169.254).
    """
    address = ip_address(text)
    if isinstance(address, IPv6Address) and (
        address.ipv4_mapped is not None or address.sixtofour is not None or address.teredo is not None or address in _NAT64
    ):
        return "an address in disguise"
    if address.is_link_local:
        return "a link-local address"
    if address.is_multicast or address.is_unspecified or (address.is_reserved and not address.is_loopback):
        return "no address of a server"
    return None


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
