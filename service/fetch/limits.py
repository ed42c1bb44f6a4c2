"""The limits of one fetch, read from the settings once."""

from __future__ import annotations

from typing import Self

from msgspec import Struct

from service.settings import Settings


class Limits(Struct, frozen=True, kw_only=True):
    """Seconds, bytes and counts after which a fetch ends with its reason (RELIABILITY F15)."""

    dns_s: float = 5.0
    connect_s: float = 10.0
    headers_s: float = 10.0
    total_s: float = 30.0
    post_s: float = 15.0
    header_bytes_max: int = 65_536
    wire_bytes_max: int = 10_000_000
    inflated_bytes_max: int = 20_000_000
    reply_bytes_max: int = 65_536
    robots_bytes_max: int = 512_000  # RFC 9309 2.5: at least 500 KiB must be read
    robots_s: float = 15.0
    redirects_max: int = 5
    refreshes_max: int = 2
    wait_s: float = 1.0

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits that the operator has set."""
        return cls(
            dns_s=settings.fetch_dns_s,
            connect_s=settings.fetch_connect_s,
            total_s=settings.fetch_total_s,
            wire_bytes_max=settings.fetch_wire_bytes_max,
            inflated_bytes_max=settings.fetch_inflated_bytes_max,
            redirects_max=settings.fetch_redirects_max,
        )
