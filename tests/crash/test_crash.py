"""Kills and outages: every accepted ingestion ends, one article per page, nothing twice."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import perf_counter
from uuid import UUID

import asyncpg
import pytest

from service import ingest
from service.db import ingestions
from service.errors import DatabaseUnavailable
from service.ingest import Submission
from service.queue import open_redis
from service.runtime import Runtime
from tests.crash.stack import Stack, all_ended, standing, wrongs
from tests.timing import least_s
from tests.web import Reply, Request, Web
from tests.working import a_client, eventually, page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
async def stack_and_runtime(folder: Path) -> AsyncIterator[tuple[Stack, Runtime]]:
    async with standing(folder / "c") as both:
        yield both


@pytest.fixture
def stack(stack_and_runtime: tuple[Stack, Runtime]) -> Stack:
    return stack_and_runtime[0]


@pytest.fixture
async def runtime(stack_and_runtime: tuple[Stack, Runtime]) -> AsyncIterator[Runtime]:
    stack, runtime = stack_and_runtime
    yield runtime
    for worker in list(stack.workers):
        await stack.kill(worker)


def submissions(origin: Web, name: str, count: int) -> Iterator[Submission]:
    """Pages by address and as HTML, one in five of them twice."""
    for n in range(count):
        path = f"/{name}/{n - 1 if n % 5 == 4 else n}"
        html = page(f"{name} {path}", note=path)
        url = origin.reply(path, Reply(200, html.encode(), {"Content-Type": "text/html"}))
        if n % 3 == 0:
            yield Submission(kind="url", url=url)
        else:
            yield Submission(kind="html", url=url, content=html.encode())


async def accepted(runtime: Runtime, client_id: UUID, some: Iterator[Submission]) -> list[UUID]:
    """Ids of the submissions that were accepted, one request each."""
    receipts = [await ingest.submit(runtime, client_id, [one]) for one in some]
    return [receipt.ingestions[0].id for receipt in receipts]


async def states(runtime: Runtime, ids: list[UUID]) -> list[str]:
    """The states of the ingestions, each as often as it is; lost ones are missing."""
    connection = await asyncpg.connect(runtime.settings.database_url)
    try:
        rows = await connection.fetch("select state from ingestion where id = any($1)", ids)
    finally:
        await connection.close()
    return [row["state"] for row in rows]


async def test_killed_workers_lose_nothing(stack: Stack, runtime: Runtime, origin: Web):
    """With workers killed again and again, all that was accepted is stored, once."""
    client_id = await a_client(runtime)
    pick = random.Random(7)
    workers = [await stack.worker() for _ in range(2)]
    ids = []

    for round_ in range(6):
        ids += await accepted(runtime, client_id, submissions(origin, f"kill{round_}", 20))
        await asyncio.sleep(pick.uniform(0.2, 1.2))
        victim = workers.pop(pick.randrange(2))
        await stack.kill(victim)
        workers.append(await stack.worker())
    await all_ended(stack, within_s=60)

    assert await states(runtime, ids) == ["succeeded"] * len(ids)
    assert await wrongs(stack) == {}


async def test_a_worker_killed_in_the_middle_is_taken_over(
    stack: Stack, runtime: Runtime, origin: Web
):
    """An ingestion whose worker dies while it fetches is done by another one."""
    client_id = await a_client(runtime)
    held = asyncio.Event()

    async def hold(_: Request, __: asyncio.StreamWriter) -> None:
        await held.wait()

    good = Reply(200, page("Taken over", note="t").encode(), {"Content-Type": "text/html"})
    url = origin.reply("/taken", hold, good)
    first = await stack.worker()
    ids = await accepted(runtime, client_id, iter([Submission(kind="url", url=url)]))
    await origin.received(1, "/taken", within_s=60)

    await stack.kill(first)
    await stack.worker()
    await all_ended(stack, within_s=60)
    held.set()

    assert await states(runtime, ids) == ["succeeded"]
    assert await wrongs(stack) == {}


async def test_a_zombie_changes_nothing(stack: Stack, runtime: Runtime, origin: Web):
    """A worker that was frozen past its lease wakes up to find its work done by another."""
    client_id = await a_client(runtime)
    freed = asyncio.Event()
    html = page("Undead", note="z").encode()

    async def hold(_: Request, writer: asyncio.StreamWriter) -> None:
        await freed.wait()
        writer.write(Reply(200, html, {"Content-Type": "text/html"}).encode(False))
        await writer.drain()

    url = origin.reply("/zombie", hold, Reply(200, html, {"Content-Type": "text/html"}))
    zombie = await stack.worker()
    ids = await accepted(runtime, client_id, iter([Submission(kind="url", url=url)]))
    await origin.received(1, "/zombie", within_s=60)

    os.kill(zombie.pid, signal.SIGSTOP)
    await stack.worker()
    await all_ended(stack, within_s=60)
    os.kill(zombie.pid, signal.SIGCONT)
    freed.set()
    again = await accepted(runtime, client_id, submissions(origin, "after", 6))
    await all_ended(stack, within_s=60)

    assert await states(runtime, ids + again) == ["succeeded"] * 7
    assert await wrongs(stack) == {}


async def test_without_valkey_work_goes_on(stack: Stack, runtime: Runtime, origin: Web):
    """With Valkey gone, then back, then flushed, acceptance never fails and all is done."""
    client_id = await a_client(runtime)
    await stack.worker()
    ids = await accepted(runtime, client_id, submissions(origin, "before", 5))

    await asyncio.to_thread(stack.valkey.stop)
    gone = submissions(origin, "gone", 20)
    acceptance_s = []
    for _ in range(4):
        began = perf_counter()
        ids += await accepted(runtime, client_id, itertools.islice(gone, 5))
        acceptance_s.append(perf_counter() - began)
    await all_ended(stack, within_s=60)
    await asyncio.to_thread(stack.valkey.start)
    ids += await accepted(runtime, client_id, submissions(origin, "back", 20))
    async with open_redis(stack.valkey.redis_url) as redis:
        await redis.flushall()
    ids += await accepted(runtime, client_id, submissions(origin, "flushed", 20))
    await all_ended(stack, within_s=60)

    assert await states(runtime, ids) == ["succeeded"] * len(ids)
    assert await wrongs(stack) == {}
    assert min(acceptance_s) < 1.25


async def test_without_postgres_nothing_is_promised(stack: Stack, runtime: Runtime, origin: Web):
    """While Postgres is gone a submission is refused within 2 s; what was accepted is done."""
    client_id = await a_client(runtime)
    await stack.worker()
    ids = await accepted(runtime, client_id, submissions(origin, "pg", 10))
    some = submissions(origin, "refused", 1000)

    await asyncio.to_thread(stack.postgres.stop)

    async def refused() -> None:
        with pytest.raises(DatabaseUnavailable) as refusal:
            await ingest.submit(runtime, client_id, [next(some)])
        assert refusal.value.retry_after_s

    refusal_s = await least_s(refused, 2)
    await asyncio.to_thread(stack.postgres.start)
    await eventually(lambda: is_accepted(runtime, client_id, ids, some), "accepted again")
    os.kill(stack.postgres.pid("postgres"), signal.SIGKILL)
    await eventually(lambda: is_accepted(runtime, client_id, ids, some), "accepted again")
    await all_ended(stack, within_s=60)

    assert refusal_s < 2
    assert await states(runtime, ids) == ["succeeded"] * len(ids)
    assert await wrongs(stack) == {}


async def is_accepted(
    runtime: Runtime, client_id: UUID, ids: list[UUID], some: Iterator[Submission]
) -> bool:
    """Whether another submission was accepted; its id is noted."""
    try:
        ids += await accepted(runtime, client_id, iter([next(some)]))
    except DatabaseUnavailable:
        return False
    return True


async def test_a_terminated_worker_gives_its_work_back(stack: Stack, runtime: Runtime, origin: Web):
    """On SIGTERM a worker exits in time and in order; what it could not end waits, uncounted."""
    client_id = await a_client(runtime)
    held = asyncio.Event()

    async def hold(_: Request, __: asyncio.StreamWriter) -> None:
        await held.wait()

    url = origin.reply("/drain", hold)
    worker = await stack.worker()
    ids = await accepted(runtime, client_id, iter([Submission(kind="url", url=url)]))
    await origin.received(1, "/drain", within_s=60)
    began = perf_counter()

    worker.terminate()
    code = await worker.wait()

    held.set()
    assert code == 0
    assert perf_counter() - began < 20
    found = await ingestions.find(runtime.db, client_id, ids[0])
    assert found
    assert (found.state, found.attempt) == ("queued", 0)
    await ingest.cancel(runtime, client_id, ids[0])
