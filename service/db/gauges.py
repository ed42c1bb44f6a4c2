"""What is measured on request: the queues, stored secrets, and whether Postgres answers."""

from __future__ import annotations

from msgspec import Struct

from service.db.session import Query, Session

COUNT_MAX = 100_000
"""Counting stops here: a look must not cost what work costs."""


class Ping(Struct, frozen=True):
    """An answer."""

    answer: int


PING = Query(Ping, "select 1 as answer")


async def ping(session: Session) -> None:
    """Postgres answers."""
    await session.only(PING)


class Sealed(Struct, frozen=True):
    """A secret as it is kept."""

    secret: bytes


NEWEST_SECRETS = Query(
    Sealed,
    """
    (select secrets[1] as secret from endpoint where secrets <> '{}' order by id desc limit 1)
    union all
    (select secrets[1] from source where secrets <> '{}' order by id desc limit 1)
    union all
    (select secret from websub order by id desc limit 1)
    """,
)


async def newest_secrets(session: Session) -> list[bytes]:
    """The newest sealed secret of endpoints, of sources and of hubs, of those that have one."""
    return [row.secret for row in await session.all(NEWEST_SECRETS)]


class Queue(Struct, frozen=True):
    """Rows of one lane by state, each counted up to ``COUNT_MAX``; ``age_s`` is how long the row
    that is next in line has been due. What waits for an endpoint that is disabled or left alone is
    in no line: more workers would not send it."""

    lane: str
    ready: int
    delayed: int
    running: int
    age_s: float


QUEUES = Query(
    Queue,
    f"""
    select 'ingestion' as lane,
      (select count(*) from (select from ingestion where state = 'queued' and is_ready
        limit {COUNT_MAX}) counted) as ready,
      (select count(*) from (select from ingestion where state = 'queued' and not is_ready
        limit {COUNT_MAX}) counted) as delayed,
      (select count(*) from (select from ingestion where state = 'running'
        limit {COUNT_MAX}) counted) as running,
      coalesce((select extract(epoch from now() - min(first.due_at))::float8
        from generate_series(0, 2) as priority cross join lateral (
          select i.due_at from ingestion i
          where i.priority = priority and i.state = 'queued' and i.is_ready
          order by i.turn limit 1) first), 0) as age_s
    union all
    select 'delivery',
      (select count(*) from (select from delivery where state = 'queued' and is_ready
        limit {COUNT_MAX}) counted),
      (select count(*) from (select from delivery where state = 'queued' and not is_ready
        limit {COUNT_MAX}) counted),
      (select count(*) from (select from delivery where state = 'running'
        limit {COUNT_MAX}) counted),
      coalesce((select extract(epoch from now() - min(first.due_at))::float8
        from endpoint e cross join lateral (
          select d.due_at from delivery d
          where d.endpoint_id = e.id and d.state = 'queued' and d.is_ready
          order by d.id limit 1) first
        where e.state = 'enabled' and e.deleted_at is null
          and coalesce(greatest(e.open_until, e.paused_until) <= now(), true)), 0)
    """,
)


async def queues(session: Session) -> list[Queue]:
    """Both lanes."""
    return await session.all(QUEUES)
