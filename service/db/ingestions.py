"""Ingestions as their callers see them: accept, read, list, cancel, retry.

A fair order: each queued row has a ``turn``, its place among the rows of its priority. A new
row comes one turn after its client's last queued one, or after the row that is next at all, so
that a client with one page waits for one turn of each other client, not for their backlogs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct
from msgspec.structs import astuple

from service.db.arrays import arrays
from service.db.rows import Count, columns_of
from service.db.session import Query, Session, Transaction

NEAR_TURNS = 64
"""Rows this close to their turn are hinted to Redis; the rest waits in Postgres for its turn."""


class Ingestion(Struct, frozen=True):
    """One ingestion; ``metadata`` and ``options`` are JSON text."""

    id: UUID
    client_id: UUID
    batch_id: UUID | None
    source_id: UUID | None
    feed_id: UUID | None
    kind: str
    requested_url: str | None
    snapshot_id: UUID | None
    state: str
    stage: str
    priority: int
    attempt: int
    attempts_max: int
    due_at: datetime
    outcome: str | None
    article_id: UUID | None
    revision: int | None
    page_kind: str | None
    error_code: str | None
    error_detail: str | None
    client_ref: str | None
    metadata: str | None
    callback_url: str | None
    options: str | None
    traceparent: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


COLUMNS = columns_of(Ingestion)


class Accepted(Ingestion, frozen=True):
    """An ingestion just queued; ``is_near`` when its turn comes within ``NEAR_TURNS``."""

    is_near: bool


class NewIngestion(Struct, frozen=True, kw_only=True):
    """What is written at acceptance; ``content`` is gzip or zstd, ``content_bytes`` before it."""

    client_id: UUID
    batch_id: UUID | None = None
    source_id: UUID | None = None
    feed_id: UUID | None = None
    kind: str
    requested_url: str | None = None
    identity_key: str | None = None
    priority: int = 1
    attempts_max: int = 5
    client_ref: str | None = None
    metadata: str | None = None
    callback_url: str | None = None
    options: str | None = None
    traceparent: str | None = None
    media_type: str | None = None
    charset: str | None = None
    content_bytes: int | None = None
    content: bytes | None = None


_TYPES = (*["uuid"] * 4, *["text"] * 3, *["smallint"] * 2, *["text"] * 7, "integer", "bytea")
"""Of the fields of ``NewIngestion``."""

INSERT = Query(
    Accepted,
    f"""
    with input as materialized (
      select u.*, new_id() as id, case when u.content is not null then new_id() end as snapshot_id
      from unnest({arrays(_TYPES)}) with ordinality
        as u(client_id, batch_id, source_id, feed_id, kind, requested_url, identity_key,
        priority, attempts_max, client_ref, metadata, callback_url, options,
        traceparent, media_type, charset, content_bytes, content, place)
    ), next as (
      select p.client_id, p.priority, coalesce(
        (select q.turn from ingestion q where q.priority = p.priority
           and q.state = 'queued' and q.is_ready order by q.turn limit 1), 0) as turn
      from (select distinct client_id, priority from input) p
    ), last as (
      select n.client_id, n.priority, n.turn as next_turn, greatest(n.turn,
        (select q.turn from ingestion q where q.client_id = n.client_id
           and q.priority = n.priority and q.state = 'queued' and q.is_ready
         order by q.turn desc limit 1)) as turn
      from next n
    ), kept as (
      insert into snapshot (id, ingestion_id, url, media_type, charset, content_bytes, content)
      select snapshot_id, id, requested_url, media_type, charset, content_bytes, content
      from input where snapshot_id is not null
    ), made as (
      insert into ingestion (id, client_id, batch_id, source_id, feed_id, kind, requested_url,
        identity_key, snapshot_id, priority, turn, attempts_max, client_ref, metadata,
        callback_url, options, traceparent)
      select i.id, i.client_id, i.batch_id, i.source_id, i.feed_id, i.kind, i.requested_url,
        i.identity_key, i.snapshot_id, i.priority,
        last.turn + row_number() over (partition by i.client_id, i.priority order by i.place),
        i.attempts_max, i.client_ref, i.metadata::json, i.callback_url, i.options::json,
        i.traceparent
      from input i join last using (client_id, priority)
      returning *
    )
    select {columns_of(Ingestion, "made.")}, made.turn - last.next_turn <= {NEAR_TURNS} as is_near
    from made join input using (id) join last on (last.client_id, last.priority)
      = (made.client_id, made.priority)
    order by input.place
    """,
)


async def insert(session: Session, rows: Sequence[NewIngestion]) -> list[Accepted]:
    """The rows are queued, in order, each with its snapshot if it brought content."""
    return await session.all(INSERT, *zip(*map(astuple, rows), strict=True))


class Batch(Struct, frozen=True):
    """Ingestions accepted by one request."""

    id: UUID
    client_id: UUID
    total: int
    created_at: datetime
    completed_at: datetime | None


INSERT_BATCH = Query(
    Batch,
    f"insert into batch (client_id, total) values ($1, $2) returning {columns_of(Batch)}",
)


async def insert_batch(transaction: Transaction, client_id: UUID, total: int) -> Batch:
    """A new batch of ``total`` ingestions, none of them written yet."""
    return await transaction.only(INSERT_BATCH, client_id, total)


FIND = Query(Ingestion, f"select {COLUMNS} from ingestion where id = $1 and client_id = $2")


async def find(session: Session, client_id: UUID, ingestion_id: UUID) -> Ingestion | None:
    """The client's ingestion; another client's is None like a missing one."""
    return await session.one(FIND, ingestion_id, client_id)


LIST = Query(
    Ingestion,
    f"""
    select {COLUMNS} from ingestion
    where client_id = $1
      and ($2::uuid is null or id < $2)
      and ($3::text[] is null or state = any($3))
      and ($4::uuid is null or batch_id = $4)
      and ($5::text is null or requested_url = $5)
      and ($6::timestamptz is null or created_at >= $6)
    order by id desc limit $7
    """,
)


async def list_ingestions(
    session: Session,
    client_id: UUID,
    before: UUID | None,
    limit: int,
    *,
    states: Sequence[str] | None = None,
    batch_id: UUID | None = None,
    url: str | None = None,
    since: datetime | None = None,
) -> list[Ingestion]:
    """The client's ingestions, newest first, older than the one with id ``before``."""
    wanted = list(states) if states is not None else None
    return await session.all(LIST, client_id, before, wanted, batch_id, url, since, limit)


class Attempt(Struct, frozen=True):
    """One claim of an ingestion, and how it ended."""

    number: int
    stage: str
    worker: str | None
    started_at: datetime
    duration_ms: int
    http_status: int | None
    content_bytes: int | None
    error_code: str | None
    error_detail: str | None
    is_retryable: bool | None
    robots: Literal["obeyed", "absent", "ignored", "unreachable", "denied"] | None


ATTEMPTS = Query(
    Attempt,
    """
    select number, stage, worker, started_at, duration_ms, http_status, content_bytes, error_code,
      error_detail, is_retryable, robots
    from attempt where ingestion_id = $1 order by fence
    """,
)


async def attempts(session: Session, ingestion_id: UUID) -> list[Attempt]:
    """Every attempt of the ingestion, first to last."""
    return await session.all(ATTEMPTS, ingestion_id)


CANCEL = Query(
    Ingestion,
    f"""
    update ingestion set state = 'cancelled', stage = 'finished', finished_at = now(),
      lease_until = null, fence = fence + 1
    where id = $1 and client_id = $2 and state in ('queued', 'running')
    returning {COLUMNS}
    """,
)


async def cancel(session: Session, client_id: UUID, ingestion_id: UUID) -> Ingestion | None:
    """The ingestion is cancelled, also while it runs; None when it had ended or is not there."""
    return await session.one(CANCEL, ingestion_id, client_id)


RETRY = Query(
    Ingestion,
    f"""
    update ingestion set state = 'queued', stage = 'accepted', is_ready = true, due_at = now(),
      attempt = 0, parser_deaths = 0, deferrals = 0, outcome = null, article_id = null,
      revision = null, page_kind = null, error_code = null, error_detail = null,
      started_at = null, finished_at = null
    where id = $1 and client_id = $2 and state in ('failed', 'cancelled')
    returning {COLUMNS}
    """,
)


async def retry(session: Session, client_id: UUID, ingestion_id: UUID) -> Ingestion | None:
    """The ingestion is queued anew; None when it is not failed or cancelled, or not there."""
    return await session.one(RETRY, ingestion_id, client_id)


DEPTH = Query(
    Count,
    """
    select count(*) from (
      select from ingestion where state = 'queued' and is_ready
        and ($1::uuid is null or client_id = $1) limit $2) waiting
    """,
)


async def depth(session: Session, limit: int, client_id: UUID | None = None) -> int:
    """Rows ready to be claimed, of one client or of all, counted up to ``limit``."""
    return (await session.only(DEPTH, client_id, limit)).count


REEXTRACT = Query(
    Ingestion,
    f"""
    insert into ingestion (client_id, kind, requested_url, identity_key, snapshot_id, priority,
      feed_id)
    select $1, case s.media_type when 'text/plain' then 'text' else 'html' end,
      i.requested_url, i.identity_key, s.id, 2, a.feed_ids[1]
    from article a join snapshot s on s.id = a.snapshot_id
      join ingestion i on i.id = s.ingestion_id
    where a.deleted_at is null
      and ($2::text is null or a.extractor_version <> $2)
      and ($3::text is null or a.site_id = (select id from site where domain = $3))
      and ($4::uuid is null or a.id = $4)
      and not exists (select from ingestion q
        where q.snapshot_id = s.id and q.state in ('queued', 'running'))
    limit $5
    returning {COLUMNS}
    """,
)


async def reextract(
    session: Session,
    client_id: UUID,
    *,
    version_not: str | None,
    site: str | None,
    article_id: UUID | None,
    limit: int,
) -> list[Ingestion]:
    """Kept pages of articles that fit are queued, each unless it is queued already."""
    return await session.all(REEXTRACT, client_id, version_not, site, article_id, limit)
