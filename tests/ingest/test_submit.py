"""Acceptance: durable, once per key, in order."""

from __future__ import annotations

import asyncio
from uuid import UUID

import asyncpg
import pytest

from service import ingest
from service.db import ingestions
from service.db.idempotency import Answer, IdempotencyKey
from service.errors import Conflict, IdempotencyMismatch
from service.ingest import Receipt, Submission
from service.packed import unpack
from service.runtime import Runtime
from tests.working import a_client, page

SENT = Submission(kind="html", url="https://a.example/x", content=page().encode())


def respond(receipt: Receipt) -> Answer:
    return Answer(202, [("Location", f"/v1/ingestions/{receipt.ingestions[0].id}")], b"accepted")


async def test_one_who_leaves_harms_nobody(runtime: Runtime, database: asyncpg.Connection):
    """What was sent together is accepted, whoever went away before it was."""
    client_id = await a_client(runtime)
    sent = [asyncio.create_task(ingest.submit(runtime, client_id, [SENT])) for _ in range(40)]
    await asyncio.sleep(0)

    for left in sent[::3]:
        left.cancel()
    receipts = await asyncio.gather(*sent, return_exceptions=True)

    told = {r.ingestions[0].id for r in receipts if isinstance(r, Receipt)}
    kept = {row["id"] for row in await database.fetch("select id from ingestion")}
    assert len(told) == 40 - len(sent[::3])
    assert told <= kept


async def test_accepted_rows_are_queued(runtime: Runtime, database: asyncpg.Connection):
    """What is accepted is a queued row with its client's words and the bytes as they came."""
    client_id = await a_client(runtime)
    sent = Submission(
        kind="html",
        url="https://a.example/x",
        content=b"<p>caf\xe9",
        charset="latin-1",
        client_ref="r1",
        metadata={"desk": "sport"},
    )

    receipt = await ingest.submit(runtime, client_id, [sent])

    [row] = receipt.ingestions
    assert (row.state, row.stage, row.attempt, row.client_ref) == ("queued", "accepted", 0, "r1")
    assert row.metadata == '{"desk":"sport"}'
    kept = await database.fetchrow("select * from snapshot where id = $1", row.snapshot_id)
    assert kept
    assert unpack(kept["content"], kept["content_bytes"]) == b"<p>caf\xe9"
    assert kept["charset"] == "latin-1"


async def test_requests_at_one_moment_are_committed_together(runtime: Runtime):
    """Many submissions at once each get their own row back."""
    client_id = await a_client(runtime)
    sent = [Submission(kind="url", url=f"https://a.example/{n}") for n in range(100)]

    receipts = await asyncio.gather(*(ingest.submit(runtime, client_id, [one]) for one in sent))

    assert [receipt.ingestions[0].requested_url for receipt in receipts] == [
        one.url for one in sent
    ]


async def test_a_refused_row_fails_alone(runtime: Runtime):
    """A row that Postgres refuses does not take the requests down that came with it."""
    client_id = await a_client(runtime)
    good = Submission(kind="url", url="https://a.example/good")
    bad = Submission(kind="url", url="https://a.example/bad", client_ref="x" * 300)

    answers = await asyncio.gather(
        *(ingest.submit(runtime, client_id, [one]) for one in [good, bad, good]),
        return_exceptions=True,
    )

    assert [isinstance(answer, Receipt) for answer in answers] == [True, False, True]
    assert isinstance(answers[1], asyncpg.CheckViolationError)


async def test_a_batch_is_one_transaction(runtime: Runtime, database: asyncpg.Connection):
    """A batch keeps its order and has an id; if one row is refused there is none of it."""
    client_id = await a_client(runtime)
    sent = [Submission(kind="url", url=f"https://b.example/{n}") for n in range(300)]
    bad = Submission(kind="url", url="https://b.example/bad", client_ref="x" * 300)

    receipt = await ingest.submit(runtime, client_id, sent, is_batch=True)
    with pytest.raises(asyncpg.CheckViolationError):
        await ingest.submit(runtime, client_id, [*sent, bad], is_batch=True)

    assert [row.requested_url for row in receipt.ingestions] == [one.url for one in sent]
    assert {row.batch_id for row in receipt.ingestions} == {receipt.batch_id}
    assert await database.fetchval(
        "select array_agg(total) from batch where client_id = $1", client_id
    ) == [300]


async def test_one_key_makes_one_ingestion(runtime: Runtime):
    """25 requests with one key at once make one ingestion; the rest is a replay or a conflict."""
    client_id = await a_client(runtime)
    key = IdempotencyKey(client_id, "order 66", b"h" * 32)

    answers = await asyncio.gather(
        *(ingest.submit(runtime, client_id, [SENT], key=key, respond=respond) for _ in range(25)),
        return_exceptions=True,
    )
    last = await ingest.submit(runtime, client_id, [SENT], key=key, respond=respond)

    given = [answer for answer in answers if isinstance(answer, Receipt)]
    assert all(isinstance(answer, Receipt | Conflict) for answer in answers)
    assert last.answer
    assert last.answer.is_replay
    assert {receipt.answer.headers[0] for receipt in given if receipt.answer} == {
        last.answer.headers[0]
    }
    rows = await ingestions.list_ingestions(runtime.db, client_id, None, 50)
    assert len(rows) == 1


async def test_a_key_stands_for_one_request_of_one_client(runtime: Runtime):
    """Another body under the same key is refused; another client's same key is its own."""
    mine, other = await a_client(runtime), await a_client(runtime)

    first = await ingest.submit(
        runtime, mine, [SENT], key=IdempotencyKey(mine, "k", b"1" * 32), respond=respond
    )
    with pytest.raises(IdempotencyMismatch):
        await ingest.submit(
            runtime, mine, [SENT], key=IdempotencyKey(mine, "k", b"2" * 32), respond=respond
        )
    theirs = await ingest.submit(
        runtime, other, [SENT], key=IdempotencyKey(other, "k", b"2" * 32), respond=respond
    )

    assert first.answer != theirs.answer
    assert len(theirs.ingestions) == 1


async def test_a_failed_write_keeps_no_answer(runtime: Runtime):
    """When the answer cannot be made nothing is stored, and the key is free for another try."""
    client_id = await a_client(runtime)
    key = IdempotencyKey(client_id, "k", b"1" * 32)

    def broken(_: Receipt) -> Answer:
        raise RuntimeError("no answer")

    with pytest.raises(RuntimeError, match="no answer"):
        await ingest.submit(runtime, client_id, [SENT], key=key, respond=broken)

    assert await ingestions.list_ingestions(runtime.db, client_id, None, 9) == []
    retried = await ingest.submit(runtime, client_id, [SENT], key=key, respond=respond)
    assert retried.answer
    assert not retried.answer.is_replay


async def test_another_clients_ingestion_is_missing(runtime: Runtime):
    """An ingestion is found, listed and cancelled by its own client alone."""
    mine, other = await a_client(runtime), await a_client(runtime)
    [row] = (await ingest.submit(runtime, mine, [SENT])).ingestions

    found = await ingestions.find(runtime.db, mine, row.id)
    assert found
    assert found.id == row.id
    assert await ingestions.find(runtime.db, other, row.id) is None
    assert await ingestions.cancel(runtime.db, other, row.id) is None
    assert await ingestions.list_ingestions(runtime.db, other, None, 9) == []


async def test_lists_are_filtered(runtime: Runtime):
    """Ingestions are listed newest first, by state, url and batch, and paged."""
    client_id = await a_client(runtime)
    sent = [Submission(kind="url", url=f"https://c.example/{n}") for n in range(5)]
    receipt = await ingest.submit(runtime, client_id, sent, is_batch=True)
    cancelled = await ingest.cancel(runtime, client_id, receipt.ingestions[2].id)
    ids = [row.id for row in reversed(receipt.ingestions)]

    async def listed(before: UUID | None = None, **filters: object) -> list[object]:
        rows = await ingestions.list_ingestions(runtime.db, client_id, before, 3, **filters)  # type: ignore[arg-type]
        return [row.id for row in rows]

    assert await listed() == ids[:3]
    assert await listed(before=ids[2]) == ids[3:]
    assert await listed(states=["cancelled"]) == [cancelled.id]
    assert await listed(url="https://c.example/4") == [ids[0]]
    assert await listed(batch_id=receipt.batch_id) == ids[:3]
