"""Content encodings undone under a cap: what a body may become is bounded before it becomes it."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable

import brotli

from service.errors import BodyTooLarge, BodyTruncated, DecodeFailed

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ENCODINGS_MAX = 2
PIECE_BYTES = 65_536
MEMBERS_MAX = 64  # each further member copies the rest of the body
ZSTD_WINDOW_LOG_MAX = 23  # 8 MB, RFC 9659
GZIP_MAGIC = b"\x1f\x8b"


def encodings(content_encoding: str) -> list[str]:
    """The encodings of a ``Content-Encoding`` value in the order in which they were applied.

    ``"gzip, identity, BR"`` -> ``["gzip", "br"]``. Raises ``DecodeFailed`` for an unknown one and
    for more than two.
    """
    named = [part.strip().lower().removeprefix("x-") for part in content_encoding.split(",")]
    applied = [name for name in named if name not in {"", "identity", "none", "utf-8"}]
    if len(applied) > ENCODINGS_MAX:
        raise DecodeFailed("more than two content encodings", stage="decode")
    for name in applied:
        if name not in _READERS:
            raise DecodeFailed("a content encoding that was not asked for", stage="decode")
    return applied


def inflate(body: bytes, applied: list[str], bytes_max: int) -> bytes:
    """The body before ``applied`` were applied, at most ``bytes_max`` long at every step.

    Raises ``BodyTooLarge``, ``BodyTruncated`` or ``DecodeFailed``. Runs in a thread: it computes
    for up to a tenth of a second.
    """
    for name in reversed(applied):
        if not body:
            return body
        try:
            body = _READERS[name](body, bytes_max)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise DecodeFailed(f"the body is not valid {name}", stage="decode") from error
    return body


def _gzip(body: bytes, bytes_max: int) -> bytes:
    """All members joined; a body that is not gzip at all is what some servers send plain."""
    if not body.startswith(GZIP_MAGIC):
        return body
    out = bytearray()
    for _ in range(MEMBERS_MAX):
        body = _zlib_stream(body, 16 + zlib.MAX_WBITS, bytes_max, out)
        if not body.startswith(GZIP_MAGIC):  # padding or garbage after the end is ignored
            return bytes(out)
    raise DecodeFailed("a gzip body with too many members", stage="decode")


def _deflate(body: bytes, bytes_max: int) -> bytes:
    """RFC 9110 says zlib; some servers send raw deflate."""
    out = bytearray()
    try:
        _zlib_stream(body, zlib.MAX_WBITS, bytes_max, out)
    except zlib.error:
        out.clear()
        _zlib_stream(body, -zlib.MAX_WBITS, bytes_max, out)
    return bytes(out)


def _zlib_stream(body: bytes, window_bits: int, bytes_max: int, out: bytearray) -> bytes:
    """Appends one stream to ``out`` and answers what follows it."""
    stream = zlib.decompressobj(window_bits)
    out += stream.decompress(body, bytes_max - len(out) + 1)
    _check(out, bytes_max, ended=stream.eof)
    return stream.unused_data


def _brotli(body: bytes, bytes_max: int) -> bytes:
    stream, out = brotli.Decompressor(), bytearray()
    while len(out) <= bytes_max and not stream.is_finished():
        piece = stream.process(body, output_buffer_limit=PIECE_BYTES)
        if not piece:
            break
        out += piece
        body = b""
    _check(out, bytes_max, ended=stream.is_finished())
    return bytes(out)


def _zstd(body: bytes, bytes_max: int) -> bytes:
    options = {int(zstd.DecompressionParameter.window_log_max): ZSTD_WINDOW_LOG_MAX}
    out = bytearray()
    for _ in range(MEMBERS_MAX):
        stream = zstd.ZstdDecompressor(options=options)
        out += stream.decompress(body, bytes_max - len(out) + 1)
        _check(out, bytes_max, ended=stream.eof)
        body = stream.unused_data
        if not body:
            return bytes(out)
    raise DecodeFailed("a zstd body with too many frames", stage="decode")


def _check(out: bytearray, bytes_max: int, *, ended: bool) -> None:
    if len(out) > bytes_max:
        raise BodyTooLarge(f"the body is larger than {bytes_max} bytes inflated", stage="decode")
    if not ended:
        raise BodyTruncated("the compressed body ends too early", stage="decode")


_READERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
