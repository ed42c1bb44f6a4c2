"""A hostile origin: whatever it does, the fetch ends, in time, with the reason.

The limits are a twentieth of the real ones, so that what is endless ends soon here.
"""

# ruff: noqa: E501  # one behaviour, one line

from __future__ import annotations

import asyncio
import gzip
import resource
import struct
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import brotli
import pytest
import zstandard

from service.errors import (
    BodyTooLarge,
    BodyTruncated,
    ConnectFailed,
    DecodeFailed,
    FetchError,
    FetchTimeout,
    OriginFailed,
    OriginRefused,
    TooManyRedirects,
    UrlForbidden,
)
from service.fetch.client import Fetched, Fetcher, Request
from service.fetch.limits import Limits
from service.settings import Settings
from tests.timing import TRIES, least_s

LIMITS = Limits(
    connect_s=0.5,
    headers_s=0.5,
    total_s=1.5,
    wire_bytes_max=400_000,
    inflated_bytes_max=1_000_000,
    redirects_max=5,
)
LATE_S = 3.0
MEMORY_BYTES_MAX = 100_000_000

Writer = asyncio.StreamWriter
Behaviour = Callable[[Writer], Awaitable[None]]
PAGE = b"<html><p>A page.</p></html>"
ZEROS = b"\0" * 20_000_000


def says(*parts: bytes, pause_s: float = 0.0) -> Behaviour:
    """Sends ``parts``, then closes."""

    async def behave(writer: Writer) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return behave


def page(body: bytes = PAGE, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole answer whose length is right."""
    lines = [b"HTTP/1.1 " + status, b"Content-Type: text/html", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def coded(body: bytes, coding: bytes) -> bytes:
    return page(body, b"Content-Encoding: " + coding)


def repeats(first: bytes, again: bytes, every_s: float = 0.0) -> Behaviour:
    """Sends ``first``, then ``again`` for ever."""

    async def behave(writer: Writer) -> None:
        writer.write(first)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(every_s)

    return behave


def resets(*parts: bytes) -> Behaviour:
    """Sends ``parts``, then resets the connection."""

    async def behave(writer: Writer) -> None:
        await says(*parts, pause_s=0.05)(writer)
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(1, 13, linger)  # SOL_SOCKET, SO_LINGER
        writer.transport.abort()

    return behave


async def keeps_silent(writer: Writer) -> None:
    await asyncio.sleep(60)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIPPED = gzip.compress(PAGE * 50)
LONG_PAGE = PAGE + b" " * 100_000

# What it does, how it must end: the page, or the errors that name it.
ENDS: dict[str, tuple[Behaviour, bytes | tuple[type[FetchError], ...]]] = {
    # Odd, but a page
    "chunks": (says(CHUNKED + b"5\r\n<html\r\n1;x=y\r\n>\r\n0\r\nT: 1\r\n\r\n"), b"<html>"),
    "until it closes": (says(HEAD + b"\r\n" + PAGE), PAGE),
    "http 1.0": (says(page().replace(b"1.1", b"1.0", 1)), PAGE),
    "no reason phrase": (says(page(status=b"200")), PAGE),
    "continue first": (says(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + page()), PAGE),
    "early hints first": (says(b"HTTP/1.1 103 x\r\nLink: </a>\r\n\r\n" + page()), PAGE),
    "more than it promised": (says(page() + b"HTTP/1.1 200 OK\r\n\r\nsmuggled"), PAGE),
    "nothing": (says(page(b"")), b""),
    "no content": (says(b"HTTP/1.1 204 No Content\r\n\r\n"), b""),
    "gzip of nothing": (says(coded(b"", b"gzip")), b""),
    "cookie flood": (says(page(PAGE, *[b"Set-Cookie: a%d=b" % i for i in range(150)])), PAGE),
    "charset that is none": (says(page().replace(b"text/html", b"text/html; charset=\xff")), PAGE),
    "zero bytes": (says(page(b"<html>\0\0\xff\xfe</html>")), b"<html>\0\0\xff\xfe</html>"),
    "open tags": (says(page(b"<meta http-equiv=refresh " * 10_000)), b"<meta http-equiv=refresh " * 10_000),
    "slow but steady": (says(*[bytes([b]) for b in page()[:60]], page()[60:], pause_s=0.001), PAGE),
    # Nothing comes, or not enough
    "silence": (keeps_silent, (FetchTimeout,)),
    "closes at once": (says(), (ConnectFailed,)),
    "resets at once": (resets(), (ConnectFailed,)),
    "resets in the headers": (resets(HEAD), (ConnectFailed,)),
    "closes in the headers": (says(HEAD), (ConnectFailed,)),
    "resets in the body": (resets(page(LONG_PAGE)[:5_000]), (BodyTruncated,)),
    "closes in the body": (says(page(LONG_PAGE)[:5_000]), (BodyTruncated,)),
    "closes between chunks": (says(CHUNKED + b"5\r\n<html\r\n"), (BodyTruncated,)),
    "closes in a chunk": (says(CHUNKED + b"50\r\n<html"), (BodyTruncated,)),
    "closes after the last chunk's size": (says(CHUNKED + b"1\r\n<\r\n0"), (BodyTruncated,)),
    "a part of the page": (says(page(status=b"206 Partial")), (BodyTruncated,)),
    "gzip cut": (says(coded(GZIPPED[:-10], b"gzip")), (BodyTruncated,)),
    "deflate cut": (says(coded(zlib.compress(PAGE)[:-6], b"deflate")), (BodyTruncated,)),
    "br cut": (says(coded(brotli.compress(LONG_PAGE)[:-4], b"br")), (BodyTruncated,)),
    "zstd cut": (says(coded(zstandard.compress(LONG_PAGE)[:-4], b"zstd")), (BodyTruncated,)),
    # Too slow
    "dripping status": (repeats(b"", b"H", 0.05), (FetchTimeout, DecodeFailed)),
    "dripping headers": (repeats(HEAD, b"A: b\r\n", 0.02), (FetchTimeout, BodyTooLarge)),
    "dripping body": (repeats(page(LONG_PAGE)[:100], b"x", 0.05), (FetchTimeout,)),
    "dripping chunks": (repeats(CHUNKED, b"1\r\nx\r\n", 0.05), (FetchTimeout,)),
    "body that stops": (says(page(LONG_PAGE)[:500], b"", pause_s=5), (FetchTimeout,)),
    # Without end
    "endless body": (repeats(HEAD + b"\r\n", b"x" * 65_536), (BodyTooLarge,)),
    "endless chunks": (repeats(CHUNKED, b"ffff\r\n" + b"x" * 65_535 + b"\r\n"), (BodyTooLarge,)),
    "endless tiny chunks": (repeats(CHUNKED, b"1\r\nx\r\n" * 9_000), (BodyTooLarge, FetchTimeout)),
    "endless chunk extension": (repeats(CHUNKED + b"1;", b"x" * 65_536), (BodyTruncated, BodyTooLarge, FetchTimeout, DecodeFailed)),
    "endless trailers": (repeats(CHUNKED + b"0\r\n", b"A: b\r\n" * 1_000), (BodyTruncated, BodyTooLarge, FetchTimeout, DecodeFailed)),
    "endless headers": (repeats(HEAD, b"A: b\r\n" * 1_000), (BodyTooLarge,)),
    "one endless header": (repeats(HEAD + b"A: ", b"b" * 65_536), (BodyTooLarge,)),
    "endless status": (repeats(b"HTTP/1.1 200 ", b"O" * 65_536), (BodyTooLarge,)),
    "endless continue": (repeats(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), (FetchTimeout,)),
    # Too large
    "a length too large": (says(HEAD + b"Content-Length: 99999999\r\n\r\nx"), (BodyTooLarge,)),
    "an absurd length": (says(HEAD + b"Content-Length: 9" + b"9" * 30 + b"\r\n\r\nx"), (DecodeFailed,)),
    "a body too large": (says(page(b"x" * 500_000)), (BodyTooLarge,)),
    "headers too many": (says(page(PAGE, *[b"A%d: b" % i for i in range(400)])), (BodyTooLarge,)),
    "headers too large": (says(page(PAGE, *[b"A: " + b"b" * 30_000] * 4)), (BodyTooLarge,)),
    "a header too large": (says(page(PAGE, b"A: " + b"b" * 60_000)), (BodyTooLarge,)),
    "gzip bomb": (says(coded(gzip.compress(ZEROS), b"gzip")), (BodyTooLarge,)),
    "deflate bomb": (says(coded(zlib.compress(ZEROS), b"deflate")), (BodyTooLarge,)),
    "raw deflate bomb": (says(coded(zlib.compress(ZEROS, wbits=-15), b"deflate")), (BodyTooLarge,)),
    "br bomb": (says(coded(brotli.compress(ZEROS), b"br")), (BodyTooLarge,)),
    "zstd bomb": (says(coded(zstandard.compress(ZEROS), b"zstd")), (BodyTooLarge,)),
    "gzip bomb in gzip": (says(coded(gzip.compress(gzip.compress(ZEROS)), b"gzip, gzip")), (BodyTooLarge,)),
    "br bomb in zstd": (says(coded(zstandard.compress(brotli.compress(ZEROS)), b"br, zstd")), (BodyTooLarge,)),
    "zstd bomb in br": (says(coded(brotli.compress(zstandard.compress(ZEROS)), b"zstd, br")), (BodyTooLarge,)),
    "gzip of many members": (says(coded(gzip.compress(b"x") * 5_000, b"gzip")), (DecodeFailed,)),
    "zstd of many frames": (says(coded(zstandard.compress(b"x") * 5_000, b"zstd")), (DecodeFailed,)),
    # Not what it says
    "three encodings": (says(coded(PAGE, b"gzip, gzip, gzip")), (DecodeFailed,)),
    "encoding header flood": (says(page(PAGE, *[b"Content-Encoding: gzip"] * 100)), (DecodeFailed,)),
    "an unknown encoding": (says(coded(PAGE, b"compress")), (DecodeFailed,)),
    "br that is none": (says(coded(PAGE, b"br")), (DecodeFailed, BodyTruncated)),
    "zstd that is none": (says(coded(PAGE, b"zstd")), (DecodeFailed,)),
    "gzip broken inside": (says(coded(GZIPPED[:20] + b"\xff" * 40 + GZIPPED[60:], b"gzip")), (DecodeFailed, BodyTruncated)),
    "zstd window of 2 GB": (says(coded(b"\x28\xb5\x2f\xfd\x00\xa8" + b"\x01\x00\x00", b"zstd")), (DecodeFailed,)),
    "http 0.9": (says(PAGE), (DecodeFailed,)),
    "garbage": (says(bytes(range(256)) * 8), (DecodeFailed,)),
    "an ssh banner": (says(b"SSH-2.0-OpenSSH_9.6\r\n"), (DecodeFailed,)),
    "a redis error": (says(b"-ERR unknown command 'GET'\r\n"), (DecodeFailed,)),
    "http 2": (says(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00" * 18), (DecodeFailed,)),
    "a status that is none": (says(page(status=b"abc OK")), (DecodeFailed,)),
    "status 99": (says(page(status=b"99 x")), (DecodeFailed, OriginFailed, ConnectFailed)),
    "status 999": (says(page(status=b"999 x")), (OriginFailed,)),
    "NUL in a header": (says(page(PAGE, b"A: b\0c")), (DecodeFailed,)),
    "a header without colon": (says(page(PAGE, b"AAAA")), (DecodeFailed,)),
    "space before a colon": (says(page(PAGE, b"A : b")), (DecodeFailed,)),
    "a negative length": (says(HEAD + b"Content-Length: -5\r\n\r\n" + PAGE), (DecodeFailed,)),
    "two lengths": (says(page(PAGE, b"Content-Length: 3")), (DecodeFailed,)),
    "length and chunks": (says(page(PAGE, b"Transfer-Encoding: chunked")), (DecodeFailed, BodyTruncated, BodyTooLarge)),
    "a chunk size that is none": (says(CHUNKED + b"xyz\r\n<html\r\n"), (BodyTruncated, DecodeFailed)),
    "a chunk size too large": (says(CHUNKED + b"ffffffffffffffffff\r\n<html"), (BodyTruncated, DecodeFailed, BodyTooLarge)),
    "a negative chunk size": (says(CHUNKED + b"-1\r\n<html\r\n"), (BodyTruncated, DecodeFailed)),
    "an unknown transfer encoding": (says(HEAD + b"Transfer-Encoding: x\r\n\r\n" + PAGE), PAGE),
    "switching protocols": (says(b"HTTP/1.1 101 x\r\nUpgrade: h2c\r\n\r\n"), (DecodeFailed,)),
    # Elsewhere
    "redirect to itself": (says(page(b"", b"Location: /", status=b"302 x")), (TooManyRedirects,)),
    "redirect without a target": (says(page(b"", status=b"302 x")), (TooManyRedirects,)),
    "redirect to a scheme that is none": (says(page(b"", b"Location: gopher://x/", status=b"302 x")), (UrlForbidden,)),
    "redirect with a broken target": (says(page(b"", b"Location: http://[::", status=b"302 x")), (UrlForbidden,)),
    "redirect with bytes": (says(page(b"", b"Location: http://\xff\xfe/", status=b"302 x")), (UrlForbidden,)),
    "redirect with a long target": (says(page(b"", b"Location: /" + b"a" * 20_000, status=b"302 x")), (UrlForbidden,)),
    "redirect with an endless body": (repeats(b"HTTP/1.1 302 x\r\nLocation: ftp://x/\r\n\r\n", b"x" * 65_536), (UrlForbidden,)),
    "error with an endless body": (repeats(b"HTTP/1.1 404 x\r\n\r\n", b"x" * 65_536), (OriginRefused,)),
    "error with a broken date": (says(page(PAGE, b"Retry-After: Mon, 99 Foo -1", status=b"503 x")), (OriginFailed,)),
    "a refresh to itself": (says(page(b"<meta http-equiv=refresh content='0;url=/'>")), b"<meta http-equiv=refresh content='0;url=/'>"),
}  # fmt: skip


class Origin:
    """One behaviour on loopback, and whether its connections were closed."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._tasks: set[asyncio.Task[Any]] = set()

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            await self._behaviour(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the fetcher hung up, as it should
        finally:
            self._tasks.discard(task)
            writer.close()


@pytest.fixture(scope="module")
async def fetcher() -> AsyncIterator[Fetcher]:
    """A fetcher with short limits that may reach loopback."""
    settings = Settings(fetch_allow=("127.0.0.1",), robots=False)
    async with Fetcher(settings, None, limits=LIMITS) as fetcher:
        yield fetcher


@pytest.mark.parametrize("name", ENDS)
async def test_it_ends_in_time_with_its_reason(fetcher: Fetcher, name: str) -> None:
    """A page comes, or the error that names what the origin did, within the limits."""
    behaviour, expected = ENDS[name]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    ended, took_s = await ending(fetcher, behaviour, expected)

    if isinstance(expected, bytes):
        assert isinstance(ended, Fetched), ended
        assert ended.content == expected
    else:
        assert isinstance(ended, expected), ended
        assert ended.stage and ended.detail
    assert took_s < LATE_S
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1_024
    assert grown < MEMORY_BYTES_MAX


async def ending(
    fetcher: Fetcher, behaviour: Behaviour, expected: bytes | tuple[type[FetchError], ...]
) -> tuple[Fetched | FetchError, float]:
    """How the fetch ends, and after how many seconds; once more where it was late unexpectedly,
    since a busy machine delays some of several tries."""
    for _ in range(TRIES):
        async with Origin(behaviour) as url:
            started = time.monotonic()
            ended = await outcome(fetcher, url)
            took_s = time.monotonic() - started
        is_late = isinstance(ended, FetchTimeout) and (
            isinstance(expected, bytes) or FetchTimeout not in expected
        )
        if took_s < LATE_S and not is_late:
            break
    return ended, took_s


async def outcome(fetcher: Fetcher, url: str) -> Fetched | FetchError:
    try:
        return await fetcher.fetch(Request(url=url))
    except FetchError as error:
        return error


async def test_hanging_origins_hold_up_nobody(fetcher: Fetcher) -> None:
    """While fifty origins keep silent, a page of another one comes at once."""
    async with Origin(keeps_silent) as silent, Origin(says(page())) as well:
        port = int(silent.rsplit(":", 1)[1].strip("/"))
        hanging = [
            asyncio.create_task(outcome(fetcher, f"http://127.0.0.1:{port}/{i}")) for i in range(50)
        ]

        async def comes() -> None:
            assert isinstance(await outcome(fetcher, well), Fetched)

        duration_s = await least_s(comes, 1.0)
        await asyncio.gather(*hanging)

    assert duration_s < 1.0


async def test_connections_are_closed_when_a_fetch_is_given_up(fetcher: Fetcher) -> None:
    """The origin sees the end of the connection at once, not when it has sent everything."""
    closed = asyncio.Event()

    async def endless(writer: Writer) -> None:
        try:
            await repeats(HEAD + b"\r\n", b"x" * 65_536)(writer)
        finally:
            closed.set()

    async with Origin(endless) as url:
        await outcome(fetcher, url)
        async with asyncio.timeout(60):
            await closed.wait()


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_bombs_stay_small_at_the_real_limits(coding: str) -> None:
    """A body that would inflate to 500 MB costs less than 100 MB and less than a second."""
    bomb = {
        "gzip": lambda: gzip.compress(gzip.compress(ZEROS * 5) * 5),
        "br": lambda: brotli.compress(ZEROS * 5, quality=1),
        "zstd": lambda: zstandard.compress(ZEROS * 5),
    }[coding]()
    codings = b"gzip, gzip" if coding == "gzip" else coding.encode()
    settings = Settings(fetch_allow=("127.0.0.1",), robots=False)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async with Fetcher(settings, None) as fetcher, Origin(says(coded(bomb, codings))) as url:
        started = time.process_time()
        ended = await outcome(fetcher, url)
        cpu_s = time.process_time() - started

    assert isinstance(ended, BodyTooLarge), ended
    assert cpu_s < 1.0
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1_024
    assert grown < MEMORY_BYTES_MAX
