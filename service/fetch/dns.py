"""Names to addresses: asked of the system's resolvers without a thread, under a time limit."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import aiodns
from aiodns.error import ARES_ENODATA, ARES_ENOTFOUND, DNSError

from service.errors import DnsFailed

Lookup = Callable[[str], Awaitable[list[str]]]

TRY_S = 2.0
TRIES = 2


class Resolver:
    """The system's resolvers by c-ares, which caches answers for as long as they say.

    getaddrinfo in threads would let a slow name server use up the threads of all requests.
    """

    def __init__(self, total_s: float) -> None:
        self._total_s = total_s
        self._resolver: aiodns.DNSResolver | None = None

    async def close(self) -> None:
        """Ends the lookups that are under way."""
        if self._resolver is not None:
            await self._resolver.close()

    async def lookup(self, host: str) -> list[str]:
        """Every address of ``host``, IPv4 and IPv6; raises ``DnsFailed``."""
        if self._resolver is None:  # not in __init__: it belongs to the running loop
            self._resolver = aiodns.DNSResolver(timeout=TRY_S, tries=TRIES)
        try:
            async with asyncio.timeout(self._total_s):
                answer = await self._resolver.getaddrinfo(
                    host, family=socket.AF_UNSPEC, type=socket.SOCK_STREAM
                )
        except TimeoutError:
            raise DnsFailed("the name servers did not answer in time", stage="dns") from None
        except DNSError as error:
            raise _failure(error) from error
        return list(dict.fromkeys(_text(node.addr) for node in answer.nodes))


def _text(address: tuple[object, ...]) -> str:
    """The address as text, with its scope if it has one, which makes it unacceptable later."""
    host = address[0].decode("ascii") if isinstance(address[0], bytes) else str(address[0])
    scope = address[3] if len(address) > 3 else 0
    return f"{host}%{scope}" if scope else host


def _failure(error: DNSError) -> DnsFailed:
    if error.args and error.args[0] in {ARES_ENOTFOUND, ARES_ENODATA}:
        return DnsFailed("the host name does not exist", stage="dns", retryable=False)
    return DnsFailed("the host name could not be resolved", stage="dns")
