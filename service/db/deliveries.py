"""Deliveries: one event to one endpoint, claimed under a lease like any job.

``is_ready`` is false while a retry waits for ``due_at``. The claim goes endpoint by endpoint, so
neither a backlog nor a dead endpoint holds up the others: each has at most ``per_endpoint``
deliveries under way, one while its breaker lets a probe through, none while it is open.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session


class Delivery(Struct, frozen=True):
    """One delivery as its owner sees it."""

    id: UUID
    event_id: UUID
    event_type: str
    endpoint_id: UUID
    url: str
    state: str
    attempt: int
    due_at: datetime
    http_status: int | None
    error_code: str | None
    error_detail: str | None
    created_at: datetime
    finished_at: datetime | None


_COLUMNS = """
    d.id, d.event_id, e.type as event_type, d.endpoint_id, d.url, d.state, d.attempt, d.due_at,
    d.http_status, d.error_code, d.error_detail, d.created_at, d.finished_at
"""


class Claim(Struct, frozen=True):
    """A delivery that this worker may make, until its lease ends; ``secrets`` are sealed."""

    id: UUID
    fence: int
    attempt: int
    event_id: UUID
    endpoint_id: UUID
    client_id: UUID
    url: str
    body: bytes
    secrets: list[bytes]


CLAIM = Query(
    Claim,
    """
    with slot as (
      select e.id, case when e.failures > 0 and e.open_until is not null then 1 else $2 end
        - (select count(*) from delivery r where r.endpoint_id = e.id and r.state = 'running')
        as free
      from endpoint e
      where e.state = 'enabled' and e.deleted_at is null
        and (e.open_until is null or e.open_until <= now())
        and exists (select from delivery q
          where q.endpoint_id = e.id and q.state = 'queued' and q.is_ready)
    ), picked as (
      select d.id from slot s cross join lateral (
        select id from delivery q
        where q.endpoint_id = s.id and q.state = 'queued' and q.is_ready
        order by id limit greatest(s.free, 0)) d
      limit $1
    ), locked as (
      select id from delivery where id in (select id from picked)
        and state = 'queued' and is_ready
      for update skip locked
    )
    update delivery d set state = 'running', attempt = d.attempt + 1, fence = d.fence + 1,
      worker = $3, lease_until = now() + make_interval(secs => $4)
    from locked l, event v, endpoint e
    where d.id = l.id and v.id = d.event_id and e.id = d.endpoint_id
    returning d.id, d.fence, d.attempt, d.event_id, d.endpoint_id, d.client_id, e.url,
      coalesce(d.body, v.body) as body, e.secrets
    """,
)


async def claim(
    session: Session, limit: int, *, per_endpoint: int, worker: str, lease_s: float
) -> list[Claim]:
    """Up to ``limit`` ready deliveries, now of ``worker`` for ``lease_s``; attempts counted."""
    return await session.all(CLAIM, limit, per_endpoint, worker, lease_s)


class Try(Struct, frozen=True, kw_only=True):
    """How one HTTP try went; ``response`` is the head of the reply, for the log."""

    duration_ms: int
    http_status: int | None = None
    response: str | None = None
    error_code: str | None = None
    error_detail: str | None = None


_LOGGED = """
    logged as (
      insert into delivery_attempt (delivery_id, fence, number, started_at, duration_ms,
        http_status, response, error_code, error_detail)
      select id, fence, attempt, now() - make_interval(secs => $3 / 1000.0), $3, $4, $5, $6, $7
      from done)
"""


class Ended(Struct, frozen=True):
    """The endpoint after a try: how many failed in a row, and for how many days by now."""

    endpoint_id: UUID
    failures: int
    failing_days: float


SUCCEED = Query(
    Ended,
    f"""
    with done as (
      update delivery set state = 'succeeded', finished_at = now(), lease_until = null,
        http_status = $4, error_code = null, error_detail = null
      where id = $1 and fence = $2 and state = 'running'
      returning id, fence, attempt, endpoint_id), {_LOGGED}
    update endpoint e set failures = 0, failing_since = null, open_until = null
    from done where e.id = done.endpoint_id
    returning e.id as endpoint_id, e.failures,
      coalesce(extract(epoch from now() - e.failing_since) / 86400, 0)::float8 as failing_days
    """,
)

FAIL = Query(
    Ended,
    f"""
    with done as (
      update delivery set lease_until = null, http_status = $4, error_code = $6,
        error_detail = $7,
        state = case when $8::float8 is null then 'failed' else 'queued' end,
        is_ready = false,
        due_at = now() + make_interval(secs => coalesce($8::float8, 0)),
        finished_at = case when $8::float8 is null then now() end
      where id = $1 and fence = $2 and state = 'running'
      returning id, fence, attempt, endpoint_id), {_LOGGED}
    update endpoint e set failures = e.failures + 1,
      failing_since = coalesce(e.failing_since, now()),
      open_until = case when $9::float8 is not null
        then greatest(e.open_until, now() + make_interval(secs => $9::float8))
        when e.failures + 1 >= 5
        then now() + make_interval(secs => least(3600, 30 * 2 ^ least(e.failures - 4, 10)))
        end
    from done where e.id = done.endpoint_id
    returning e.id as endpoint_id, e.failures,
      coalesce(extract(epoch from now() - e.failing_since) / 86400, 0)::float8 as failing_days
    """,
)


async def succeed(session: Session, claim: Claim, attempt: Try) -> Ended | None:
    """The delivery has arrived and its endpoint is well; None when the lease was lost."""
    one = attempt
    return await session.one(
        SUCCEED, claim.id, claim.fence, one.duration_ms, one.http_status, one.response,
        one.error_code, one.error_detail,
    )  # fmt: skip


async def fail(
    session: Session,
    claim: Claim,
    attempt: Try,
    *,
    retry_s: float | None,
    pause_s: float | None = None,
) -> Ended | None:
    """The try failed: again in ``retry_s``, or never; ``pause_s`` holds the whole endpoint.

    The fifth failure in a row opens the endpoint's breaker for a minute, doubling to an hour.
    """
    one = attempt
    return await session.one(
        FAIL, claim.id, claim.fence, one.duration_ms, one.http_status, one.response,
        one.error_code, one.error_detail, retry_s, pause_s,
    )  # fmt: skip


RELEASE = Command(
    """
    update delivery set state = 'queued', attempt = attempt - 1, lease_until = null
    where id = $1 and fence = $2 and state = 'running'
    """
)


async def release(session: Session, claim: Claim) -> bool:
    """The claim is given back untried, as when the worker stops."""
    return await session.run(RELEASE, claim.id, claim.fence) > 0


RIPEN = Command(
    """
    with due as (
      select id from delivery where state = 'queued' and not is_ready and due_at <= now()
      order by due_at limit $1 for update skip locked)
    update delivery d set is_ready = true from due where d.id = due.id
    """
)


async def ripen(session: Session, limit: int) -> int:
    """Retries whose time has come are ready; how many."""
    return await session.run(RIPEN, limit)


RECLAIM = Command(
    """
    with lost as (
      select id from delivery where state = 'running' and lease_until < now()
      limit $1 for update skip locked)
    update delivery d set state = 'queued', is_ready = true, lease_until = null
    from lost where d.id = lost.id
    """
)


async def reclaim(session: Session, limit: int) -> int:
    """Deliveries whose worker is gone are queued again; how many."""
    return await session.run(RECLAIM, limit)


LIST = Query(
    Delivery,
    f"""
    select {_COLUMNS} from delivery d join event e on e.id = d.event_id
    where d.client_id = $1 and d.endpoint_id = $2 and ($3::uuid is null or d.id < $3)
      and ($4::text is null or d.state = $4)
    order by d.id desc limit $5
    """,
)


async def list_deliveries(
    session: Session,
    client_id: UUID,
    endpoint_id: UUID,
    *,
    before: UUID | None,
    state: str | None,
    limit: int,
) -> list[Delivery]:
    """The endpoint's deliveries, newest first, before the one with id ``before``."""
    return await session.all(LIST, client_id, endpoint_id, before, state, limit)


FIND = Query(
    Delivery,
    f"""
    select {_COLUMNS} from delivery d join event e on e.id = d.event_id
    where d.id = $1 and d.client_id = $2
    """,
)


async def find(session: Session, client_id: UUID, delivery_id: UUID) -> Delivery | None:
    """The delivery, when it is of ``client_id``."""
    return await session.one(FIND, delivery_id, client_id)


class DeliveryAttempt(Struct, frozen=True):
    """One HTTP try of a delivery."""

    number: int
    started_at: datetime
    duration_ms: int
    http_status: int | None
    response: str | None
    error_code: str | None
    error_detail: str | None


ATTEMPTS = Query(
    DeliveryAttempt,
    """
    select number, started_at, duration_ms, http_status, response, error_code, error_detail
    from delivery_attempt where delivery_id = $1 order by fence limit 100
    """,
)


async def attempts(session: Session, delivery_id: UUID) -> list[DeliveryAttempt]:
    """Every try of the delivery, oldest first."""
    return await session.all(ATTEMPTS, delivery_id)


class Added(Struct, frozen=True):
    """A delivery just queued."""

    id: UUID


REDELIVER = Query(
    Added,
    """
    insert into delivery (event_id, endpoint_id, client_id, url, body)
    select d.event_id, d.endpoint_id, d.client_id, p.url, d.body
    from delivery d join endpoint p on p.id = d.endpoint_id and p.deleted_at is null
    where d.id = $1 and d.client_id = $2
    returning id
    """,
)


async def redeliver(session: Session, client_id: UUID, delivery_id: UUID) -> UUID | None:
    """The same event is queued for the same endpoint again, same id, same bytes."""
    added = await session.one(REDELIVER, delivery_id, client_id)
    return added.id if added else None


ADD = Query(
    Added,
    """
    insert into delivery (event_id, endpoint_id, client_id, url, body)
    select $2, p.id, p.client_id, p.url, $3 from endpoint p
    where p.id = $1 and p.deleted_at is null
    returning id
    """,
)


async def add(
    session: Session, endpoint_id: UUID, event_id: UUID, body: bytes | None = None
) -> UUID | None:
    """One delivery of ``event_id``; ``body`` where it differs from the event's."""
    added = await session.one(ADD, endpoint_id, event_id, body)
    return added.id if added else None


REPLAY = Command(
    """
    insert into delivery (event_id, endpoint_id, client_id, url)
    select v.id, p.id, p.client_id, p.url
    from endpoint p join event v
      on (v.client_id is null or v.client_id = p.client_id)
      and (p.event_types = '{}' or v.type = any (p.event_types))
    where p.id = $1 and p.client_id = $2 and p.deleted_at is null and p.kind = 'endpoint'
      and v.created_at >= $3 and v.type <> 'webhook.test'
    order by v.created_at, v.id limit $4
    """
)


async def replay(
    session: Session, client_id: UUID, endpoint_id: UUID, since: datetime, limit: int
) -> int:
    """Events since ``since`` are queued again for the endpoint, oldest first; how many."""
    return await session.run(REPLAY, endpoint_id, client_id, since, limit)


PRUNE = Command(
    """
    with old as (
      select id from event where created_at < now() - make_interval(days => $1)
      order by created_at limit $2)
    delete from event v using old where v.id = old.id
    """
)


async def prune(session: Session, keep_days: int, limit: int) -> int:
    """Events older than ``keep_days`` are gone, with their deliveries; how many."""
    return await session.run(PRUNE, keep_days, limit)


class DeliveryDepth(Struct, frozen=True):
    """What waits: how many are ready and how old the oldest of them is."""

    ready: int
    oldest_s: float


DEPTH = Query(
    DeliveryDepth,
    """
    select count(*)::int as ready,
      coalesce(extract(epoch from now() - min(due_at)), 0)::float8 as oldest_s
    from (select due_at from delivery where state = 'queued' and is_ready order by id
      limit 10000) d
    """,
)


async def depth(session: Session) -> DeliveryDepth:
    """Ready deliveries, counted up to 10,000."""
    found = await session.one(DEPTH)
    assert found is not None  # noqa: S101  # an aggregate returns one row
    return found
