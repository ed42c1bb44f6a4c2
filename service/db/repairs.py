"""What the sweeper mends: retries that are due, leases that ran out, batches that are complete."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from service.db.session import Query, Session


class Due(Struct, frozen=True):
    """A row that may be worked on now."""

    id: UUID
    priority: int


class IsOurs(Struct, frozen=True):
    """Whether a lock was had."""

    is_ours: bool


LOCK = Query(IsOurs, "select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as is_ours")


async def lock(session: Session, name: str) -> bool:
    """This transaction alone repairs; False when another does."""
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
    """An ingestion whose worker was lost: what became of it."""

    id: UUID
    client_id: UUID
    priority: int
    state: str
    error_code: str


EXPIRE = Query(
    Lost,
    """
    with late as (
      select id, worker, stage, fence, attempt, started_at, parser_deaths
        + (stage = 'parse')::int as deaths,
        case when stage = 'parse' and parser_deaths + 1 >= $2 then 'poison'
             when attempt >= attempts_max then 'worker_lost' end as verdict
      from ingestion where state = 'running' and lease_until < now()
      order by lease_until limit $1 for update skip locked
    ), tried as (
      insert into attempt (ingestion_id, fence, number, stage, worker, started_at, duration_ms,
        error_code, error_detail, is_retryable)
      select id, fence, attempt, stage, worker, started_at,
        extract(epoch from now() - started_at) * 1000, 'worker_lost',
        'the worker did not renew its lease', verdict is null
      from late
    )
    update ingestion i set
      state = case when late.verdict is null then 'queued' else 'failed' end,
      stage = case when late.verdict is null then 'accepted' else 'finished' end,
      finished_at = case when late.verdict is not null then now() end,
      lease_until = null, is_ready = true, due_at = now(), parser_deaths = late.deaths,
      error_code = coalesce(late.verdict, 'worker_lost'),
      error_detail = 'the worker did not renew its lease',
      fence = i.fence + 1
    from late where i.id = late.id
    returning i.id, i.client_id, i.priority, i.state, i.error_code
    """,
)


async def expire(session: Session, limit: int, deaths_max: int) -> list[Lost]:
    """Leases that ran out are over: their ingestions are queued anew, or failed for good."""
    return await session.all(EXPIRE, limit, deaths_max)
