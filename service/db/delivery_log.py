"""The log of deliveries as its owner reads it; redelivery and replay of past events."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.events import WANTED
from service.db.rows import RowId
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
    before: UUID | None,
    limit: int,
    *,
    state: str | None,
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
    """One HTTP attempt of a delivery."""

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
    """Every attempt of the delivery, oldest first."""
    return await session.all(ATTEMPTS, delivery_id)


REDELIVER = Query(
    RowId,
    """
    insert into delivery (event_id, endpoint_id, client_id, url, is_full)
    select d.event_id, d.endpoint_id, d.client_id, p.url, d.is_full
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
    RowId,
    """
    insert into delivery (event_id, endpoint_id, client_id, url)
    select $2, p.id, p.client_id, p.url from endpoint p
    where p.id = $1 and p.deleted_at is null
    returning id
    """,
)


async def add(session: Session, endpoint_id: UUID, event_id: UUID) -> UUID | None:
    """One delivery of ``event_id``, thin; None when the endpoint is gone."""
    added = await session.one(ADD, endpoint_id, event_id)
    return added.id if added else None


REPLAY = Command(
    f"""
    with wanted as materialized (
      select v.id as event_id, v.article_id, v.body, v.document, v.created_at, e.id as endpoint_id,
        e.client_id, e.url, e.payload = 'full' as is_full
      from event v left join article a on a.id = v.article_id left join site s on s.id = a.site_id
        join endpoint e on {WANTED}
      where e.id = $1 and e.client_id = $2 and e.deleted_at is null
        and v.created_at >= $3 and v.type <> 'webhook.test'
      order by v.created_at, v.id limit $4
    ), filled as (
      update event v set document = r.body from wanted w join revision r
        on r.article_id = w.article_id
        and r.number = (convert_from(w.body, 'UTF8')::json->'data'->>'revision')::int
      where v.id = w.event_id and w.is_full and w.document is null)
    insert into delivery (event_id, endpoint_id, client_id, url, is_full)
    select event_id, endpoint_id, client_id, url, is_full from wanted order by created_at, event_id
    """
)


async def replay(
    session: Session, client_id: UUID, endpoint_id: UUID, since: datetime, limit: int
) -> int:
    """Events since ``since`` are queued again for the endpoint, oldest first; how many.

    An event that was recorded without the full payload gets the revision that it was about.
    """
    return await session.run(REPLAY, endpoint_id, client_id, since, limit)
