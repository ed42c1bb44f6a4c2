"""Kills in the middle of deliveries and feed polls: no event lost, no item twice."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest
from standardwebhooks import Webhook

from service.db import feeds
from service.notify.record import record
from service.queue import open_redis
from service.runtime import Runtime
from tests.crash.stack import Stack, standing
from tests.notify.test_deliver import SECRET, an_endpoint
from tests.web import Raw, Reply, Request, Web
from tests.working import a_client, eventually, page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

EVENTS = 48
FEEDS, ITEMS = 4, 8
UNSENT = "select count(*) from delivery where state <> 'succeeded'"
UNPOLLED = """
    select count(*) from feed
    where polled_at is null or failures > 0 or due_at <= now() or lease_until is not null
"""
DUE = "update feed set due_at = now()"
AGAIN = "update feed set due_at = now() where failures > 0 and lease_until is null"
RIPEN = "update delivery set due_at = now() where state = 'queued' and not is_ready"
CLOSE_BREAKERS = "update endpoint set open_until = null"
COUNTS = (
    "select requested_url, count(*) as count from ingestion where feed_id is not null group by 1"
)


@pytest.fixture
async def standing_stack(folder: Path) -> AsyncIterator[tuple[Stack, Runtime]]:
    async with standing(folder / "push") as both:
        yield both


async def kill_and_flush(stack: Stack) -> None:
    """The worker is killed and Valkey too; Valkey comes back empty, and so does a worker."""
    await stack.kill(stack.workers[0])
    await asyncio.to_thread(stack.valkey.stop)
    await stack.worker()
    await asyncio.to_thread(stack.valkey.start)
    async with open_redis(stack.valkey.redis_url) as redis:
        await redis.flushall()


def feed_of(origin: Web, number: int) -> bytes:
    """RSS whose items are pages of ``origin``."""
    items = "".join(
        f"<item><guid>{number}-{n}</guid><title>Item {n}</title>"
        f"<link>{origin.page(f'/{number}/{n}', page(f'Item {number} {n}', note=f'{number}/{n}'))}"
        f"</link></item>"
        for n in range(ITEMS)
    )
    return f"<rss version='2.0'><channel><title>{number}</title>{items}</channel></rss>".encode()


def half_held(body: bytes, held: asyncio.Event) -> Raw:
    """An answer that stops in the middle until ``held``."""

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n")
        writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body[:50])
        await writer.drain()
        await held.wait()
        writer.write(body[50:])
        await writer.drain()

    return answer


async def is_zero(database: asyncpg.Connection, sql: str, *nudges: str) -> bool:
    """Whether ``sql`` counts none; else the waits of retries and breakers are cut short."""
    if await database.fetchval(sql) == 0:
        return True
    for nudge in nudges:
        await database.execute(nudge)
    return False


async def test_killed_in_the_middle_of_pushes(
    standing_stack: tuple[Stack, Runtime], origin: Web, receiver: Web
):
    """Every event arrives, with one id and the same bytes; every feed item is taken up once."""
    stack, runtime = standing_stack
    client_id = await a_client(runtime)
    held = asyncio.Event()

    async def swallow(_: Request, __: asyncio.StreamWriter) -> None:
        await held.wait()

    url = receiver.reply("/hook", Reply(200), swallow, Reply(500), Reply(200), swallow, Reply(200))
    await an_endpoint(runtime, client_id, url, "batch.completed")
    ids = await told(runtime, client_id)
    for number in range(FEEDS):
        body = feed_of(origin, number)
        whole = Reply(200, body, {"Content-Type": "application/rss+xml"})
        at = origin.reply(f"/feed{number}", half_held(body, held), whole)
        assert await feeds.create(
            runtime.db, client_id, url=at, identity_key=at, title=None, options=None
        )
    database = await asyncpg.connect(stack.postgres.database_url)

    await stack.worker()
    await receiver.received(2, "/hook")  # the second is under way
    await origin.received(1, "/feed0")  # and so is a poll
    await kill_and_flush(stack)
    await receiver.received(5, "/hook")
    await kill_and_flush(stack)
    held.set()  # nothing hangs from here on
    await eventually(lambda: is_zero(database, UNPOLLED, AGAIN), "the polls")
    await database.execute(DUE)  # again, and killed again while what came is being worked on
    await stack.kill(stack.workers[0])
    await stack.worker()
    await eventually(lambda: is_zero(database, UNSENT, RIPEN, CLOSE_BREAKERS), "the deliveries")
    await eventually(lambda: is_zero(database, UNPOLLED, AGAIN), "the polls")
    counts = {row["requested_url"]: row["count"] for row in await database.fetch(COUNTS)}
    await database.close()

    came: dict[str, set[bytes]] = defaultdict(set)
    for one in receiver.requests:
        Webhook(SECRET).verify(one.body, one.headers)
        came[one.headers["webhook-id"]].add(one.body)
    numbers = [msgspec.json.decode(body)["data"]["number"] for (body,) in came.values()]
    assert sorted(numbers) == list(range(EVENTS))
    assert len(came) == len(ids) == EVENTS
    assert counts == {
        f"{origin.url}/{number}/{n}": 1 for number in range(FEEDS) for n in range(ITEMS)
    }


async def told(runtime: Runtime, client_id: UUID) -> list[UUID]:
    """Deliveries of as many events, each of its own transaction."""
    ids: list[UUID] = []
    for number in range(EVENTS):
        async with runtime.db.transaction() as transaction:
            ids += await record(
                transaction, "batch.completed", {"number": number}, client_id=client_id
            )
    return ids
