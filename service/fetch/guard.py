"""The guard: which connections may be made at all. Every connection to the outside passes here.

A name is resolved once; every answer must be public (or allowed by the operator); the connection
goes to one of the checked addresses and its peer is checked again (``dial``). Redirects pass
anew. What is refused is refused in one and the same words, and before a packet is sent.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from msgspec import Struct

from service.errors import DnsFailed, UrlForbidden
from service.fetch.addresses import Address, is_metadata, is_public, unwrap
from service.fetch.dns import Lookup
from service.fetch.url import Url, parse, refused

RECORDS_MAX = 32
PORTS = (80, 443, 8080, 8443)

# Names under which clouds serve credentials: refused whatever the operator allows.
METADATA_NAMES = frozenset(
    {
        "instance-data",
        "instance-data.ec2.internal",
        "metadata",
        "metadata.azure.internal",
        "metadata.goog",
        "metadata.google.internal",
        "metadata.packet.net",
        "metadata.platformequinix.com",
        "metadata.tencentyun.com",
    }
)
# Special-use names (RFC 6761, 6762, 7686, 8375, 9476, ICANN's .internal) and the usual private
# ones. They are refused unseen, or the difference to a name that does not exist would map the
# network behind us.
INTERNAL_SUFFIXES = frozenset(
    {
        "alt",
        "arpa",
        "corp",
        "home",
        "internal",
        "intranet",
        "lan",
        "local",
        "localdomain",
        "localhost",
        "onion",
        "private",
    }
)


class Allowed(Struct, frozen=True):
    """One entry of the operator's list: a name (``.suffix`` for all under it) or a network."""

    name: str = ""
    network: IPv4Network | IPv6Network | None = None
    port: int | None = None

    def admits_name(self, url: Url) -> bool:
        if not self.name or not self.admits_port(url.port):
            return False
        if self.name.startswith("."):
            return url.host.endswith(self.name)
        return url.host == self.name

    def admits_address(self, address: Address, port: int) -> bool:
        network = self.network
        if network is None or network.version != address.version:
            return False
        return address in network and self.admits_port(port)

    def admits_port(self, port: int) -> bool:
        return self.port in (None, port)


class Target(Struct, frozen=True):
    """A URL that may be fetched, and the only addresses that may be connected to for it."""

    url: Url
    addresses: tuple[str, ...]

    @property
    def peers(self) -> frozenset[Address]:
        return frozenset(unwrap(address) for address in self.addresses)


class Guard:
    """The policy for every outgoing connection: pages, robots, feeds, hubs, webhook targets."""

    def __init__(
        self, lookup: Lookup, *, ports: tuple[int, ...] = PORTS, allow: tuple[str, ...] = ()
    ) -> None:
        self._lookup = lookup
        self._ports = frozenset(ports)
        self._allowed = tuple(read_allowed(entry) for entry in allow)

    async def check(self, url: str | Url) -> Target:
        """The target to connect to; raises ``UrlForbidden`` or ``DnsFailed``."""
        url = self.check_unseen(url)
        addresses = await self._resolve(url)
        if not 0 < len(addresses) <= RECORDS_MAX or not self._admits(url, addresses):
            raise refused()
        return Target(url=url, addresses=tuple(addresses))

    def check_unseen(self, url: str | Url) -> Url:
        """The URL, unless it can be refused without asking a name server (``UrlForbidden``)."""
        if isinstance(url, str):
            url = parse(url)
        if url.host in METADATA_NAMES:
            raise refused()
        if not self._allowed and (url.port not in self._ports or is_internal(url)):
            raise refused()
        if url.is_address and not self._admits(url, [url.host]):
            raise refused()
        return url

    async def _resolve(self, url: Url) -> list[str]:
        if url.is_address:
            return [url.host]
        try:
            return await self._lookup(url.host)
        except DnsFailed:
            if is_internal(url) and not any(entry.admits_name(url) for entry in self._allowed):
                raise refused() from None
            raise

    def _admits(self, url: Url, addresses: list[str]) -> bool:
        """Mixed answers (public and not) are refused: they are how rebinding looks."""
        try:
            peers = [unwrap(address) for address in addresses]
        except ValueError:
            return False
        if any(is_metadata(address) for address in addresses):
            return False
        if any(entry.admits_name(url) for entry in self._allowed):
            return True
        if url.port in self._ports and all(is_public(address) for address in addresses):
            return True
        return all(
            any(entry.admits_address(peer, url.port) for entry in self._allowed) for peer in peers
        )


def is_internal(url: Url) -> bool:
    """True for names that can only mean something inside a network, such as ``db.internal``."""
    labels = url.host.split(".")
    return not url.is_address and (len(labels) == 1 or labels[-1] in INTERNAL_SUFFIXES)


def read_allowed(entry: str) -> Allowed:
    """The entry of ``fetch_allow``: ``10.0.0.0/8``, ``wiki.example``, ``.corp.example``, each
    with ``:port`` if only that port is meant (``[fd00::1]:80``); raises ``ValueError``.
    """
    text, port = _split_port(entry.strip().lower())
    try:
        return Allowed(network=ip_network(text, strict=False), port=port)
    except ValueError:
        pass
    if not text or "/" in text or ":" in text:
        raise ValueError(f"fetch_allow: {entry!r} is neither a network nor a name")
    suffix = "." if text.startswith(".") else ""
    try:
        return Allowed(name=suffix + parse(f"http://{text.removeprefix('.')}/").host, port=port)
    except UrlForbidden:
        raise ValueError(f"fetch_allow: {entry!r} is neither a network nor a name") from None


def _split_port(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        return address, int(rest[1:]) if rest.startswith(":") else None
    head, colon, tail = text.rpartition(":")
    if colon and ":" not in head and tail.isdigit():
        return head, int(tail)
    return text, None
