"""The first answer to a request that carries an Idempotency-Key, given again to its repeats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import msgspec
from msgspec import Struct

from service.db.rows import IsOurs
from service.db.session import Command, Query, Transaction
from service.errors import Conflict, IdempotencyMismatch


class IdempotencyKey(Struct, frozen=True):
    """A caller's ``Idempotency-Key`` and the SHA-256 of the request that carries it."""

    client_id: UUID
    key: str
    request_hash: bytes


class Answer(Struct, frozen=True):
    """A full HTTP answer; ``is_replay`` when it was given before."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    is_replay: bool = False


class _Kept(Struct, frozen=True):
    request_hash: bytes
    status: int
    headers: str
    body: bytes


LOCK = Query(
    IsOurs,
    """
    select pg_try_advisory_xact_lock(hashtextextended('idempotency:' || $1::text || $2, 0))
      as is_ours
    """,
)
FIND = Query(
    _Kept,
    "select request_hash, status, headers::text, body from idempotency "
    "where client_id = $1 and key = $2",
)
KEEP = Command(
    """
    insert into idempotency (client_id, key, request_hash, status, headers, body)
    values ($1, $2, $3, $4, $5::text::json, $6)
    """
)


async def once(
    transaction: Transaction, key: IdempotencyKey, write: Callable[[], Awaitable[Answer]]
) -> Answer:
    """What ``write`` answers, which runs once in all the life of ``key``.

    Its answer is kept in the same transaction. Raises ``Conflict`` while another request with
    this key is being answered, ``IdempotencyMismatch`` when the key stood for another request.
    """
    if not (await transaction.only(LOCK, str(key.client_id), key.key)).is_ours:
        raise Conflict("a request with this Idempotency-Key is in progress", retry_after_s=1)
    kept = await transaction.one(FIND, key.client_id, key.key)
    if kept is not None:
        return _replay(kept, key)
    answer = await write()
    headers = msgspec.json.encode(answer.headers).decode()
    values = (key.request_hash, answer.status, headers, answer.body)
    await transaction.run(KEEP, key.client_id, key.key, *values)
    return answer


def _replay(kept: _Kept, key: IdempotencyKey) -> Answer:
    if kept.request_hash != key.request_hash:
        raise IdempotencyMismatch(
            "this Idempotency-Key was used for another request; use a new one"
        )
    headers = msgspec.json.decode(kept.headers, type=list[tuple[str, str]])
    return Answer(kept.status, headers, kept.body, is_replay=True)
