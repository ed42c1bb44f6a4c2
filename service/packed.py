"""Original bytes as they are kept: gzip or zstd, distinguished by their first bytes. Pure.

What a caller sends compressed is kept as it was sent. What comes bare, while the caller waits,
becomes gzip by isal, which takes half the time of zstd-1 for a tenth more bytes (a page of 100 KB:
149 and 319 us, 28.6 and 26.1 KB). What the worker fetches becomes zstd-3, a quarter smaller
(1,988 pages of 250 KB: .49 and .31 ms, 36 and 49 KB).
"""

from __future__ import annotations

import zstandard
from isal import isal_zlib

CODINGS = frozenset({"gzip", "zstd"})
"""Content codings of HTTP in which bytes are kept as they come."""

LEVEL, TIGHT_LEVEL = 1, 3
_GZIP_WINDOW = 31
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


def pack(content: bytes) -> bytes:
    """``content`` as gzip."""
    return bytes(isal_zlib.compress(content, LEVEL, _GZIP_WINDOW))


def pack_tight(content: bytes) -> bytes:
    """``content`` as zstd: smaller, where time matters less."""
    return zstandard.ZstdCompressor(level=TIGHT_LEVEL).compress(content)


def unpack(packed: bytes, content_bytes: int) -> bytes:
    """The ``content_bytes`` that were packed, or that a caller sent packed."""
    if packed.startswith(_ZSTD_MAGIC):
        return zstandard.ZstdDecompressor().decompress(packed, max(1, content_bytes))
    return bytes(isal_zlib.decompress(packed, _GZIP_WINDOW, max(1, content_bytes)))
