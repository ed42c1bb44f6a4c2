"""Request bodies come in under limits: bytes on the wire, bytes inflated, and time.

Nothing is read before the application asks, so a refusal by key, scope, route or type costs no
body.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
from collections.abc import Callable, Mapping
from typing import Any

import brotli
import zstandard
from isal import isal_zlib

from service import packed
from service.api.asgi import Receive
from service.errors import InvalidRequest, RequestTimeout, RequestTooLarge, UnsupportedType
from service.pace import LARGE_BYTES
from service.settings import Settings

CODINGS = ("gzip", "br", "zstd")
RATE_BYTES_S_MIN = 1_000
"""Each ``body_read_s`` must bring so many bytes for each of its seconds, or the end: who sends much
and then nothing holds a place and memory no longer than who sends nothing."""
WINDOW_BYTES_MAX = 8 * 1024 * 1024
"""RFC 9659: the largest zstd window that HTTP allows."""
DISCARDED_BYTES_MAX, DISCARD_S, DISCARD_PAUSE_S = 64_000_000, 30.0, 1.0
"""How much of an unread body is discarded, so that its sender gets to read the refusal."""
PIECE_BYTES = 262_144
LOOP_INFLATED_BYTES_MAX = 1_000_000
"""A body that inflates to more is inflated in a thread, as a large one is: a few kilobytes that
become 50 MB would hold up all requests for a tenth of a second."""

BROKEN: tuple[Any, ...] = (isal_zlib.error, brotli.error, zstandard.ZstdError)


class LimitedBody:
    """The body of one request, read when it is first asked for."""

    def __init__(self, receive: Receive, headers: Mapping[bytes, bytes], settings: Settings):
        self._receive = receive
        self._settings = settings
        self._coding = headers.get(b"content-encoding", b"").decode("latin-1").strip().lower()
        self._announced = _length(headers)
        self._body: bytes | None = None
        self.wire_bytes = 0
        self.packed: bytes | None = None
        """The whole body as it came, where that is a form in which bytes are kept."""
        self.is_read = False
        """True once nothing more of the body can come."""

    async def read(self) -> bytes:
        """The whole body, inflated; the same when asked again. Raises ``RequestTooLarge``,
        ``RequestTimeout``, ``UnsupportedType``, or ``InvalidRequest`` for one that is no such
        coding, or whose sender left."""
        if self._body is None:
            self._check()
            wire = await self._wire()
            self._body = await self._inflated(wire) if self._coding in CODINGS else wire
        return self._body

    def _check(self) -> None:
        if self._coding not in {"", "identity", *CODINGS}:
            raise UnsupportedType(
                f"the content coding {self._coding[:40]!r} is not supported: send gzip, br or zstd",
                headers={"Accept-Encoding": ", ".join(CODINGS)},
            )
        if self._announced is not None and self._announced > self._settings.body_bytes_max:
            raise _too_large(self._settings.body_bytes_max)

    async def _wire(self) -> bytes:
        """The bytes as they come; never slower than ``RATE_BYTES_S_MIN`` for ``body_read_s``."""
        chunks: list[bytes] = []
        patience_s, counted = self._settings.body_read_s, 0
        try:
            async with asyncio.timeout(patience_s) as limit:
                while not self.is_read:
                    chunks.append(await self._next())
                    if self.wire_bytes - counted >= RATE_BYTES_S_MIN * patience_s:
                        counted = self.wire_bytes
                        limit.reschedule(asyncio.get_running_loop().time() + patience_s)
        except TimeoutError:
            raise RequestTimeout(
                f"the body came slower than {RATE_BYTES_S_MIN:,} bytes/s for {patience_s:.0f} s",
                headers={"Connection": "close"},
            ) from None
        return b"".join(chunks) if len(chunks) > 1 else chunks[0]

    async def _next(self) -> bytes:
        """The next piece. A body is whole with its last announced byte: to wait for the empty
        message that ends it would be one more way through the server's threads."""
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise InvalidRequest("the connection closed before the body was whole")
        chunk: bytes = message.get("body", b"")
        self.wire_bytes += len(chunk)
        self.is_read = self.wire_bytes == self._announced or not message.get("more_body", False)
        if self.wire_bytes > self._settings.body_bytes_max:
            raise _too_large(self._settings.body_bytes_max)
        return chunk

    async def _inflated(self, wire: bytes) -> bytes:
        bytes_max = self._settings.body_inflated_bytes_max
        body = _small(self._coding, wire, bytes_max)
        if body is None:
            body = await asyncio.to_thread(inflate, self._coding, wire, bytes_max)
        self.packed = wire if self._coding in packed.CODINGS else None
        return body


def is_announced(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a body follows the head of a request (RFC 9112, 6)."""
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def _length(headers: Mapping[bytes, bytes]) -> int | None:
    """The length that the head announces; None where another frame holds (RFC 9112, 6.3)."""
    stated = headers.get(b"content-length", b"")
    return int(stated) if stated.isdigit() and b"transfer-encoding" not in headers else None


async def discard(receive: Receive) -> None:
    """What still comes of a body is read and forgotten: up to ``DISCARDED_BYTES_MAX`` bytes, for
    at most ``DISCARD_S``, and until nothing comes for ``DISCARD_PAUSE_S``."""
    discarded, is_more = 0, True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DISCARD_S):
            while is_more and discarded < DISCARDED_BYTES_MAX:
                message = await asyncio.wait_for(receive(), DISCARD_PAUSE_S)
                discarded += len(message.get("body", b""))
                is_more = message.get("more_body", False)


def _small(coding: str, wire: bytes, bytes_max: int) -> bytes | None:
    """``wire`` without its coding; None where that is better done in a thread, from the start."""
    if len(wire) > LARGE_BYTES:
        return None
    try:
        return inflate(coding, wire, min(bytes_max, LOOP_INFLATED_BYTES_MAX))
    except RequestTooLarge:
        return None


def inflate(coding: str, wire: bytes, bytes_max: int) -> bytes:
    """``wire`` without its coding; raises ``RequestTooLarge`` past ``bytes_max`` before more is
    made, and ``InvalidRequest`` for a body that is cut or not of that coding."""
    if not wire:
        return b""
    try:
        body, is_whole = _INFLATE[coding](wire, bytes_max + 1)
    except BROKEN as error:
        raise InvalidRequest(f"the body is not valid {coding}") from error
    if len(body) > bytes_max:
        raise _too_large(bytes_max)
    if not is_whole:
        raise InvalidRequest(f"the {coding} body is cut short or followed by other bytes")
    return body


def _gunzip(wire: bytes, bytes_max: int) -> tuple[bytes, bool]:
    made = isal_zlib.decompressobj(31)
    body: bytes = made.decompress(wire, bytes_max)
    return body, made.eof and not made.unused_data


def _unbrotli(wire: bytes, bytes_max: int) -> tuple[bytes, bool]:
    made = brotli.Decompressor()
    parts = [made.process(wire, output_buffer_limit=PIECE_BYTES)]
    size = len(parts[0])
    while parts[-1] and size < bytes_max and not made.is_finished():
        parts.append(made.process(b"", output_buffer_limit=PIECE_BYTES))
        size += len(parts[-1])
    return b"".join(parts), made.is_finished()


def _unzstd(wire: bytes, bytes_max: int) -> tuple[bytes, bool]:
    """In two steps, because only ``stream_reader`` can stop and only ``decompressobj`` tells
    whether the frame was whole; a frame that states its size needs the second step alone."""
    made = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES_MAX)
    size = zstandard.frame_content_size(wire)
    if not 0 <= size < bytes_max:
        with made.stream_reader(io.BytesIO(wire)) as reader:
            body = reader.read(bytes_max)
        if len(body) >= bytes_max:
            return body, False
    whole = made.decompressobj()
    return whole.decompress(wire), whole.eof and not whole.unused_data


_INFLATE: dict[str, Callable[[bytes, int], tuple[bytes, bool]]] = {
    "gzip": _gunzip, "br": _unbrotli, "zstd": _unzstd,
}  # fmt: skip


def _too_large(bytes_max: int) -> RequestTooLarge:
    return RequestTooLarge(
        f"the body is larger than {bytes_max:,} bytes: send smaller parts",
        headers={"Connection": "close"},
    )
