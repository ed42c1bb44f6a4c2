"""How a body is read: no further than it goes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from service.api.asgi import Message
from service.api.body import LimitedBody
from service.errors import InvalidRequest
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
    body, left = limited({b"content-length": b"9"}, *pieces(b"1234", b"56789"), END)

    assert await body.read() == b"123456789"
    assert body.is_read
    assert left == [END]


@pytest.mark.parametrize(
    "headers",
    [{}, {b"transfer-encoding": b"chunked"}, {b"transfer-encoding": b"chunked",
     b"content-length": b"4"}, {b"content-length": b"4, 9"}],
)  # fmt: skip
async def test_any_other_body_ends_where_the_server_says(headers: dict[bytes, bytes]) -> None:
    """Though it may seem to be whole before."""
    body, left = limited(headers, *pieces(b"1234", b"56789"), END)

    assert await body.read() == b"123456789"
    assert left == []


async def test_a_body_that_is_left_is_not_whole() -> None:
    """However much of what was announced came."""
    gone: Message = {"type": "http.disconnect"}
    body, _ = limited({b"content-length": b"9"}, *pieces(b"12345678"), gone)

    with pytest.raises(InvalidRequest, match="closed before the body was whole"):
        await body.read()
    assert not body.is_read


async def test_one_piece_is_one_message() -> None:
    """Each further one would be a way through all threads of the server."""
    asked = 0

    async def receive() -> Message:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x" * 24_000, "more_body": True}

    body = LimitedBody(receive, {b"content-length": b"24000"}, Settings())

    assert len(await body.read()) == 24_000
    assert asked == 1
