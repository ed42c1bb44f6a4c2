"""A small web server on loopback: pages for the fetcher, endpoints for webhooks.

Speaks just enough HTTP/1.1, and as badly as a test asks for: a reply may be a coroutine that
writes to the connection itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Self
from urllib.parse import urlsplit

from msgspec import Struct, field

REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found"}


class Request(Struct, frozen=True):
    """One request as it arrived; header names in lower case, ``target`` with its query."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path


Raw = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


class Reply(Struct, frozen=True):
    """What to answer; ``delay_s`` before the first byte."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0

    def encode(self, head_only: bool) -> bytes:
        names = {name.lower() for name in self.headers}
        headers = dict(self.headers)
        if "content-length" not in names and "transfer-encoding" not in names:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Other')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        return head if head_only else head + self.body


class Web:
    """A server; ``requests`` holds all that came, in order.

    ``page`` and ``reply`` say what a path answers; several replies are used up one by one, the
    last one stays. Any other path is a 404.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._replies: dict[str, list[Reply | Raw]] = {}
        self._arrived = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def port(self) -> int:
        assert self._server
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def page(self, path: str, html: str, **headers: str) -> str:
        """``path`` answers ``html``; returns its whole address."""
        sent = {"Content-Type": "text/html; charset=utf-8"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.reply(path, Reply(200, html.encode(), sent))

    def reply(self, path: str, *replies: Reply | Raw) -> str:
        """``path`` answers each of ``replies`` once, and the last one from then on."""
        self._replies[path] = list(replies)
        return self.url + path

    def clear(self) -> None:
        """Nothing has come, and nothing is known."""
        self.requests.clear()
        self._replies.clear()

    async def received(
        self, count: int, path: str | None = None, within_s: float = 60.0
    ) -> list[Request]:
        """The requests (to ``path``) once there are ``count``; fails after ``within_s``."""
        async with asyncio.timeout(within_s):
            while True:
                found = [one for one in self.requests if path is None or one.path == path]
                if len(found) >= count:
                    return found
                self._arrived.clear()
                await self._arrived.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            while request := await read_request(reader):
                self.requests.append(request)
                self._arrived.set()
                if not await self._answer(request, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side hung up, or the test is over
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection may be used again."""
        known = self._replies.get(request.path) or [Reply(404, b"not here")]
        reply = known.pop(0) if len(known) > 1 else known[0]
        if not isinstance(reply, Reply):
            await reply(request, writer)
            return False
        await asyncio.sleep(reply.delay_s)
        writer.write(reply.encode(head_only=request.method == "HEAD"))
        await writer.drain()
        return "close" not in request.headers.get("connection", "").lower()


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request; None at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ", 2)
    parts = (line.split(":", 1) for line in lines)
    headers = {name.strip().lower(): value.strip() for name, value in parts}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return Request(method, target, headers, await read_chunks(reader))
    length = int(headers.get("content-length", 0))
    return Request(method, target, headers, await reader.readexactly(length))


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    """The body of a chunked request."""
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return body
