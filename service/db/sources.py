"""Sources: registered senders of signed webhooks, and what they sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session, Transaction


class Source(Struct, frozen=True):
    """One sender; ``verifier``, ``mapping`` and ``options`` are JSON text, ``secrets`` sealed."""

    id: UUID
    client_id: UUID
    name: str
    verifier: str
    mapping: str
    secrets: list[bytes]
    options: str | None
    created_at: datetime
    updated_at: datetime


_COLUMNS = "id, client_id, name, verifier, mapping, secrets, options, created_at, updated_at"

CREATE = Query(
    Source,
    f"""
    insert into source (client_id, name, verifier, mapping, secrets, options)
    values ($1, $2, $3, $4, array[$5::bytea], $6)
    returning {_COLUMNS}
    """,
)


async def create(
    session: Session,
    client_id: UUID,
    *,
    name: str,
    verifier: str,
    mapping: str,
    secret: bytes,
    options: str | None,
) -> Source:
    """A new source of ``client_id``."""
    return await session.only(CREATE, client_id, name, verifier, mapping, secret, options)


FIND = Query(
    Source,
    f"select {_COLUMNS} from source where id = $1 and client_id = $2 and deleted_at is null",
)


async def find(session: Session, client_id: UUID, source_id: UUID) -> Source | None:
    """The source, when it is of ``client_id``."""
    return await session.one(FIND, source_id, client_id)


RECEIVER = Query(Source, f"select {_COLUMNS} from source where id = $1 and deleted_at is null")


async def receiver(session: Session, source_id: UUID) -> Source | None:
    """The source that a message claims to be from: its signature says whether it is."""
    return await session.one(RECEIVER, source_id)


LIST = Query(
    Source,
    f"""
    select {_COLUMNS} from source
    where client_id = $1 and deleted_at is null and ($2::uuid is null or id > $2)
    order by id limit $3
    """,
)


async def list_sources(
    session: Session, client_id: UUID, after: UUID | None, limit: int
) -> list[Source]:
    """The client's sources in the order of their making, after the one with id ``after``."""
    return await session.all(LIST, client_id, after, limit)


UPDATE = Query(
    Source,
    f"""
    update source set name = $3, verifier = $4, mapping = $5, options = $6, updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null
    returning {_COLUMNS}
    """,
)


async def update(session: Session, source: Source) -> Source | None:
    """What a caller may change is as in ``source``; None when it is gone."""
    one = source
    return await session.one(
        UPDATE, one.id, one.client_id, one.name, one.verifier, one.mapping, one.options
    )


ROTATE = Query(
    Source,
    f"""
    update source set secrets = array[$3::bytea] || secrets[1:1],
      secret_expires_at = now() + make_interval(secs => $4), updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null
    returning {_COLUMNS}
    """,
)


async def rotate(
    session: Session, client_id: UUID, source_id: UUID, secret: bytes, overlap_s: float
) -> Source | None:
    """``secret`` is accepted from now on, the one before it for ``overlap_s`` more."""
    return await session.one(ROTATE, source_id, client_id, secret, overlap_s)


RETIRE = Command(
    """
    update source set secrets = secrets[1:1], secret_expires_at = null
    where secret_expires_at < now()
    """
)


async def retire_secrets(session: Session) -> int:
    """Old secrets whose overlap has ended are gone; the number of sources."""
    return await session.run(RETIRE)


DELETE = Command(
    """
    update source set deleted_at = now(), secrets = '{}'
    where id = $1 and client_id = $2 and deleted_at is null
    """
)


async def delete(session: Session, client_id: UUID, source_id: UUID) -> bool:
    """The source is gone: what it sends is refused."""
    return await session.run(DELETE, source_id, client_id) > 0


class Message(Struct, frozen=True):
    """One message of a source and what came of it; ``answer`` is the JSON that was answered."""

    source_id: UUID
    message_id: str
    status: int
    answer: bytes
    body: bytes | None
    media_type: str | None
    ingestions: list[UUID]
    error_code: str | None
    error_detail: str | None
    replays: int
    received_at: datetime | None


_MESSAGE = """
    source_id, message_id, status, answer, body, media_type, ingestions, error_code,
    error_detail, replays, received_at
"""

RESERVE = Query(
    Message,
    f"""
    with mine as (
      insert into inbox (source_id, message_id, body_hash, status, answer, body, media_type)
      values ($1, $2, $3, 0, '', $4, $5)
      on conflict (source_id, message_id) do nothing returning source_id)
    update inbox set replays = replays + 1
    where source_id = $1 and message_id = $2 and not exists (select from mine)
    returning {_MESSAGE}
    """,
)


async def reserve(
    transaction: Transaction,
    source_id: UUID,
    message_id: str,
    *,
    body_hash: bytes,
    body: bytes,
    media_type: str,
) -> Message | None:
    """None when the message is new and now ours to answer; else as it was first received.

    Waits for another transaction that is answering the same message.
    """
    await lock_message(transaction, source_id, message_id)
    return await transaction.one(RESERVE, source_id, message_id, body_hash, body, media_type)


class Locks(Struct, frozen=True):
    """How many locks were taken."""

    locks: int


LOCK_MESSAGE = Query(
    Locks,
    """
    select count(pg_advisory_xact_lock(hashtextextended('inbox:' || $1::uuid || $2::text, 0)))::int
      as locks
    """,
)


async def lock_message(transaction: Transaction, source_id: UUID, message_id: str) -> None:
    """No other transaction answers this message until ours ends."""
    await transaction.only(LOCK_MESSAGE, source_id, message_id)


ANSWER = Command(
    """
    update inbox set status = $3, answer = $4, ingestions = $5, error_code = $6,
      error_detail = $7
    where source_id = $1 and message_id = $2
    """
)


async def answer(transaction: Transaction, message: Message) -> None:
    """The reserved message has this answer."""
    one = message
    await transaction.run(
        ANSWER, one.source_id, one.message_id, one.status, one.answer, one.ingestions,
        one.error_code, one.error_detail,
    )  # fmt: skip


MESSAGES = Query(
    Message,
    f"""
    select {_MESSAGE.replace("body,", "null::bytea as body,", 1)} from inbox
    where source_id = $1 and ($2::timestamptz is null or received_at < $2)
      and (not $3 or error_code is not null)
    order by received_at desc limit $4
    """,
)


async def messages(
    session: Session,
    source_id: UUID,
    *,
    before: datetime | None,
    failed: bool,
    limit: int,
) -> list[Message]:
    """What the source sent, newest first, without the bodies."""
    return await session.all(MESSAGES, source_id, before, failed, limit)


MESSAGE = Query(Message, f"select {_MESSAGE} from inbox where source_id = $1 and message_id = $2")


async def message(session: Session, source_id: UUID, message_id: str) -> Message | None:
    """One message with its body (zstd)."""
    return await session.one(MESSAGE, source_id, message_id)
