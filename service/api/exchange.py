"""One request and its answer on the way out: headers, validators, coding, counting.

The application sends plain answers; what every answer has in common is put on here, once.
"""

from __future__ import annotations

import asyncio
import time

from service.api import compression, conditional
from service.api.answer import Answer, Leaving
from service.api.asgi import Headers, Message, Receive, Scope, Send
from service.api.auth import Caller
from service.api.body import RATE_BYTES_S_MIN, LimitedBody, discard, is_announced
from service.api.limits import Quota
from service.api.trace import Trace, continue_trace
from service.errors import RequestTimeout, Unauthorized

SECURITY = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; sandbox",
}
"""Put on where the application states nothing else."""
ABOUT_BODY = (b"content-length", b"content-type", b"content-encoding")
BODILESS = frozenset({204, 304})
HURRIED = frozenset({429, 503})
"""Answers under overload: they do not wait for a short body, which arrives in one piece anyway."""
PIECE_BYTES_MAX = 65_536
PATIENCE_S = 30.0
"""A part of a stream leaves within this time and that of ``RATE_BYTES_S_MIN``, or the connection is
cut: who reads an export by drops would hold a place for ever."""


class Exchange:
    """State of one request; ``send`` stands in for ASGI's. Once the process is
    ``stopping`` each answer closes its connection: the next request is for another process."""

    __slots__ = (
        "_begun", "_compressor", "_receive", "_send", "_start", "_stopping", "body", "bytes_out",
        "caller", "denied", "error", "headers", "is_head", "method", "path", "quota",
        "started_at", "status", "trace",
    )  # fmt: skip

    def __init__(self, scope: Scope, receive: Receive, send: Send, stopping: asyncio.Event) -> None:
        self._receive = receive
        self._send = send
        self._start: Message = {}
        self._begun = False
        self._stopping = stopping
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

    def forget(self) -> None:
        """The request is over. An error knows the frames that it came through, which know this:
        such a cycle waits for the garbage collector, and under overload thousands of them stopped
        the loop for an eighth of a second, several times a second."""
        self.error = self.denied = None

    async def send(self, message: Message) -> None:
        """ASGI's: the head is held back until the first part of the body, which tells whether it
        is a whole answer or a stream."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, is_more = message.get("body", b""), message.get("more_body", False)
        if self._begun:
            await self._go_on(body, is_more)
        elif is_more:
            await self._begin_stream(body)
        else:
            await self.give(Answer(body, dict(self._start["headers"]), self._start["status"]))

    async def give(self, answer: Answer) -> None:
        """The whole answer leaves: as 304, or in the coding that the caller wants."""
        await self.leave(await self._leaving(answer))

    async def leave(self, leaving: Leaving) -> None:
        """The answer leaves as it is."""
        self.status = leaving.status
        is_cut = self._is_cut
        if is_cut and self._is_heard_late:
            await discard(self._receive)
        await self._begin(leaving.headers, is_cut=is_cut)
        await self._part(b"" if self.is_head else leaving.body, is_more=False)

    async def _leaving(self, answer: Answer) -> Leaving:
        """What leaves is the same for every request that reads with the same three headers."""
        if not self._is_safe:
            return await self._made(answer)
        asks = self.headers.get
        variant = (
            asks(b"accept-encoding", b""), asks(b"if-none-match", b""),
            asks(b"if-modified-since", b""),
        )  # fmt: skip
        leaving = answer.left(variant)
        if leaving is None:
            leaving = await self._made(answer)
            answer.note(variant, leaving)
        return leaving

    async def _made(self, answer: Answer) -> Leaving:
        status, given, body = answer.status, dict(answer.headers), answer.body
        self._state_age(given, answer)
        fresh = self._fresh_tag(given) if status == 200 else None
        if fresh is not None:
            status, body = 304, b""
            _not_modified(given, fresh)
        elif coding := self._coding(given, len(body)):
            body = await answer.coded(coding)
        if status not in BODILESS:
            given[b"content-length"] = b"%d" % len(body)
        return Leaving(status, list((SECURITY | given).items()), body)

    async def _begin(self, headers: Headers, *, is_cut: bool) -> None:
        self._begun = True
        is_cut = is_cut or self._stopping.is_set()
        head = [pair for pair in headers if pair[0] != b"connection"] if is_cut else headers.copy()
        if is_cut:
            head.append((b"connection", b"close"))
        head.append((b"x-request-id", self.trace.request_id.encode()))
        head.append((b"traceparent", self.trace.traceparent.encode()))
        if self.quota is not None:
            head += self.quota.headers()
        start = {"type": "http.response.start", "status": self.status, "headers": head}
        await self._send(start)

    async def _part(self, body: bytes, *, is_more: bool) -> None:
        self.bytes_out += len(body)
        await self._send({"type": "http.response.body", "body": body, "more_body": is_more})

    async def _begin_stream(self, body: bytes) -> None:
        """A stream has no validators; it is coded as it goes."""
        self.status = self._start["status"]
        given = dict(self._start["headers"])
        given.setdefault(b"cache-control", self._age(self.status))
        if coding := self._coding(given, compression.BODY_BYTES_MIN):
            given.pop(b"content-length", None)
            self._compressor = compression.compressor(coding)
        await self._begin(list((SECURITY | given).items()), is_cut=self._is_cut)
        await self._go_on(body, is_more=True)

    async def _go_on(self, body: bytes, is_more: bool) -> None:
        if self._compressor is not None:
            body = _next(self._compressor, body, is_more)
        try:
            async with asyncio.timeout(PATIENCE_S + len(body) / RATE_BYTES_S_MIN):
                await self._part(b"" if self.is_head else body, is_more=is_more)
        except TimeoutError:
            raise RequestTimeout("the answer was read too slowly") from None

    def _age(self, status: int) -> bytes:
        """``Cache-Control`` of an answer that does not state it."""
        return b"private, no-cache" if status == 200 and self._is_safe else b"no-store"

    @property
    def _is_safe(self) -> bool:
        return self.method == "GET" or self.is_head

    def _state_age(self, given: dict[bytes, bytes], answer: Answer) -> None:
        """A GET answer without a tag gets one made from its bytes."""
        if b"cache-control" not in given:
            given[b"cache-control"] = self._age(answer.status)
            is_read = answer.status == 200 and self._is_safe
            if is_read and answer.body and b"etag" not in given:
                given[b"etag"] = answer.tag

    def _fresh_tag(self, given: dict[bytes, bytes]) -> str | None:
        """The tag of a 304; see RFC 9110, 13.2.2 for the order."""
        asks = b"if-none-match" in self.headers or b"if-modified-since" in self.headers
        if not asks or not self._is_safe:
            return None
        etag = given.get(b"etag", b"").decode("latin-1")
        if b"if-none-match" in self.headers:
            known, accepted = self.header(b"if-none-match"), self.header(b"accept-encoding")
            return conditional.matched(known, etag, accepted)
        if b"last-modified" not in given:
            return None
        since, at = self.header(b"if-modified-since"), given[b"last-modified"].decode("latin-1")
        return etag if conditional.is_unmodified_since(since, at) else None

    def _coding(self, given: dict[bytes, bytes], size: int) -> str | None:
        """The coding to put the body in, if any; the headers say what leaves."""
        if b"content-encoding" in given:
            _tag_coding(given, given[b"content-encoding"])
            return None
        if not _may_code(given):
            return None
        _vary(given, b"Accept-Encoding")
        if size < compression.BODY_BYTES_MIN:
            return None
        coding = compression.choose(self.header(b"accept-encoding"))
        if coding is not None:
            given[b"content-encoding"] = coding.encode()
            _tag_coding(given, given[b"content-encoding"])
        return coding

    @property
    def _is_cut(self) -> bool:
        """Whether the answer leaves a body unread. The server then cuts the connection, which
        must be said, or a client sends its next request into it; and many a client reads no
        answer before it has sent its body, so what comes is thrown away for a while before the
        answer leaves, unless the client said that it waits."""
        is_read = self.body is not None and self.body.is_read
        return not is_read and is_announced(self.headers)

    @property
    def _is_heard_late(self) -> bool:
        """Whether the sender of an unread body may come to read the answer only after it, and is
        worth to wait for: it was not told to stop (408), and has not asked first (Expect)."""
        if self.status == 408 or b"expect" in self.headers:
            return False
        length = self.header(b"content-length")
        is_piece = length.isdigit() and int(length) <= PIECE_BYTES_MAX
        return self.status not in HURRIED or not is_piece


def _merged(raw: Headers) -> dict[bytes, bytes]:
    """Request headers by name; one that was sent twice is joined by commas (RFC 9110, 5.3)."""
    headers = dict(raw)
    if len(headers) < len(raw):
        headers = {}
        for name, value in raw:
            headers[name] = headers[name] + b", " + value if name in headers else value
    return headers


def _not_modified(given: dict[bytes, bytes], tag: str) -> None:
    """The headers are those of a 304 that names ``tag``."""
    _vary(given, b"Accept-Encoding")
    for name in ABOUT_BODY:
        given.pop(name, None)
    if tag:
        given[b"etag"] = tag.encode("latin-1")


def _may_code(given: dict[bytes, bytes]) -> bool:
    content_type = given.get(b"content-type", b"").decode("latin-1")
    is_fixed = b"no-transform" in given.get(b"cache-control", b"")
    return compression.is_compressible(content_type) and not is_fixed


def _tag_coding(given: dict[bytes, bytes], coding: bytes) -> None:
    """The strong tag is that of this coding."""
    etag = given.get(b"etag", b"")
    if etag.startswith(b'"'):
        given[b"etag"] = b'%s-%s"' % (etag[:-1], coding)


def _vary(given: dict[bytes, bytes], name: bytes) -> None:
    stated = given.get(b"vary", b"")
    if name.lower() not in stated.lower():
        given[b"vary"] = stated + b", " + name if stated else name


def _next(compressor: compression.Compressor, body: bytes, is_more: bool) -> bytes:
    coded = compressor.compress(body)
    return coded + (compressor.flush_block() if is_more else compressor.finish())
