"""Deliveries: one event to one endpoint, claimed under a lease like any job.

``is_ready`` is false while a retry waits for ``due_at``. The claim goes endpoint by endpoint, so
neither a backlog nor a dead endpoint delays the others: each has at most ``per_endpoint``
deliveries under way, one while its breaker lets a probe through, none while it is open or the
endpoint has asked for a pause.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from service.db import leases
from service.db.session import Command, Query, Session


class Claim(Struct, frozen=True):
    """A delivery that this worker may make, until its lease ends; ``secrets`` are sealed.

    ``document`` is the gzip article that goes into the full payload; null where it is thin.
    """

    id: UUID
    fence: int
    attempt: int
    event_id: UUID
    endpoint_id: UUID
    client_id: UUID
    url: str
    body: bytes
    secrets: list[bytes]
    document: bytes | None


CLAIM = Query(
    Claim,
    """
    with slot as (
      select e.id,
        case when e.failures > 0 and coalesce(e.open_until, e.paused_until) is not null
          then 1 else $2 end
        - (select count(*) from delivery r where r.endpoint_id = e.id and r.state = 'running')
        as free
      from endpoint e
      where e.state = 'enabled' and e.deleted_at is null
        and coalesce(greatest(e.open_until, e.paused_until) <= now(), true)
        and exists (select from delivery q
          where q.endpoint_id = e.id and q.state = 'queued' and q.is_ready)
        and ($5::uuid[] is null
          or e.id in (select endpoint_id from delivery where id = any($5)))
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
      v.body, e.secrets, case when d.is_full then v.document end as document
    """,
)


async def claim(
    session: Session,
    limit: int,
    *,
    per_endpoint: int,
    worker: str,
    lease_s: float,
    hinted: Sequence[UUID] | None = None,
) -> list[Claim]:
    """Up to ``limit`` ready deliveries, now of ``worker`` for ``lease_s``; attempts counted.

    With ``hinted`` deliveries, only those that are next at the endpoints of these.
    """
    ids = None if hinted is None else list(hinted)
    return await session.all(CLAIM, limit, per_endpoint, worker, lease_s, ids)


RENEW = leases.renewal("delivery")


async def renew(session: Session, held: Sequence[Claim], lease_s: float) -> set[UUID]:
    """The leases run on for ``lease_s`` from now; returns the ids that are still ours."""
    return await leases.renew(session, RENEW, held, lease_s)


class NewAttempt(Struct, frozen=True, kw_only=True):
    """One HTTP attempt; ``response`` is the beginning of the answer, for the log."""

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
    """The endpoint after an attempt: how many failed in a row, and for how many days by now."""

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
      paused_until = greatest(e.paused_until, now() + make_interval(secs => $9::float8)),
      open_until = greatest(e.open_until, case when e.failures + 1 >= 5
        then now() + make_interval(secs => least(3600, 60 * 2 ^ least(e.failures - 4, 10))) end)
    from done where e.id = done.endpoint_id
    returning e.id as endpoint_id, e.failures,
      coalesce(extract(epoch from now() - e.failing_since) / 86400, 0)::float8 as failing_days
    """,
)


async def succeed(session: Session, claim: Claim, attempt: NewAttempt) -> Ended | None:
    """The delivery has arrived and its endpoint is well; None when the lease was lost.

    This closes the breaker; a pause that the endpoint asked for meanwhile goes on.
    """
    one = attempt
    return await session.one(
        SUCCEED, claim.id, claim.fence, one.duration_ms, one.http_status, one.response,
        one.error_code, one.error_detail,
    )  # fmt: skip


async def fail(
    session: Session,
    claim: Claim,
    attempt: NewAttempt,
    *,
    retry_s: float | None,
    pause_s: float | None = None,
) -> Ended | None:
    """The attempt failed: again in ``retry_s``, or never; ``pause_s`` holds the whole endpoint.

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
