"""A receiver that fails on demand: whatever it does, the event arrives, the same each time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg
import msgspec
import pytest
from standardwebhooks import Webhook

from service.db import delivery_log, endpoints
from service.notify import deliver
from service.runtime import Runtime
from tests.notify.test_deliver import (
    RIPEN,
    SECRET,
    an_endpoint,
    breaker_open,
    log_of,
    settled,
    settled_attempts,
    tell,
)
from tests.web import Raw, Reply, Request, Web
from tests.working import a_client, eventually, working

FAILED_FOR = "update endpoint set failing_since = now() - make_interval(days => $2) where id = $1"


SHORT_S = 0.4
"""How long a receiver may take, where it is known to take too long."""


async def hang(_: Request, __: asyncio.StreamWriter) -> None:
    """Never a byte."""
    await asyncio.Event().wait()


async def drip_head(_: Request, writer: asyncio.StreamWriter) -> None:
    """The head comes byte by byte and never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    await drip(writer)


async def drip_body(_: Request, writer: asyncio.StreamWriter) -> None:
    """A success whose body never ends."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    await drip(writer)


async def drip(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.05)


async def hang_up(_: Request, __: asyncio.StreamWriter) -> None:
    """The connection is closed without an answer."""


async def babble(_: Request, writer: asyncio.StreamWriter) -> None:
    """What comes is not HTTP."""
    writer.write(b"\x00\xff nonsense\r\n\r\n")
    await writer.drain()


BAD: dict[str, Reply | Raw] = {
    "hang": hang, "drip_head": drip_head, "drip_body": drip_body, "hang_up": hang_up,
    "babble": babble, "error": Reply(500, b"\xff\x00\xfe"), "client_error": Reply(404),
    "redirect": Reply(307, headers={"Location": "/elsewhere"}),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
async def test_it_arrives_in_the_end(
    runtime: Runtime, receiver: Web, monkeypatch: pytest.MonkeyPatch, name: str
):
    """A failed try is logged with its reason; the next one has the same id and bytes."""
    client_id = await a_client(runtime)
    elsewhere = receiver.reply("/elsewhere", Reply(200))
    url = receiver.reply("/bad", BAD[name], Reply(200))
    endpoint = await an_endpoint(runtime, client_id, url)
    await tell(runtime, client_id)

    with monkeypatch.context() as hurry:
        hurry.setattr(deliver, "TIMEOUT_S", SHORT_S)
        async with working(runtime):
            await settled_attempts(runtime, endpoint, 1)
    async with working(runtime):
        await runtime.db.run(RIPEN)
        await settled(runtime, endpoint, "succeeded")

    [delivery] = await log_of(runtime, endpoint)
    first, second = await delivery_log.attempts(runtime.db, delivery.id)
    came = [one for one in receiver.requests if one.path == "/bad"]
    assert elsewhere and not [one for one in receiver.requests if one.path == "/elsewhere"]
    assert (first.error_code is None, second.error_code) == (False, None)
    assert first.duration_ms < 1_000 * (SHORT_S + 2)
    assert len({(one.headers["webhook-id"], one.body) for one in came}) == 1
    assert [Webhook(SECRET).verify(one.body, one.headers)["type"] for one in came] == [
        "batch.completed"
    ] * 2


async def test_a_huge_reply_is_not_read(runtime: Runtime, receiver: Web):
    """Of an endless reply to a success only the head is read, and it is a success."""
    client_id = await a_client(runtime)
    written = 0

    async def flood(_: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()
            written += 65_536

    endpoint = await an_endpoint(runtime, client_id, receiver.reply("/flood", flood))
    await tell(runtime, client_id)

    async with working(runtime):
        await settled(runtime, endpoint, "succeeded")

    [delivery] = await log_of(runtime, endpoint)
    [attempt] = await delivery_log.attempts(runtime.db, delivery.id)
    assert written < 20_000_000  # what the sockets' buffers hold
    assert attempt.response == "x" * 1_000


async def test_five_days_of_failure_disable(
    runtime: Runtime, receiver: Web, database: asyncpg.Connection
):
    """Four days are borne, five disable; the event and the API say so, and enabling starts anew."""
    client_id = await a_client(runtime)
    dead = await an_endpoint(runtime, client_id, receiver.reply("/dead", Reply(500)))
    heard = await an_endpoint(
        runtime, client_id, receiver.reply("/heard", Reply(200)), "endpoint.disabled"
    )
    await tell(runtime, client_id)

    async with working(runtime):
        await settled_attempts(runtime, dead, 1)
        await database.execute(FAILED_FOR, dead.id, 4)
        await runtime.db.run(RIPEN)
        await settled_attempts(runtime, dead, 2)
        borne = await endpoints.find(runtime.db, client_id, dead.id)
        await database.execute(FAILED_FOR, dead.id, 5)
        await runtime.db.run(RIPEN)
        await settled(runtime, heard, "succeeded")
        ended = await endpoints.find(runtime.db, client_id, dead.id)
        receiver.reply("/dead", Reply(500), Reply(200))
        await endpoints.enable(runtime.db, client_id, dead.id)
        await runtime.db.run(RIPEN)
        await settled_attempts(runtime, dead, 4)
        await runtime.db.run(RIPEN)
        await settled(runtime, dead, "succeeded")

    [told] = [one for one in receiver.requests if one.path == "/heard"]
    assert borne
    assert ended
    assert (borne.state, ended.state) == ("enabled", "disabled")
    assert ended.disabled_reason == "every delivery failed for 5 days"
    assert msgspec.json.decode(told.body)["data"] == {
        "endpoint_id": str(dead.id), "url": dead.url, "reason": ended.disabled_reason,
    }  # fmt: skip


@pytest.mark.parametrize("failures", [0, 7])
@pytest.mark.parametrize("other", [Reply(500), Reply(200)])
async def test_a_wish_to_be_left_alone_outlives_what_was_under_way(
    runtime: Runtime, receiver: Web, database: asyncpg.Connection, other: Reply, failures: int
):
    """After a 429 with Retry-After nothing is sent, also if another try ends after it."""
    client_id = await a_client(runtime)
    release = asyncio.Event()

    async def late(_: Request, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.write(other.encode(False))
        await writer.drain()

    url = receiver.reply("/busy", late, Reply(429, headers={"Retry-After": "600"}))
    endpoint = await an_endpoint(runtime, client_id, url)
    await database.execute("update endpoint set failures = $2 where id = $1", endpoint.id, failures)
    await tell(runtime, client_id, 1)
    await tell(runtime, client_id, 2)

    async with working(runtime):
        await eventually(lambda: breaker_open(runtime, endpoint), "the wish is noted")
        release.set()
        await eventually(lambda: both_tried(runtime, endpoint.client_id, endpoint.id), "two tries")

    found = await endpoints.find(runtime.db, client_id, endpoint.id)
    assert found
    assert found.open_until
    assert (found.open_until - datetime.now(UTC)).total_seconds() > 500


async def both_tried(runtime: Runtime, client_id: object, endpoint_id: object) -> bool:
    found = await delivery_log.list_deliveries(
        runtime.db, client_id, endpoint_id, before=None, state=None, limit=10
    )
    return all(one.state != "running" and one.attempt == 1 for one in found)


async def test_a_retry_waits_as_long_as_it_was_asked(runtime: Runtime, receiver: Web):
    """Retry-After, in seconds or as a date, puts off the next try of that delivery too."""
    client_id = await a_client(runtime)
    url = receiver.reply("/later", Reply(429, headers={"Retry-After": "3600"}))
    endpoint = await an_endpoint(runtime, client_id, url)
    await tell(runtime, client_id)

    async with working(runtime):
        await settled_attempts(runtime, endpoint, 1)

    [delivery] = await log_of(runtime, endpoint)
    assert delivery.due_at
    assert 3_500 < (delivery.due_at - datetime.now(UTC)).total_seconds() < 3_700
