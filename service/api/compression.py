"""Which content coding a caller gets, and the coding itself.

zstd before br before gzip where the caller does not care; q-values are obeyed; small bodies and
types that are compressed already are left alone. Source: RFC 9110, 12.5.3.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

import brotli
import zstandard
from isal import isal_zlib

from service.api.negotiation import weighted
from service.pace import offloaded

CODINGS = ("zstd", "br", "gzip")
"""What is offered, in the order of our preference."""

BODY_BYTES_MIN = 1_024
"""Below this a coded body saves less than its header costs."""

COMPRESSIBLE = ("text/", "application/json", "application/problem+json", "application/x-ndjson",
                "application/feed+json", "application/atom+xml", "application/xml",
                "application/javascript", "image/svg+xml")  # fmt: skip


class Compressor(Protocol):
    """A streaming compressor; ``flush_block`` gives all that was put in so far."""

    def compress(self, chunk: bytes) -> bytes: ...

    def flush_block(self) -> bytes: ...

    def finish(self) -> bytes: ...


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdCompressor(level=3).compressobj()
        self.compress = self._inner.compress

    def flush_block(self) -> bytes:
        return self._inner.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._inner.flush()


class _Brotli:
    def __init__(self) -> None:
        inner = brotli.Compressor(quality=4)
        self.compress: Callable[[bytes], bytes] = inner.process
        self.flush_block: Callable[[], bytes] = inner.flush
        self.finish: Callable[[], bytes] = inner.finish


class _Gzip:
    def __init__(self) -> None:
        self._inner: Any = isal_zlib.compressobj(2, isal_zlib.DEFLATED, 31)
        self.compress: Callable[[bytes], bytes] = self._inner.compress

    def flush_block(self) -> bytes:
        return bytes(self._inner.flush(isal_zlib.Z_SYNC_FLUSH))

    def finish(self) -> bytes:
        return bytes(self._inner.flush())


_COMPRESSORS: dict[str, Callable[[], Compressor]] = {"zstd": _Zstd, "br": _Brotli, "gzip": _Gzip}


def compressor(coding: str) -> Compressor:
    """A new compressor of ``coding``, which is one of ``CODINGS``."""
    return _COMPRESSORS[coding]()


async def compress(coding: str, body: bytes) -> bytes:
    """``body`` in ``coding``; a large one is done in a thread."""
    return await offloaded(len(body), _whole, coding, body)


def _whole(coding: str, body: bytes) -> bytes:
    made = compressor(coding)
    return made.compress(body) + made.finish()


def is_compressible(content_type: str) -> bool:
    """True for text, JSON, XML and scripts."""
    return content_type.startswith(COMPRESSIBLE)


@lru_cache(maxsize=512)
def qualities(accept_encoding: str) -> dict[str, float]:
    """q of each of ``CODINGS`` and ``identity``; 0 means that the caller refuses it.

    >>> qualities("gzip;q=0.5, *;q=0")
    {'zstd': 0.0, 'br': 0.0, 'gzip': 0.5, 'identity': 0.0}
    """
    stated = dict(weighted(accept_encoding))
    stated.setdefault("gzip", stated.get("x-gzip", stated.get("*", 0.0)))
    rest = stated.get("*", 0.0)
    named = {coding: stated.get(coding, rest) for coding in CODINGS}
    return named | {"identity": stated.get("identity", stated.get("*", 1.0))}


def choose(accept_encoding: str) -> str | None:
    """The coding to answer in, or None for identity.

    >>> choose("br, gzip"), choose("gzip, br;q=0.5"), choose("br;q=0"), choose("")
    ('br', 'gzip', None, None)
    """
    if not accept_encoding:
        return None
    q = qualities(accept_encoding)
    best = max(CODINGS, key=lambda coding: q[coding])
    floor = q["identity"] if "identity" in accept_encoding else 0.0
    return best if q[best] > 0 and q[best] >= floor else None


def accepts(accept_encoding: str, coding: str) -> bool:
    """True where the caller takes ``coding``: a stored gzip body is then sent as it is."""
    return bool(accept_encoding) and qualities(accept_encoding)[coding] > 0
