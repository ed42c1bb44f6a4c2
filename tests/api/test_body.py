"""How a body is read: all of it, and no further than it goes."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence

import pytest

from service.api import body
from service.api.asgi import Message
from service.api.body import LimitedBody, inflate
from service.api.compression import compress
from service.errors import InvalidRequest, RequestTooLarge
from service.settings import Settings


def limited(headers: dict[bytes, bytes], *messages: Message) -> tuple[LimitedBody, list[Message]]:
    """A body that comes as ``messages``, and what is left of them."""
    left = list(messages)

    async def receive() -> Message:
        return left.pop(0)

    return LimitedBody(receive, headers, Settings()), left


def pieces(*parts: bytes) -> Sequence[Message]:
    """Messages with more to come."""
    return [{"type": "http.request", "body": part, "more_body": True} for part in parts]


END: Message = {"type": "http.request", "body": b"", "more_body": False}


async def test_an_announced_body_ends_with_its_last_byte() -> None:
    """The message that says so is not waited for."""
    read, left = limited({b"content-length": b"9"}, *pieces(b"1234", b"56789"), END)

    assert await read.read() == b"123456789"
    assert read.is_read
    assert left == [END]


@pytest.mark.parametrize(
    "headers",
    [{}, {b"transfer-encoding": b"chunked"}, {b"transfer-encoding": b"chunked",
     b"content-length": b"4"}, {b"content-length": b"4, 9"}],
)  # fmt: skip
async def test_any_other_body_ends_where_the_server_says(headers: dict[bytes, bytes]) -> None:
    """Though it may seem to be whole before."""
    read, left = limited(headers, *pieces(b"1234", b"56789"), END)

    assert await read.read() == b"123456789"
    assert left == []


async def test_a_body_that_is_left_is_not_whole() -> None:
    """However much of what was announced came."""
    gone: Message = {"type": "http.disconnect"}
    read, _ = limited({b"content-length": b"9"}, *pieces(b"12345678"), gone)

    with pytest.raises(InvalidRequest, match="closed before the body was whole"):
        await read.read()
    assert not read.is_read


async def test_one_piece_is_one_message() -> None:
    """Each further one would be a way through all threads of the server."""
    asked = 0

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x" * 24_000, "more_body": True}

    read = LimitedBody(receive, {b"content-length": b"24000"}, Settings())

    assert len(await read.read()) == 24_000
    assert asked == 1


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
@pytest.mark.parametrize("size", [1, 262_144, 491_456, 1_000_000, 9_000_000])
@pytest.mark.parametrize("is_dense", [False, True])
async def test_a_coded_body_is_whole_at_any_size(coding: str, size: int, is_dense: bool) -> None:
    """However well it packs: what decoders give in parts is asked of them to its end."""
    sent = (os.urandom(size) if is_dense else b"<p>The same words again.</p>\n" * size)[:size]
    wire = await compress(coding, sent)

    assert inflate(coding, wire, size) == sent
    with pytest.raises(RequestTooLarge):
        inflate(coding, wire, size - 1)
    with pytest.raises(InvalidRequest):
        inflate(coding, wire[:-1], size)
    with pytest.raises(InvalidRequest):
        inflate(coding, wire + b"more", size)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
async def test_what_inflates_to_much_is_inflated_in_a_thread(
    coding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However small it comes; what runs in the loop ends at its bound."""
    sent, seen = b"<p>The same words again.</p>" * 200_000, []
    wire = await compress(coding, sent)
    decode = body._INFLATE[coding]

    def noted(wire: bytes, bytes_max: int) -> tuple[bytes, bool]:
        seen.append((threading.current_thread() is threading.main_thread(), bytes_max))
        return decode(wire, bytes_max)

    monkeypatch.setitem(body._INFLATE, coding, noted)
    read, _ = limited({b"content-encoding": coding.encode()}, *pieces(wire), END)

    assert await read.read() == sent
    assert seen == [
        (True, body.LOOP_INFLATED_BYTES_MAX + 1),
        (False, Settings().body_inflated_bytes_max + 1),
    ]
