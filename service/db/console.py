"""What the console shows: over all clients, the newest, bounded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session

HOURS = 24


class Throughput(Struct, frozen=True):
    """One hour: how many ingestions ended, and how."""

    hour: datetime
    succeeded: int
    failed: int


THROUGHPUT = Query(
    Throughput,
    f"""
    select h.hour, count(i.id) filter (where i.state = 'succeeded') as succeeded,
      count(i.id) filter (where i.state = 'failed') as failed
    from generate_series(date_trunc('hour', now()) - interval '{HOURS - 1} hours',
      date_trunc('hour', now()), interval '1 hour') as h(hour)
    left join (
      select id, state, finished_at from ingestion
      where finished_at > now() - interval '{HOURS} hours' limit 1000000) i
      on date_trunc('hour', i.finished_at) = h.hour
    group by h.hour order by h.hour desc
    """,
)


async def throughput(session: Session) -> list[Throughput]:
    """The last day by hours, newest first."""
    return await session.all(THROUGHPUT)


class FailureGroup(Struct, frozen=True):
    """Failures of one kind at one site."""

    site: str
    code: str
    total: int
    last_at: datetime


FAILURE_GROUPS = Query(
    FailureGroup,
    """
    select coalesce(substring(requested_url from '^https?://([^/?#]+)'), '-') as site,
      error_code as code, count(*) as total, max(finished_at) as last_at
    from (select requested_url, error_code, finished_at from ingestion
      where state = 'failed' order by id desc limit 10000) f
    group by 1, 2 order by total desc, last_at desc limit 50
    """,
)


async def failure_groups(session: Session) -> list[FailureGroup]:
    """The last 10,000 failures by site and code, most first."""
    return await session.all(FAILURE_GROUPS)


class FailedIngestion(Struct, frozen=True):
    """One failure."""

    id: UUID
    client_id: UUID
    requested_url: str | None
    error_code: str
    error_detail: str | None
    attempt: int
    finished_at: datetime


FAILED = Query(
    FailedIngestion,
    """
    select id, client_id, requested_url, error_code, error_detail, attempt, finished_at
    from ingestion where state = 'failed' and ($1::text is null or error_code = $1)
      and ($2::text is null
        or coalesce(substring(requested_url from '^https?://([^/?#]+)'), '-') = $2)
    order by id desc limit 100
    """,
)


async def failed(session: Session, code: str | None, site: str | None) -> list[FailedIngestion]:
    """The last hundred failures, of one code or site if given."""
    return await session.all(FAILED, code, site)


class RecentArticle(Struct, frozen=True):
    """An article just stored."""

    id: UUID
    headline: str | None
    url: str | None
    language: str | None
    page_kind: str
    word_count: int
    revision: int
    updated_at: datetime


RECENT = Query(
    RecentArticle,
    """
    select id, headline, url, language, page_kind, word_count, revision, updated_at
    from article where deleted_at is null order by updated_at desc, id desc limit 100
    """,
)


async def recent(session: Session) -> list[RecentArticle]:
    """The last hundred articles that were stored or changed."""
    return await session.all(RECENT)


class FeedHealth(Struct, frozen=True):
    """A feed and how it does."""

    id: UUID
    url: str
    title: str | None
    state: str
    failures: int
    error_code: str | None
    items_seen: int
    polled_at: datetime | None
    due_at: datetime
    websub: str | None


FEEDS = Query(
    FeedHealth,
    """
    select f.id, f.url, f.title, f.state, f.failures, f.error_code, f.items_seen, f.polled_at,
      f.due_at, w.state as websub
    from feed f left join websub w on w.feed_id = f.id
    where f.deleted_at is null order by f.failures desc, f.due_at limit 200
    """,
)


async def feeds(session: Session) -> list[FeedHealth]:
    """Feeds, those that fail first."""
    return await session.all(FEEDS)


class EndpointHealth(Struct, frozen=True):
    """An endpoint and what waits for it."""

    id: UUID
    kind: str
    url: str
    state: str
    disabled_reason: str | None
    failures: int
    failing_since: datetime | None
    waiting: int


ENDPOINTS = Query(
    EndpointHealth,
    """
    select e.id, e.kind, e.url, e.state, e.disabled_reason, e.failures, e.failing_since,
      (select count(*) from (select from delivery d
        where d.endpoint_id = e.id and d.state = 'queued' limit 1000) q) as waiting
    from endpoint e where e.deleted_at is null order by e.failures desc, e.id limit 200
    """,
)


async def endpoints(session: Session) -> list[EndpointHealth]:
    """Endpoints, those that fail first."""
    return await session.all(ENDPOINTS)


class RecentDelivery(Struct, frozen=True):
    """A delivery that failed or waits for another try."""

    id: UUID
    client_id: UUID
    type: str
    url: str
    state: str
    attempt: int
    http_status: int | None
    error_code: str | None
    created_at: datetime


TROUBLED = Query(
    RecentDelivery,
    """
    select d.id, d.client_id, v.type, d.url, d.state, d.attempt, d.http_status, d.error_code,
      d.created_at
    from (select * from delivery where error_code is not null order by id desc limit 100) d
    join event v on v.id = d.event_id order by d.id desc
    """,
)


async def troubled(session: Session) -> list[RecentDelivery]:
    """The last hundred deliveries that did not arrive at the first try."""
    return await session.all(TROUBLED)


POLL = Command("update feed set due_at = now() where id = $1 and deleted_at is null")


async def poll(session: Session, feed_id: UUID) -> bool:
    """The feed is due at once."""
    return await session.run(POLL, feed_id) > 0


class Owner(Struct, frozen=True):
    """Whose it is."""

    client_id: UUID


OWNER = Query(
    Owner,
    """
    select client_id from ingestion where id = $1
    union all select client_id from delivery where id = $1
    union all select client_id from endpoint where id = $1
    """,
)


async def owner(session: Session, id: UUID) -> UUID | None:
    """The client that an ingestion, delivery or endpoint belongs to."""
    row = await session.one(OWNER, id)
    return row.client_id if row else None
