"""One request and its answer on the way out: headers, validators, coding, counting.

The application sends plain answers; what every answer has in common is put on here, once.
"""

from __future__ import annotations

import hashlib
import time

from service.api import compression, conditional
from service.api.asgi import Headers, Message, Scope, Send
from service.api.auth import Caller
from service.api.body import LimitedBody, is_announced
from service.api.limits import Quota
from service.api.trace import Trace, continue_trace
from service.errors import Unauthorized

SECURITY: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
]
"""Put on where the application states nothing else."""
ABOUT_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})


class Exchange:
    """State of one request; ``send`` stands in for ASGI's."""

    __slots__ = (
        "_begun", "_compressor", "_is_http1", "_send", "_start", "body", "bytes_out", "caller",
        "denied", "error", "headers", "is_head", "method", "path", "quota", "started_at", "status",
        "trace",
    )  # fmt: skip

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._begun = False
        self._is_http1 = scope.get("http_version", "1.1").startswith("1")
        self._compressor: compression.Compressor | None = None
        self.headers = _merged(scope["headers"])
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.is_head = self.method == "HEAD"
        self.trace: Trace = continue_trace(
            self.header(b"traceparent"), self.header(b"x-request-id")
        )
        self.body: LimitedBody | None = None
        self.caller: Caller | None = None
        self.quota: Quota | None = None
        self.denied: Unauthorized | None = None
        self.error: Exception | None = None
        self.started_at = time.perf_counter()
        self.status = 0
        self.bytes_out = 0

    def header(self, name: bytes) -> str:
        """The request's header, joined by commas where it was sent twice; else empty."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def packed(self) -> bytes | None:
        """The body that was read, as gzip or zstd if it came so."""
        return self.body.packed if self.body else None

    @property
    def is_begun(self) -> bool:
        """True once the head of the answer has left."""
        return self._begun

    async def send(self, message: Message) -> None:
        """Holds the head back until the first part of the body, then sends both as they ought to
        be."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, is_more = message.get("body", b""), message.get("more_body", False)
        if not self._begun:
            body = await self._begin(body, is_more)
        elif self._compressor is not None:
            body = _next(self._compressor, body, is_more)
        if self.is_head:
            body = b""
        self.bytes_out += len(body)
        await self._send({"type": "http.response.body", "body": body, "more_body": is_more})

    async def _begin(self, body: bytes, is_more: bool) -> bytes:
        self._begun = True
        self.status = self._start["status"]
        given = dict(self._start["headers"])
        self._state_age(given, b"" if is_more else body)
        fresh = self._fresh_tag(given) if self.status == 200 else None
        if fresh is not None:
            body = self._not_modified(given, fresh)
        else:
            body = await self._coded(given, body, is_more)
        await self._send(
            {"type": "http.response.start", "status": self.status, "headers": self._head(given)}
        )
        return body

    def _state_age(self, given: dict[bytes, bytes], body: bytes) -> None:
        """How long the answer may be kept; what is read without a tag gets that of its bytes."""
        is_read = self.status == 200 and self.method in ("GET", "HEAD")
        if b"cache-control" not in given:
            given[b"cache-control"] = b"private, no-cache" if is_read else b"no-store"
            if is_read and body and b"etag" not in given:
                digest = hashlib.blake2b(body, digest_size=12).hexdigest()
                given[b"etag"] = f'"{digest}"'.encode()

    def _fresh_tag(self, given: dict[bytes, bytes]) -> str | None:
        """The tag of a 304; see RFC 9110, 13.2.2 for the order."""
        if self.method not in ("GET", "HEAD"):
            return None
        etag = given.get(b"etag", b"").decode("latin-1")
        if b"if-none-match" in self.headers:
            accepted = self.header(b"accept-encoding")
            return conditional.matched(self.header(b"if-none-match"), etag, accepted)
        if b"if-modified-since" not in self.headers or b"last-modified" not in given:
            return None
        since, at = self.header(b"if-modified-since"), given[b"last-modified"].decode("latin-1")
        return etag if conditional.is_unmodified_since(since, at) else None

    def _not_modified(self, given: dict[bytes, bytes], tag: str) -> bytes:
        self.status = 304
        _vary(given, b"Accept-Encoding")
        for name in ABOUT_BODY:
            given.pop(name, None)
        if tag:
            given[b"etag"] = tag.encode("latin-1")
        return b""

    async def _coded(self, given: dict[bytes, bytes], body: bytes, is_more: bool) -> bytes:
        """The body in the coding that the caller wants, with headers to match."""
        coding = given.get(b"content-encoding", b"").decode("latin-1") or None
        if coding is None and _may_code(given):
            _vary(given, b"Accept-Encoding")
            if is_more or len(body) >= compression.BODY_BYTES_MIN:
                coding = compression.choose(self.header(b"accept-encoding"))
            if coding:
                given[b"content-encoding"] = coding.encode()
                body = await self._compressed(given, coding, body, is_more)
        if coding and b"etag" in given:
            etag = given[b"etag"].decode("latin-1")
            given[b"etag"] = conditional.with_coding(etag, coding).encode("latin-1")
        return body

    async def _compressed(
        self, given: dict[bytes, bytes], coding: str, body: bytes, is_more: bool
    ) -> bytes:
        if is_more:
            given.pop(b"content-length", None)
            self._compressor = compression.compressor(coding)
            return _next(self._compressor, body, is_more)
        body = await compression.compress(coding, body)
        given[b"content-length"] = str(len(body)).encode()
        return body

    @property
    def _is_cut(self) -> bool:
        """Whether the answer leaves a body unread. The server then cuts the connection, which
        must be said, or a client sends its next request into it. HTTP/2 has no such trouble."""
        is_read = self.body is not None and self.body.is_read
        return self._is_http1 and not is_read and is_announced(self.headers)

    def _head(self, given: dict[bytes, bytes]) -> Headers:
        for name, value in SECURITY:
            given.setdefault(name, value)
        if self._is_cut:
            given[b"connection"] = b"close"
        given[b"x-request-id"] = self.trace.request_id.encode()
        given[b"traceparent"] = self.trace.traceparent.encode()
        headers = list(given.items())
        return headers + self.quota.headers() if self.quota else headers


def _merged(raw: Headers) -> dict[bytes, bytes]:
    """Request headers by name; one that was sent twice is joined by commas (RFC 9110, 5.3)."""
    headers = dict(raw)
    if len(headers) < len(raw):
        headers = {}
        for name, value in raw:
            headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def _may_code(given: dict[bytes, bytes]) -> bool:
    content_type = given.get(b"content-type", b"").decode("latin-1")
    is_fixed = b"no-transform" in given.get(b"cache-control", b"")
    return compression.is_compressible(content_type) and not is_fixed


def _vary(given: dict[bytes, bytes], name: bytes) -> None:
    stated = given.get(b"vary", b"")
    if name.lower() not in stated.lower():
        given[b"vary"] = stated + b", " + name if stated else name


def _next(compressor: compression.Compressor, body: bytes, is_more: bool) -> bytes:
    coded = compressor.compress(body)
    return coded + (compressor.flush_block() if is_more else compressor.finish())
