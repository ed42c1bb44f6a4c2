"""Hints in Redis Streams: sent at once, read once, and never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from service.embedded import Servers
from service.queue import Bell, Hint, Job, Link, Streams, open_redis
from service.queue.bell import UNHEARD_S
from service.queue.link import PAUSE_S
from service.queue.streams import PRIORITIES, stream


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """An empty Redis."""
    async with open_redis(redis_url, is_text=True) as client:
        await client.flushdb()
        yield client


@pytest.fixture
def streams(redis: Redis) -> Streams:
    return Streams(redis, Link())


@pytest.fixture
async def gone(tmp_path: Path) -> AsyncIterator[Redis]:
    """A client whose server is not there."""
    async with open_redis(f"unix://{tmp_path}/nobody.sock", is_text=True) as client:
        yield client


def jobs(count: int, priority: int = 1) -> list[Job]:
    return [Job("ingestion", uuid4(), priority) for _ in range(count)]


async def sent(streams: Streams, *some: Job) -> None:
    """The jobs are in their streams."""
    streams.send(some)
    await streams.flush()


def ids(hints: list[Hint]) -> list[UUID]:
    return [hint.id for hint in hints]


async def test_hints_are_read_once_in_order(streams: Streams):
    """Two readers share the hints between them, each one given once, oldest first."""
    some = jobs(6)
    await sent(streams, *some)

    first = await streams.read("ingestion", 4, block=False)
    second = await streams.read("ingestion", 4, block=False)

    assert ids(first) + ids(second) == [job.id for job in some]


async def test_high_priority_is_read_first(streams: Streams):
    """Hints come by priority, whatever order they were sent in."""
    low, normal, high = jobs(1, 2) + jobs(1, 1) + jobs(1, 0)
    await sent(streams, low, normal, high)

    read = await streams.read("ingestion", 4, block=False)

    assert ids(read) == [high.id, normal.id, low.id]


async def test_lanes_are_apart(streams: Streams):
    """A lane reads its own hints only."""
    delivery = Job("delivery", uuid4())
    await sent(streams, *jobs(2), delivery)

    assert ids(await streams.read("delivery", 9, block=False)) == [delivery.id]


async def test_settled_hints_leave_nothing_behind(streams: Streams, redis: Redis):
    """A settled hint is neither in the stream nor pending."""
    await sent(streams, *jobs(3))

    await streams.settle(await streams.read("ingestion", 9, block=False))

    assert [await redis.xlen(stream("ingestion", n)) for n in PRIORITIES] == [0, 0, 0]
    pending = await redis.xpending_range("broadsheet:{ingestion}:1", "workers", "-", "+", 9)
    assert pending == []


async def test_hints_of_a_dead_worker_are_adopted(streams: Streams):
    """What a worker read and never settled goes to one that asks for it, once."""
    await sent(streams, *jobs(3))
    lost = await streams.read("ingestion", 9, block=False)

    adopted = await streams.adopt("ingestion", idle_ms=0)
    await streams.settle(adopted)

    assert ids(adopted) == ids(lost)
    assert await streams.adopt("ingestion", idle_ms=0) == []


async def test_a_flush_is_healed(streams: Streams, redis: Redis):
    """After FLUSHALL, groups are made anew and hints sent since are read."""
    await streams.read("ingestion", 1, block=False)
    await redis.flushdb()
    [job] = jobs(1)
    await sent(streams, job)

    assert ids(await streams.read("ingestion", 9, block=False)) == [job.id]


async def test_foreign_entries_are_left_alone(streams: Streams, redis: Redis):
    """Entries of another version, or that are no hints, are not read as jobs."""
    [job] = jobs(1)
    await redis.xadd("broadsheet:{ingestion}:1", {"v": "2", "id": str(uuid4())})
    await redis.xadd("broadsheet:{ingestion}:1", {"v": "1", "id": "../../etc/passwd"})
    await redis.xadd("broadsheet:{ingestion}:1", {"x": "y"})
    await sent(streams, job)

    assert ids(await streams.read("ingestion", 9, block=False)) == [job.id]


async def test_blocking_reads_wake_up(streams: Streams):
    """A reader that waits gets a hint as soon as it is sent."""
    [job] = jobs(1)
    await streams.read("ingestion", 1, block=False)
    reading = asyncio.create_task(streams.read("ingestion", 1, block=True))
    await asyncio.sleep(0)

    await sent(streams, job)

    assert ids(await asyncio.wait_for(reading, 60)) == [job.id]


async def test_without_redis_nothing_is_raised(gone: Redis):
    """While Redis is gone, sending drops, reading finds nothing, and neither costs time."""
    link = Link()
    streams = Streams(gone, link)
    await sent(streams, *jobs(2))
    began = perf_counter()

    for job in jobs(1_000):
        streams.send([job])
    read = await streams.read("ingestion", 1, block=False)
    await streams.settle([Hint("s", "0-1", uuid4())])
    await streams.adopt("ingestion")

    took_s = perf_counter() - began
    assert (read, streams.sent, streams.dropped) == ([], 0, 1_002)
    assert 1 <= link.failures <= 2 + took_s / PAUSE_S  # once a pause, not once a job


async def test_redis_that_comes_back_is_used(
    tmp_path_factory: pytest.TempPathFactory, folder: Path
):
    """Sending and reading resume by themselves when the server is there again."""
    data = folder / "queue"
    with Servers(data, ("valkey",)) as servers:
        url = servers.redis_url
    link = Link()
    async with open_redis(url, is_text=True) as client:
        streams = Streams(client, link)
        await sent(streams, *jobs(1))
        was_up = link.is_up
        with Servers(data, ("valkey",)):
            async with asyncio.timeout(60):
                while not streams.sent:
                    await streams.read("ingestion", 1, block=True)
                    await sent(streams, *jobs(1))

    assert (was_up, link.is_up) == (False, True)


async def test_the_bell_wakes_other_processes(redis: Redis, redis_url: str):
    """Whoever waits for an id is woken by a ring from elsewhere, and only for that id."""
    awaited, other = uuid4(), uuid4()
    here, there = Bell(redis, Link()), Bell(redis, Link())
    with here.heard(awaited) as rung, here.heard(other) as not_rung:
        async with asyncio.timeout(60):
            while not rung.is_set():
                there.ring(awaited)
                await asyncio.sleep(0.01)

    assert not not_rung.is_set()
    await here.close()
    await there.close()


async def published(redis: Redis) -> int:
    """How often anything was published on this server."""
    calls: Any = (await redis.info("commandstats")).get("cmdstat_publish", {"calls": 0})
    return int(calls["calls"])


async def test_rings_that_nobody_hears_go_together(redis: Redis):
    """Few calls while nobody waits, so that work alone costs few; all are sent in the end."""
    bell, before = Bell(redis, Link()), await published(redis)
    began = asyncio.get_running_loop().time()

    for _ in range(20):
        bell.ring(uuid4())
        await asyncio.sleep(0.02)
    await bell.close()
    took_s = asyncio.get_running_loop().time() - began

    assert 1 <= await published(redis) - before <= took_s / UNHEARD_S + 1


async def test_the_bell_without_redis_is_silent(gone: Redis):
    """Ringing and waiting without Redis raise nothing."""
    bell = Bell(gone, Link())

    with bell.heard(uuid4()) as rung:
        bell.ring(uuid4())
        await bell.close()

    assert not rung.is_set()
