"""Which IP addresses are public: our own table, since ``ipaddress.is_global`` is wrong for ours.

Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries (2025-10), RFC 6890, 6052, 4291,
3056, 4380, 5214. IPv4 is public unless listed. IPv6 is refused unless in 2000::/3, less its
special ranges; an address that carries an IPv4 address is as public as what it carries.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

SPECIAL_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # the host of an Azure machine: public by number, metadata by use
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")
SPECIAL_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID, benchmarks, AMT and other protocol assignments
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
MAPPED = IPv6Network("::ffff:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
ISATAP = (0x00005EFE, 0x02005EFE)

# Never reachable, whatever the operator allows: nothing there is an article.
METADATA = frozenset(
    ip_address(text)
    for text in (
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    )
)
LINK_LOCAL = (IPv4Network("169.254.0.0/16"), IPv6Network("fe80::/10"))

Address = IPv4Address | IPv6Address


@lru_cache(maxsize=4_096)
def unwrap(text: str) -> Address:
    """The address that a packet to ``text`` reaches: the IPv4 one inside mapped and NAT64 forms.

    Raises ``ValueError`` for what is no address, and for a scoped one (``fe80::1%eth0``).
    """
    if "%" in text:
        raise ValueError("a scoped address is never public")
    address = ip_address(text)
    if isinstance(address, IPv6Address) and (address in MAPPED or address in NAT64):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


@lru_cache(maxsize=4_096)
def is_public(text: str) -> bool:
    """True if ``text`` is an address of the public internet; anything unreadable is not."""
    try:
        address = unwrap(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in SPECIAL_V4)
    if address not in GLOBAL_V6 or any(address in network for network in SPECIAL_V6):
        return False
    return _isatap_is_public(address)


def is_metadata(text: str) -> bool:
    """True if ``text`` is an address where clouds serve credentials, or is link-local."""
    address = unwrap(text)
    return address in METADATA or any(
        address.version == network.version and address in network for network in LINK_LOCAL
    )


def _isatap_is_public(address: IPv6Address) -> bool:
    number = int(address)
    if (number >> 32) & 0xFFFF_FFFF not in ISATAP:
        return True
    return is_public(str(IPv4Address(number & 0xFFFF_FFFF)))
