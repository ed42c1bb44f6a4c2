"""Events, and a delivery of each to every endpoint that wants it, in the transaction of what
happened: a committed change has its event, and an event has its deliveries."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from service.db.session import Query, Transaction


class NewEvent(Struct, frozen=True, kw_only=True):
    """What happened; ``data`` is JSON text. ``client_id`` is null for what all may see."""

    type: str
    data: str
    client_id: UUID | None = None
    article_id: UUID | None = None
    ingestion_id: UUID | None = None


class NewDelivery(Struct, frozen=True):
    """A delivery that is due."""

    id: UUID


RECORD = Query(
    NewDelivery,
    """
    with recorded as (
      insert into event (type, client_id, article_id, ingestion_id, body)
      values ($1, $3, $4, $5, convert_to(
        '{"type":' || to_json($1::text) || ',"timestamp":"'
        || to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || '","data":' || $2::text || '}', 'UTF8'))
      returning id, client_id, type
    )
    insert into delivery (event_id, endpoint_id, client_id, url)
    select r.id, e.id, e.client_id, e.url
    from recorded r join endpoint e
      on (r.client_id is null or e.client_id = r.client_id)
      and (e.event_types = '{}' or r.type = any(e.event_types))
    where e.state = 'enabled' and e.deleted_at is null
    returning id
    """,
)


async def record(transaction: Transaction, event: NewEvent) -> list[UUID]:
    """The event has happened; returns the ids of its deliveries."""
    rows = await transaction.all(
        RECORD, event.type, event.data, event.client_id, event.article_id, event.ingestion_id
    )
    return [row.id for row in rows]
