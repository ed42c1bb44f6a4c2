"""Connections: only to the addresses of the target that this task has checked, nothing else."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from contextvars import ContextVar
from ssl import SSLContext
from typing import TYPE_CHECKING

from aiohappyeyeballs import AddrInfoType
from aiohttp import TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from service.fetch.addresses import unwrap
from service.fetch.guard import Target
from service.fetch.url import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiohttp import ClientTimeout
    from aiohttp.client_reqrep import ClientRequest
    from aiohttp.connector import Connection
    from aiohttp.tracing import Trace

KEEP_ALIVE_S = 15.0

_target: ContextVar[Target | None] = ContextVar("target", default=None)


@contextmanager
def dialling(target: Target) -> Iterator[None]:
    """While open, this task may connect to the addresses of ``target`` and to no others."""
    token = _target.set(target)
    try:
        yield
    finally:
        _target.reset(token)


class CheckedResolver(AbstractResolver):
    """Hands aiohttp the addresses that were checked; it never asks a name server itself."""

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: int = socket.AF_UNSPEC,  # noqa: ARG002  # aiohttp's signature
    ) -> list[ResolveResult]:
        """The checked addresses of ``host``, of every family; raises ``UrlForbidden``."""
        target = _target.get()
        if target is None or host != target.url.host:
            raise refused("connect")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in target.addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


def open_socket(info: AddrInfoType) -> socket.socket:
    """A socket for ``info``, the last word before a packet is sent; raises ``UrlForbidden``."""
    family, kind, proto, _, address = info
    target = _target.get()
    host, port = str(address[0]), address[1]
    if target is None or port != target.url.port or unwrap(host) not in target.peers:
        raise refused("connect")
    opened = socket.socket(family, kind, proto)
    opened.setblocking(False)
    return opened


class CheckedConnector(TCPConnector):
    """aiohttp's connector, with the peer of every connection checked, kept ones included."""

    def __init__(self, ssl_context: SSLContext) -> None:
        super().__init__(
            resolver=CheckedResolver(),
            use_dns_cache=False,
            socket_factory=open_socket,
            ssl=ssl_context,
            limit=0,  # the hosts' own limits hold; one slow host must not use up a shared pool
            keepalive_timeout=KEEP_ALIVE_S,
        )

    async def connect(
        self, req: ClientRequest, traces: list[Trace], timeout: ClientTimeout
    ) -> Connection:
        """A connection whose peer is a checked address; others are closed, not used."""
        while True:
            connection = await super().connect(req, traces, timeout)
            if is_checked(connection):
                return connection
            connection.close()


def is_checked(connection: Connection) -> bool:
    """True if the connection leads where the current target says, or is closing already."""
    target, transport = _target.get(), connection.transport
    peer = transport.get_extra_info("peername") if transport is not None else None
    if target is None:
        raise refused("connect")
    return peer is None or unwrap(peer[0]) in target.peers
