"""The worker: fair, tolerant of lost leases and outages, and clean when it stops."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import msgspec
import pytest
import zstandard

from service import ingest
from service.db import claims, ingestions
from service.errors import LeaseLost
from service.fetch.limits import Limits
from service.ingest import Progress, Submission
from service.runtime import Runtime
from service.worker import run_worker
from tests.web import Reply, Request, Web
from tests.working import PARAGRAPH, a_client, ended, eventually, page, submitted, working

COUNT_OF = "select count(*) from ingestion where client_id = $1 and state = $2"


async def backlog(database: asyncpg.Connection, client_id: UUID, count: int) -> None:
    """``count`` queued rows of the client, as acceptance would have made them."""
    await database.execute(
        """
        insert into snapshot (id, ingestion_id, media_type, sha256, content_bytes, content)
        values ($1, $1, 'text/plain', sha256(''), 0, $2)
        on conflict do nothing
        """,
        client_id,
        zstandard.ZstdCompressor().compress(f"A bridge is opened\n\n{PARAGRAPH * 4}".encode()),
    )
    await database.execute(
        """
        insert into ingestion (client_id, kind, snapshot_id, turn, requested_url)
        select $1, 'text', $1, n, 'https://backlog.example/' || n from generate_series(1, $2) n
        """,
        client_id,
        count,
    )


async def test_a_backlog_does_not_hold_up_another_client(
    runtime: Runtime, database: asyncpg.Connection
):
    """With 100,000 rows of one client waiting, another client's page is done within 5 s."""
    heavy, light = await a_client(runtime, "heavy"), await a_client(runtime, "light")
    await backlog(database, heavy, 100_000)
    await database.execute("analyze ingestion")

    async with working(runtime):
        await eventually(lambda: is_some(database, heavy, "succeeded"), "the backlog moves")
        sent = Submission(kind="html", url="https://light.example/", content=page().encode())
        [done] = await ended(runtime, *await submitted(runtime, light, sent), within_s=5)

    assert done.outcome == "created"
    assert await database.fetchval(COUNT_OF, heavy, "queued") > 90_000
    await database.execute("delete from ingestion where client_id = $1", heavy)


async def is_some(database: asyncpg.Connection, client_id: UUID, state: str) -> bool:
    """Whether the client has a row in that state."""
    return bool(await database.fetchval(COUNT_OF, client_id, state))


async def test_turns_alternate_between_clients(runtime: Runtime, database: asyncpg.Connection):
    """Rows of two clients come in turns, however many the first one queued before."""
    one, two = await a_client(runtime), await a_client(runtime)
    for client_id, count in ((one, 6), (two, 3)):
        sent = [Submission(kind="url", url=f"https://t.example/{n}") for n in range(count)]
        await submitted(runtime, client_id, *sent)

    claimed = [(await claims.claim_next(runtime.db, 1, "tester", 30))[0] for _ in range(9)]

    names = "".join("1" if row.client_id == one else "2" for row in claimed)
    assert names == "112121211"
    await database.execute("delete from ingestion")


async def test_priorities_go_first(runtime: Runtime, database: asyncpg.Connection):
    """A caller who waits comes before normal work, and that before bulk."""
    client_id = await a_client(runtime)
    for priority in (2, 1, 0):
        await submitted(
            runtime, client_id, Submission(kind="url", url="https://p.example/", priority=priority)
        )

    claimed = [(await claims.claim_next(runtime.db, 1, "tester", 30))[0] for _ in range(3)]

    assert [row.priority for row in claimed] == [0, 1, 2]
    await database.execute("delete from ingestion")


async def test_a_claim_is_given_once(runtime: Runtime, database: asyncpg.Connection):
    """Workers that claim the same ids at once share them without doubles."""
    client_id = await a_client(runtime)
    sent = [Submission(kind="url", url=f"https://o.example/{n}") for n in range(50)]
    ids = [row.id for row in await submitted(runtime, client_id, *sent)]

    claimed = await asyncio.gather(
        *(claims.claim(runtime.db, ids, f"worker {n}", 30) for n in range(4)),
        claims.claim_next(runtime.db, 50, "worker 5", 30),
    )

    got = [row.id for rows in claimed for row in rows]
    assert sorted(got) == sorted(ids)
    assert all(row.attempt == 1 and row.fence == 1 for rows in claimed for row in rows)
    await database.execute("delete from ingestion")


async def test_a_worker_that_lost_its_lease_stores_nothing(
    runtime: Runtime, database: asyncpg.Connection
):
    """A slow worker whose claim was taken over is told so, and leaves no trace."""
    client_id = await a_client(runtime)
    sent = Submission(kind="html", url="https://zombie.example/", content=page().encode())
    [row] = await submitted(runtime, client_id, sent)
    [slow] = await claims.claim(runtime.db, [row.id], "slow", 30)
    await database.execute(
        "update ingestion set state = 'queued', lease_until = null where id = $1", row.id
    )
    [fast] = await claims.claim(runtime.db, [row.id], "fast", 30)

    with pytest.raises(LeaseLost):
        await ingest.process(runtime, slow, Progress(0))
    ending = await ingest.process(runtime, fast, Progress(0))

    assert (slow.fence, fast.fence) == (1, 2)
    assert ending.outcome == "created"
    written = await database.fetchrow(
        "select (select count(*) from revision where ingestion_id = $1), "
        "(select count(*) from attempt where ingestion_id = $1), "
        "(select count(*) from event where ingestion_id = $1)",
        row.id,
    )
    assert written
    assert tuple(written) == (1, 1, 1)


async def test_a_cancelled_ingestion_is_stopped(runtime: Runtime, origin: Web):
    """Cancelling wins over the worker: whatever it finds is not stored."""
    client_id = await a_client(runtime)
    hang = asyncio.Event()

    async def slow(_: Request, writer: asyncio.StreamWriter) -> None:
        await hang.wait()
        writer.write(Reply(200, page().encode(), {"Content-Type": "text/html"}).encode(False))
        await writer.drain()

    url = origin.reply("/slow", slow)
    async with working(runtime):
        [row] = await submitted(runtime, client_id, Submission(kind="url", url=url))
        await origin.received(1, "/slow")
        cancelled = await ingest.cancel(runtime, client_id, row.id)
        hang.set()
    found = await ingest.wait(runtime, row, 0.1)

    assert (cancelled.state, found.state, found.article_id) == ("cancelled", "cancelled", None)


async def test_transient_failures_are_tried_again(
    runtime: Runtime, database: asyncpg.Connection, origin: Web
):
    """A page that first answers 500 is stored at the second attempt, and both are on record."""
    client_id = await a_client(runtime)
    url = origin.reply(
        "/flaky", Reply(500), Reply(200, page("Flaky").encode(), {"Content-Type": "text/html"})
    )

    async with working(runtime):
        [row] = await submitted(runtime, client_id, Submission(kind="url", url=url))
        await eventually(lambda: is_waiting(database, row.id), "the retry waits")
        await database.execute("update ingestion set due_at = now() where id = $1", row.id)
        [done] = await ended(runtime, row)

    assert (done.outcome, done.attempt) == ("created", 2), done.error_detail
    tries = await ingestions.attempts(runtime.db, row.id)
    assert [(one.number, one.error_code, one.http_status) for one in tries] == [
        (1, "http_5xx", 500),
        (2, None, 200),
    ]


async def is_waiting(database: asyncpg.Connection, id: UUID) -> bool:
    """Whether the row waits for its time."""
    waits = "select state = 'queued' and not is_ready from ingestion where id = $1"
    return bool(await database.fetchval(waits, id))


async def test_a_failed_ingestion_is_retried_by_its_client(runtime: Runtime, origin: Web):
    """A dead letter says why it failed, and runs again when it is asked to."""
    client_id = await a_client(runtime)
    url = origin.reply(
        "/later", Reply(404), Reply(200, page("Late").encode(), {"Content-Type": "text/html"})
    )

    async with working(runtime):
        rows = await submitted(runtime, client_id, Submission(kind="url", url=url))
        [failed] = await ended(runtime, *rows)
        retried = await ingest.retry(runtime, client_id, failed.id)
        [done] = await ended(runtime, retried)

    assert (failed.state, failed.error_code, failed.outcome) == ("failed", "http_4xx", None)
    assert (retried.state, retried.attempt, retried.error_code) == ("queued", 0, None)
    assert (done.state, done.outcome) == ("succeeded", "created"), done.error_detail


async def test_stopping_puts_work_back(runtime: Runtime, origin: Web, database: asyncpg.Connection):
    """A worker told to stop gives back what it cannot end in time, uncounted."""
    client_id = await a_client(runtime)
    hang = asyncio.Event()

    async def never(_: Request, writer: asyncio.StreamWriter) -> None:
        await hang.wait()

    url = origin.reply("/never", never)
    quick = runtime_with(runtime, drain_s=1.0)
    stop = asyncio.Event()
    task = asyncio.create_task(run_worker(quick, stop))
    [row] = await submitted(runtime, client_id, Submission(kind="url", url=url))
    await origin.received(1, "/never")
    began = asyncio.get_running_loop().time()

    stop.set()
    await task

    hang.set()
    assert asyncio.get_running_loop().time() - began < Limits().headers_s
    found = await database.fetchrow(
        "select state, attempt, is_ready from ingestion where id = $1", row.id
    )
    assert found
    assert tuple(found) == ("queued", 0, True)
    await database.execute("delete from ingestion where id = $1", row.id)


def runtime_with(runtime: Runtime, **changes: object) -> Runtime:
    """The same runtime with other settings."""
    settings = msgspec.structs.replace(runtime.settings, **changes)
    return msgspec.structs.replace(runtime, settings=settings)
