"""The sweeper mends what was left undone, and forgets what is old."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from service.db import claims, ingestions
from service.ingest import Submission, submit
from service.runtime import Runtime
from service.sweep import prune, sweep
from tests.working import a_client

SENT = Submission(kind="url", url="https://a.example/x")


@pytest.fixture(autouse=True)
async def _empty(database: asyncpg.Connection) -> None:
    await database.execute("delete from ingestion; delete from batch; delete from event")


async def claimed(runtime: Runtime, **fields: object) -> tuple[UUID, UUID]:
    """Ids of a client and of its ingestion, which a worker claimed and then died."""
    client_id = await a_client(runtime)
    [row] = (await submit(runtime, client_id, [SENT])).ingestions
    await claims.claim(runtime.db, [row.id], "dead", 0)
    return client_id, row.id


async def test_a_lost_lease_is_queued_anew(runtime: Runtime):
    """A killed worker's ingestion waits again, its attempt counted and on record."""
    client_id, id = await claimed(runtime)

    counts = await sweep(runtime)

    found = await ingestions.find(runtime.db, client_id, id)
    assert found
    assert counts["expired"] == 1
    assert (found.state, found.attempt, found.error_code) == ("queued", 1, "worker_lost")
    [attempt] = await ingestions.attempts(runtime.db, id)
    assert (attempt.error_code, attempt.is_retryable) == ("worker_lost", True)
    hints = await runtime.streams.read("ingestion", 99, block=False)
    assert id in {hint.id for hint in hints}


async def test_a_held_lease_is_left_alone(runtime: Runtime, database: asyncpg.Connection):
    """While a worker renews its lease, the sweeper does not touch the ingestion."""
    _, id = await claimed(runtime)
    await claims.renew(runtime.db, [(id, 1, "fetch")], 30)

    counts = await sweep(runtime)

    assert counts["expired"] == 0
    assert await database.fetchval("select state from ingestion where id = $1", id) == "running"


async def test_lost_workers_are_counted_to_the_end(runtime: Runtime, database: asyncpg.Connection):
    """When the attempts are used up, losing the worker fails the ingestion with that reason."""
    client_id, id = await claimed(runtime)
    await database.execute("update ingestion set attempt = attempts_max")

    await sweep(runtime)

    found = await ingestions.find(runtime.db, client_id, id)
    assert found
    assert (found.state, found.error_code) == ("failed", "worker_lost")
    event = await database.fetchrow("select type, client_id from event where ingestion_id = $1", id)
    assert event
    assert tuple(event) == ("ingestion.failed", client_id)


async def test_retries_become_due(runtime: Runtime, database: asyncpg.Connection):
    """A retry is ready when its time has come, ahead of what is new; not before."""
    client_id = await a_client(runtime)
    early, late = (await submit(runtime, client_id, [SENT, SENT])).ingestions
    await database.execute(
        "update ingestion set is_ready = false, due_at = now() where id = $1", early.id
    )
    await database.execute(
        "update ingestion set is_ready = false, due_at = now() + interval '1 h' where id = $1",
        late.id,
    )
    await submit(runtime, client_id, [SENT])

    counts = await sweep(runtime)

    assert counts["woken"] == 1
    [first] = await claims.claim_next(runtime.db, 1, "tester", 30)
    assert first.id == early.id


async def test_a_batch_is_complete_when_nothing_is_open(
    runtime: Runtime, database: asyncpg.Connection
):
    """The end of a batch is told once, with how many of its ingestions ended how."""
    client_id = await a_client(runtime)
    receipt = await submit(runtime, client_id, [SENT] * 3, is_batch=True)
    for row in receipt.ingestions[:2]:
        await ingestions.cancel(runtime.db, client_id, row.id)
    still_open = await sweep(runtime)
    await ingestions.cancel(runtime.db, client_id, receipt.ingestions[2].id)

    counts = [(await sweep(runtime))["completed"] for _ in range(2)]

    assert still_open["completed"] == 0
    assert counts == [1, 0]
    told = await database.fetch(
        "select convert_from(body, 'UTF8')::json->'data'->>'cancelled' as cancelled from event "
        "where type = 'batch.completed'"
    )
    assert [row["cancelled"] for row in told] == ["3"]


async def test_one_sweeps_at_a_time(runtime: Runtime, database: asyncpg.Connection):
    """Many sweepers at once mend each thing once."""
    for _ in range(5):
        await claimed(runtime)

    counts = await asyncio.gather(*(sweep(runtime) for _ in range(4)))

    assert sum(count["expired"] for count in counts) == 5
    assert await database.fetchval("select count(*) from attempt") == 5


async def test_what_is_old_goes(runtime: Runtime, database: asyncpg.Connection):
    """Idempotency keys go after a day, tombstones and ended ingestions after 90; new ones stay."""
    client_id = await a_client(runtime)
    for hours in (23, 25):
        await database.execute(
            "insert into idempotency values "
            "($1, $2, sha256(''), 202, '[]', '', now() - make_interval(hours => $3))",
            client_id, f"{hours} hours old", hours,
        )  # fmt: skip
    for days in (89, 91):
        await database.execute(
            "insert into ingestion (client_id, kind, requested_url, state, finished_at) "
            "values ($1, 'url', $2, 'cancelled', now() - make_interval(days => $3))",
            client_id, f"https://a.example/{days}", days,
        )  # fmt: skip
    queued = (await submit(runtime, client_id, [SENT])).ingestions[0]

    await prune(runtime)

    keys = await database.fetch("select key from idempotency where client_id = $1", client_id)
    assert [row["key"] for row in keys] == ["23 hours old"]
    left = await database.fetch("select requested_url from ingestion order by finished_at")
    assert [row["requested_url"] for row in left] == ["https://a.example/89", queued.requested_url]


async def test_bytes_of_old_ingestions_go_unless_an_article_is_made_of_them(
    runtime: Runtime, database: asyncpg.Connection
):
    """With an old ingestion its bytes go, but those of a created article stay."""
    client_id = await a_client(runtime)
    sent = Submission(kind="text", content=b"some text")
    used, unused = (await submit(runtime, client_id, [sent, sent])).ingestions
    for row, outcome in ((used, "created"), (unused, "unchanged")):
        await database.execute(
            "update ingestion set state = 'succeeded', outcome = $2, article_id = new_id(), "
            "finished_at = now() - interval '100 days' where id = $1",
            row.id,
            outcome,
        )

    await prune(runtime)

    kept = await database.fetch("select id from snapshot")
    assert used.snapshot_id in {row["id"] for row in kept}
    assert unused.snapshot_id not in {row["id"] for row in kept}
    assert await ingestions.find(runtime.db, client_id, used.id) is None
