"""What the sweeper repairs: retries that are due, expired leases, batches that are complete."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from service.db.rows import IsOurs
from service.db.session import Query, Session


class Due(Struct, frozen=True):
    """A row that may be claimed now."""

    id: UUID
    priority: int


LOCK = Query(IsOurs, "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as is_ours")


async def lock(session: Session, name: str) -> bool:
    """True if this transaction has the lock; False if another does the same repair."""
    row = await session.only(LOCK, f"sweep:{name}")
    return row.is_ours


WAKE = Query(
    Due,
    """
    with due as (
      select id from ingestion where state = 'queued' and not is_ready and due_at <= now()
      order by due_at limit $1 for update skip locked)
    update ingestion i set is_ready = true, turn = coalesce((
      select q.turn from ingestion q
      where q.priority = i.priority and q.state = 'queued' and q.is_ready
      order by q.turn limit 1), 0)
    from due where i.id = due.id
    returning i.id, i.priority
    """,
)


async def wake(session: Session, limit: int) -> list[Due]:
    """Retries that have waited long enough are ready, ahead of all that is new."""
    return await session.all(WAKE, limit)


class Lost(Struct, frozen=True):
    """An ingestion whose worker was lost, and what became of it."""

    id: UUID
    client_id: UUID
    batch_id: UUID | None
    requested_url: str | None
    client_ref: str | None
    metadata: str | None
    callback_url: str | None
    priority: int
    state: str
    error_code: str
    error_detail: str


EXPIRE = Query(
    Lost,
    """
    with late as (
      select id, worker, stage, fence, attempt, started_at, attempt >= attempts_max as is_last
      from ingestion where state = 'running' and lease_until < now()
      order by lease_until limit $1 for update skip locked
    ), tried as (
      insert into attempt (ingestion_id, fence, number, stage, worker, started_at, duration_ms,
        error_code, error_detail, is_retryable)
      select id, fence, attempt, stage, worker, started_at,
        extract(epoch from now() - started_at) * 1000, 'worker_lost',
        'the worker did not renew its lease', not is_last
      from late
    )
    update ingestion i set
      state = case when late.is_last then 'failed' else 'queued' end,
      stage = case when late.is_last then 'finished' else 'accepted' end,
      finished_at = case when late.is_last then now() end,
      lease_until = null, is_ready = true, due_at = now(), error_code = 'worker_lost',
      error_detail = 'the worker did not renew its lease',
      fence = i.fence + 1
    from late where i.id = late.id
    returning i.id, i.client_id, i.batch_id, i.requested_url, i.client_ref, i.metadata,
      i.callback_url, i.priority, i.state, i.error_code, i.error_detail
    """,
)


async def expire(session: Session, limit: int) -> list[Lost]:
    """Leases that ran out are over: their ingestions are queued anew, or failed for good."""
    return await session.all(EXPIRE, limit)


class Completed(Struct, frozen=True):
    """A batch whose last ingestion has ended, and how many ended how."""

    id: UUID
    client_id: UUID
    total: int
    succeeded: int
    failed: int
    cancelled: int


COMPLETE = Query(
    Completed,
    """
    with done as (
      select id from batch b where completed_at is null
        and not exists (
          select from ingestion i where i.batch_id = b.id and i.finished_at is null)
      limit $1 for update skip locked
    ), counted as (
      select i.batch_id, count(*) filter (where i.state = 'succeeded') as succeeded,
        count(*) filter (where i.state = 'failed') as failed,
        count(*) filter (where i.state = 'cancelled') as cancelled
      from ingestion i join done on done.id = i.batch_id group by i.batch_id
    )
    update batch b set completed_at = now()
    from done left join counted on counted.batch_id = done.id
    where b.id = done.id
    returning b.id, b.client_id, b.total, coalesce(counted.succeeded, 0) as succeeded,
      coalesce(counted.failed, 0) as failed, coalesce(counted.cancelled, 0) as cancelled
    """,
)


async def complete(session: Session, limit: int) -> list[Completed]:
    """Batches of which nothing is open any more are complete."""
    return await session.all(COMPLETE, limit)
