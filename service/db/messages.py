"""Messages: what sources sent to their inbox, each with the answer that it got."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.rows import columns_of
from service.db.session import Command, Query, Session, Transaction


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


_COLUMNS = columns_of(Message)

RESERVE = Query(
    Message,
    f"""
    with mine as (
      insert into inbox (source_id, message_id, body_hash, status, answer, body, media_type)
      values ($1, $2, $3, 0, '', $4, $5)
      on conflict (source_id, message_id) do nothing returning source_id)
    update inbox set replays = replays + 1
    where source_id = $1 and message_id = $2 and not exists (select from mine)
    returning {_COLUMNS}
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
    await lock(transaction, source_id, message_id)
    return await transaction.one(RESERVE, source_id, message_id, body_hash, body, media_type)


class Locks(Struct, frozen=True):
    """How many locks were taken."""

    locks: int


LOCK = Query(
    Locks,
    """
    select count(pg_advisory_xact_lock(hashtextextended('inbox:' || $1::uuid || $2::text, 0)))::int
      as locks
    """,
)


async def lock(transaction: Transaction, source_id: UUID, message_id: str) -> None:
    """No other transaction answers this message until ours ends."""
    await transaction.only(LOCK, source_id, message_id)


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


LIST = Query(
    Message,
    f"""
    select {_COLUMNS.replace("body,", "null::bytea as body,", 1)} from inbox
    where source_id = $1
      and ($2::timestamptz is null or (received_at, message_id) < ($2, $3::text))
      and (not $4 or error_code is not null)
    order by received_at desc, message_id desc limit $5
    """,
)


async def list_messages(
    session: Session,
    source_id: UUID,
    *,
    before: tuple[datetime, str] | None,
    failed: bool,
    limit: int,
) -> list[Message]:
    """What the source sent, newest first, without the bodies."""
    at, message_id = before or (None, None)
    return await session.all(LIST, source_id, at, message_id, failed, limit)


FIND = Query(Message, f"select {_COLUMNS} from inbox where source_id = $1 and message_id = $2")


async def find(session: Session, source_id: UUID, message_id: str) -> Message | None:
    """One message with its body, packed."""
    return await session.one(FIND, source_id, message_id)
