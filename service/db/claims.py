"""Ingestions as the worker sees them: claim, renew, finish, put back.

A claim is a conditional UPDATE that takes a lease, raises ``attempt`` and moves ``fence`` on.
Whatever ends it is one conditional UPDATE too, which holds only while the row is still running
under that fence, and writes the attempt's row in the same statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.arrays import array
from service.db.events import NewEvent, columns, telling
from service.db.rows import RowId, columns_of
from service.db.session import Query, Session

PARSER_DEATHS_MAX = 3
"""A page that ends its parser so often is poison: it is not tried again."""


class Claim(Struct, frozen=True):
    """A leased ingestion; ``attempt`` counts this try, ``metadata``, ``options`` are JSON text."""

    id: UUID
    fence: int
    client_id: UUID
    batch_id: UUID | None
    source_id: UUID | None
    feed_id: UUID | None
    kind: str
    requested_url: str | None
    identity_key: str | None
    snapshot_id: UUID | None
    priority: int
    attempt: int
    attempts_max: int
    parser_deaths: int
    deferrals: int
    client_ref: str | None
    metadata: str | None
    callback_url: str | None
    options: str | None
    traceparent: str | None
    created_at: datetime
    started_at: datetime


_TAKE = f"""
    update ingestion i set state = 'running',
      stage = case i.kind when 'url' then 'fetch' else 'parse' end,
      attempt = i.attempt + 1, fence = i.fence + 1, worker = $2, started_at = now(),
      lease_until = now() + make_interval(secs => $3)
    from due where i.id = due.id
    returning {columns_of(Claim, "i.")}
"""
BY_ID = Query(
    Claim,
    f"""
    with due as (
      select id from ingestion where id = any({array("uuid", 1)}) and state = 'queued' and is_ready
      order by id for update skip locked)
    {_TAKE}
    """,
)
BY_TURN = Query(
    Claim,
    f"""
    with due as (
      select id from ingestion where state = 'queued' and is_ready
      order by priority, turn, id limit $1 for update skip locked)
    {_TAKE}
    """,
)


async def claim(session: Session, ids: Sequence[UUID], worker: str, lease_s: float) -> list[Claim]:
    """Those of ``ids`` that are due, now leased to ``worker``."""
    return await session.all(BY_ID, list(ids), worker, lease_s)


async def claim_next(session: Session, count: int, worker: str, lease_s: float) -> list[Claim]:
    """The ``count`` due rows whose turn it is, now leased to ``worker``."""
    return await session.all(BY_TURN, count, worker, lease_s)


RENEW = Query(
    RowId,
    """
    update ingestion i set lease_until = now() + make_interval(secs => $4), stage = held.stage
    from (select * from unnest($1::uuid[], $2::bigint[], $3::text[]) as u(id, fence, stage)
          order by id) held
    where i.id = held.id and i.fence = held.fence and i.state = 'running'
    returning i.id
    """,
)


async def renew(
    session: Session, held: Sequence[tuple[UUID, int, str]], lease_s: float
) -> set[UUID]:
    """The leases of ``held`` (id, fence, stage) run on; returns the ids that are still ours."""
    ids, fences, stages = zip(*held, strict=True) if held else ((), (), ())
    rows = await session.all(RENEW, list(ids), list(fences), list(stages), lease_s)
    return {row.id for row in rows}


class Ending(Struct, frozen=True, kw_only=True):
    """What an attempt was and how it ended, as its row and the ingestion's keep it."""

    stage: str
    duration_ms: int
    http_status: int | None = None
    content_bytes: int | None = None
    error_code: str | None = None
    error_detail: str | None = None
    is_retryable: bool | None = None
    robots: str | None = None
    outcome: str | None = None
    article_id: UUID | None = None
    revision: int | None = None
    page_kind: str | None = None
    snapshot_id: UUID | None = None
    identity_key: str | None = None


_ATTEMPT = """
    tried as (
      insert into attempt (ingestion_id, fence, number, stage, worker, started_at, duration_ms,
        http_status, content_bytes, error_code, error_detail, is_retryable, robots)
      select id, $2, attempt, $3, worker, now() - make_interval(secs => $4::integer / 1000.0), $4,
        $5, $6, $7, $8, $9, $10
      from ended)
"""


class Finished(Struct, frozen=True):
    """An ingestion that has ended, and the deliveries of its events."""

    id: UUID
    deliveries: list[UUID]


FINISH = Query(
    Finished,
    f"""
    with ended as (
      update ingestion set state = $11, stage = 'finished', finished_at = now(),
        lease_until = null, outcome = $12, article_id = $13, revision = $14, page_kind = $15,
        snapshot_id = coalesce(snapshot_id, $16), identity_key = coalesce($17, identity_key),
        error_code = $7, error_detail = $8
      where id = $1 and fence = $2 and state = 'running'
      returning id, attempt, worker
    ), {_ATTEMPT}, {telling(18, "exists (select from ended)")}
    select ended.id, array(select id from told) as deliveries from ended
    """,
)


async def finish(
    session: Session, claim: Claim, state: str, ending: Ending, events: Sequence[NewEvent] = ()
) -> list[UUID] | None:
    """The ingestion has ended as ``state`` and ``events`` have happened; returns the ids of their
    deliveries, or None when the claim is no longer ours: then nothing is written."""
    row = await session.one(
        FINISH, *_tried(claim, ending), state, ending.outcome, ending.article_id, ending.revision,
        ending.page_kind, ending.snapshot_id, ending.identity_key, *columns(events),
    )  # fmt: skip
    return None if row is None else row.deliveries


RETRY_LATER = Query(
    RowId,
    f"""
    with ended as (
      update ingestion set state = 'queued', stage = 'accepted', is_ready = false,
        lease_until = null, due_at = now() + make_interval(secs => $11),
        parser_deaths = parser_deaths + $12, error_code = $7, error_detail = $8
      where id = $1 and fence = $2 and state = 'running'
      returning id, attempt, worker
    ), {_ATTEMPT}
    select id from ended
    """,
)


async def retry_later(
    session: Session, claim: Claim, ending: Ending, *, due_in_s: float, is_parser_death: bool
) -> bool:
    """The ingestion waits for its next attempt; False when the claim is no longer ours."""
    row = await session.one(RETRY_LATER, *_tried(claim, ending), due_in_s, int(is_parser_death))
    return row is not None


DEFER = Query(
    RowId,
    """
    update ingestion set state = 'queued', stage = 'accepted', lease_until = null,
      attempt = attempt - 1, deferrals = deferrals + 1, is_ready = $3::float8 <= 0,
      due_at = now() + make_interval(secs => $3)
    where id = $1 and fence = $2 and state = 'running'
    returning id
    """,
)


async def defer(session: Session, claim: Claim, due_in_s: float) -> bool:
    """The ingestion is put back and its attempt not counted; False when no longer ours."""
    return await session.one(DEFER, claim.id, claim.fence, due_in_s) is not None


def _tried(claim: Claim, ending: Ending) -> tuple[object, ...]:
    return (
        claim.id, claim.fence, ending.stage, ending.duration_ms, ending.http_status,
        ending.content_bytes, ending.error_code, ending.error_detail, ending.is_retryable,
        ending.robots,
    )  # fmt: skip
