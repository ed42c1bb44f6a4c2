"""One request and its answer over a checked connection, with a limit on every step."""

from __future__ import annotations

import asyncio
import ssl
from typing import Self

import aiohttp
from msgspec import Struct
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from service.errors import BodyTooLarge
from service.fetch.connector import CheckedConnector, dialling
from service.fetch.failures import of_exception, of_status
from service.fetch.guard import Target
from service.fetch.inflate import encodings, inflate
from service.fetch.limits import Limits
from service.fetch.media import Purpose, check_declared, declared

HEADERS_MAX = 256
FIELD_BYTES_MAX = 32_768
INLINE_BYTES_MAX = 8_192
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Progress(Struct):
    """How far a fetch has come: what an error reports besides its code."""

    stage: str = "url"
    wire_bytes: int = 0


class Answer(Struct, frozen=True):
    """What one request brought. ``location`` is set for a redirect, whose body is not read."""

    status: int
    headers: CIMultiDict[str]
    content: bytes = b""
    location: str | None = None


class Exchange:
    """The session of this process: no proxies, no cookies, no redirects, no own inflating."""

    def __init__(self, limits: Limits, ssl_context: ssl.SSLContext | None = None) -> None:
        self._limits = limits
        self._ssl_context = ssl_context or ssl.create_default_context()

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=CheckedConnector(self._ssl_context),
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=FIELD_BYTES_MAX,
            max_field_size=FIELD_BYTES_MAX,
            max_headers=HEADERS_MAX,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(
        self, target: Target, headers: CIMultiDict[str], purpose: Purpose, progress: Progress
    ) -> Answer:
        """The answer, its body inflated; raises a ``FetchError``, also for 4xx and 5xx."""
        response = await self._open("GET", target, headers, progress)
        try:
            return await self._read(response, purpose, progress)
        except (aiohttp.ClientError, OSError, EOFError) as error:
            raise of_exception(error, progress.stage) from error
        finally:
            response.release()  # closes the connection unless the body was read to its end

    async def post(
        self, target: Target, headers: CIMultiDict[str], body: bytes, progress: Progress
    ) -> Answer:
        """The answer whatever its status, its body cut at ``reply_bytes_max`` and not inflated."""
        response = await self._open("POST", target, headers, progress, body)
        try:
            progress.stage = "body"
            head = await _read_head(response, self._limits.reply_bytes_max)
            return Answer(status=response.status, headers=_text(response.headers), content=head)
        except (aiohttp.ClientError, OSError, EOFError) as error:
            raise of_exception(error, progress.stage) from error
        finally:
            response.release()

    async def _open(
        self,
        method: str,
        target: Target,
        headers: CIMultiDict[str],
        progress: Progress,
        body: bytes | None = None,
    ) -> aiohttp.ClientResponse:
        limits, progress.stage = self._limits, "connect"
        try:
            with dialling(target):
                async with asyncio.timeout(limits.connect_s + limits.headers_s):
                    response = await self._session.request(
                        method,
                        URL(target.url.href, encoded=True),
                        headers=headers,
                        data=body,
                        allow_redirects=False,
                    )
        except TimeoutError as error:
            raise of_exception(error, "headers") from error
        except (aiohttp.ClientError, OSError, EOFError, ValueError) as error:
            raise of_exception(error, "headers") from error
        progress.stage = "headers"
        if sum(len(k) + len(v) for k, v in response.raw_headers) > limits.header_bytes_max:
            response.close()
            raise BodyTooLarge("the answer's headers are too large", stage="headers")
        return response

    async def _read(
        self, response: aiohttp.ClientResponse, purpose: Purpose, progress: Progress
    ) -> Answer:
        status, headers = response.status, _text(response.headers)
        location = headers.get("Location")
        if status in REDIRECTS and location is not None:
            return Answer(status=status, headers=headers, location=location.strip(" \t"))
        if (failure := of_status(status, headers)) is not None:
            raise failure
        if status in {204, 205, 304}:
            return Answer(status=status, headers=headers)
        check_declared(declared(headers.get("Content-Type", ""))[0], purpose)
        applied = encodings(",".join(headers.getall("Content-Encoding", [])))
        progress.stage = "body"
        wire = await self._read_wire(response, purpose, progress)
        progress.stage = "decode"
        return Answer(status=status, headers=headers, content=await self._inflate(wire, applied))

    async def _read_wire(
        self, response: aiohttp.ClientResponse, purpose: Purpose, progress: Progress
    ) -> bytes:
        if purpose == "robots":
            return await _read_head(response, self._limits.robots_bytes_max)
        bytes_max = self._limits.wire_bytes_max
        if (response.content_length or 0) > bytes_max:
            raise BodyTooLarge(f"the body is larger than {bytes_max} bytes", stage="headers")
        wire = bytearray()
        async for piece in response.content.iter_any():
            wire += piece
            progress.wire_bytes += len(piece)
            if len(wire) > bytes_max:
                raise BodyTooLarge(f"the body is larger than {bytes_max} bytes", stage="body")
        return bytes(wire)

    async def _inflate(self, wire: bytes, applied: list[str]) -> bytes:
        """Larger bodies in a thread: their codecs let go of the lock, the loop goes on."""
        bytes_max = self._limits.inflated_bytes_max
        if not applied or len(wire) <= INLINE_BYTES_MAX:
            return inflate(wire, applied, bytes_max)
        return await asyncio.to_thread(inflate, wire, applied, bytes_max)


async def _read_head(response: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    head = bytearray()
    async for piece in response.content.iter_any():
        head += piece
        if len(head) > bytes_max:
            break
    return bytes(head[:bytes_max])


def _text(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    """The headers with values of text: UTF-8 if they are, else Latin-1, as browsers read them.

    aiohttp hides bytes that are not UTF-8 in surrogates, which neither JSON nor Postgres takes.
    """
    return CIMultiDict((name, _value(value)) for name, value in headers.items())


def _value(value: str) -> str:
    if value.isascii():
        return value
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
