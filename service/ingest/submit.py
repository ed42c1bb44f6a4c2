"""Acceptance: a 202 follows a durable commit, and a hint follows the 202's commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from service.db import idempotency, ingestions
from service.db.idempotency import Answer, IdempotencyKey
from service.db.ingestions import Accepted, Ingestion, NewIngestion
from service.db.session import Transaction
from service.ingest.acquire import MEDIA_TYPES, identity_of
from service.pace import offloaded, paced
from service.packed import pack
from service.queue import Job
from service.runtime import Runtime

TOGETHER_MAX = 100
"""Rows of a batch in one statement: to write a thousand at once held the loop up for 20 ms."""


class Submission(Struct, frozen=True, kw_only=True):
    """One page as a caller sends it; ``content`` is the HTML (as bytes sent) or text (UTF-8).

    ``kind`` url is fetched; html and text are not, and their ``url`` is their address if known.
    The ``content`` of a url is what is taken when it cannot be fetched, as a feed gives it.
    ``packed`` is the same content as gzip or zstd, where it came so: it is kept as it is.
    ``priority`` 0 is for callers that wait, 1 normal, 2 bulk. No text holds a NUL.
    """

    kind: Literal["url", "html", "text"]
    url: str | None = None
    content: bytes | None = None
    packed: bytes | None = None
    charset: str | None = None
    client_ref: str | None = None
    metadata: dict[str, Any] | None = None
    callback_url: str | None = None
    options: dict[str, Any] | None = None
    priority: int = 1
    traceparent: str | None = None
    source_id: UUID | None = None
    feed_id: UUID | None = None


class Receipt(Struct, frozen=True):
    """What a submission led to; ``answer`` is given when an idempotency key asked for it."""

    ingestions: Sequence[Ingestion] = ()
    batch_id: UUID | None = None
    answer: Answer | None = None


async def submit(
    runtime: Runtime,
    client_id: UUID,
    submissions: Sequence[Submission],
    *,
    is_batch: bool = False,
    key: IdempotencyKey | None = None,
    respond: Callable[[Receipt], Answer] | None = None,
) -> Receipt:
    """The submissions are durable and queued, in order, in one transaction.

    With a ``key``, ``respond`` makes the answer that is kept with them; a repeat of the request
    gives a Receipt with that answer, ``is_replay``, and no ingestions. Raises
    ``DatabaseUnavailable``, ``Conflict`` and ``IdempotencyMismatch``.
    """
    attempts_max = runtime.settings.attempts_max
    rows = await _rows(client_id, submissions, attempts_max)
    if key is None and not is_batch:
        accepted = await runtime.intake.insert(rows)
        hint(runtime, accepted)
        return Receipt(accepted)
    async with runtime.db.transaction() as transaction:
        if key is None:
            receipt = await _insert(transaction, client_id, rows, is_batch)
        else:
            receipt = Receipt()

            async def write() -> Answer:
                nonlocal receipt
                receipt = await _insert(transaction, client_id, rows, is_batch)
                return respond(receipt) if respond else Answer(202, [], b"")

            answer = await idempotency.once(transaction, key, write)
            receipt = msgspec.structs.replace(receipt, answer=answer)
    hint(runtime, receipt.ingestions)
    return receipt


async def _insert(
    transaction: Transaction, client_id: UUID, rows: Sequence[NewIngestion], is_batch: bool
) -> Receipt:
    if not is_batch:
        return Receipt(await ingestions.insert(transaction, rows))
    batch = await ingestions.insert_batch(transaction, client_id, len(rows))
    made: list[Accepted] = []
    for start in range(0, len(rows), TOGETHER_MAX):
        part = rows[start : start + TOGETHER_MAX]
        of_batch = [msgspec.structs.replace(row, batch_id=batch.id) for row in part]
        made += await ingestions.insert(transaction, of_batch)
    return Receipt(made, batch_id=batch.id)


async def _rows(
    client_id: UUID, submissions: Sequence[Submission], attempts_max: int
) -> list[NewIngestion]:
    if len(submissions) == 1:
        return [await _row(client_id, submissions[0], attempts_max)]
    return [await _row(client_id, one, attempts_max) async for one in paced(submissions)]


async def _row(client_id: UUID, submission: Submission, attempts_max: int) -> NewIngestion:
    to_pack = 0 if submission.packed else len(submission.content or b"")
    return await offloaded(to_pack, new_row, client_id, submission, attempts_max)


def new_row(client_id: UUID, submission: Submission, attempts_max: int) -> NewIngestion:
    """The row of one submission; its content compressed, as it is kept."""
    return NewIngestion(
        client_id=client_id,
        source_id=submission.source_id,
        feed_id=submission.feed_id,
        kind=submission.kind,
        requested_url=submission.url,
        identity_key=identity_of(submission.url),
        priority=submission.priority,
        attempts_max=attempts_max,
        client_ref=submission.client_ref,
        metadata=_json(submission.metadata),
        callback_url=submission.callback_url,
        options=_json(submission.options),
        traceparent=submission.traceparent,
        **_kept(submission),
    )


def _kept(submission: Submission) -> dict[str, Any]:
    """What is kept of the content that came with ``submission``, if any did."""
    content = submission.content
    if content is None:
        return {}
    return {
        "media_type": MEDIA_TYPES.get(submission.kind, "text/html"),
        "charset": submission.charset or ("utf-8" if submission.kind == "text" else None),
        "content_bytes": len(content),
        "content": submission.packed or pack(content),
    }


def _json(value: dict[str, Any] | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def hint(runtime: Runtime, accepted: Sequence[Ingestion]) -> None:
    """Workers get hints of rows whose turn is near; the others are claimed by turn."""
    runtime.streams.send(
        Job("ingestion", row.id, row.priority)
        for row in accepted
        if not isinstance(row, Accepted) or row.is_near
    )
