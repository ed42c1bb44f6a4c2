"""Events, and a delivery of each to every endpoint that wants it, in the transaction of what
happened: a committed change has its event, and an event has its deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from service.db.arrays import arrays
from service.db.rows import RowId
from service.db.session import Query, Transaction


class NewEvent(Struct, frozen=True, kw_only=True):
    """What happened; ``data`` is JSON text. ``client_id`` is null for what all may see.

    ``callback_id`` is the endpoint of a ``callback_url``, which is told whatever it wants. With a
    ``feed_id``, which has become one of the article's, only those are told who asked for that feed
    and for no other of the article's.
    """

    type: str
    data: str
    client_id: UUID | None = None
    article_id: UUID | None = None
    ingestion_id: UUID | None = None
    callback_id: UUID | None = None
    feed_id: UUID | None = None


WANTED = """
    (e.kind = 'endpoint' and (v.client_id is null or e.client_id = v.client_id)
      and (e.event_types = '{}' or v.type = any(e.event_types))
      and (e.filter is null or v.article_id is null or (
        (e.filter->'sites' is null or e.filter::jsonb->'sites' ? s.domain)
        and (e.filter->'languages' is null or e.filter::jsonb->'languages' ? a.language)
        and (e.filter->'feed_ids' is null
          or e.filter::jsonb->'feed_ids' ?| a.feed_ids::text[])))
      and (v.feed_id is null or (e.filter::jsonb->'feed_ids' ? v.feed_id::text
        and not e.filter::jsonb->'feed_ids' ?| array_remove(a.feed_ids, v.feed_id)::text[])))
"""
"""Whether endpoint ``e`` wants event ``v`` of article ``a`` on site ``s``."""


def _payload(type: str, data: str) -> str:
    """The bytes that are sent of an event: ``{"type": ..., "timestamp": ..., "data": ...}``."""
    at = """to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"""convert_to(
        '{{"type":' || to_json({type}) || ',"timestamp":"' || {at} || '","data":' || {data} || '}}',
        'UTF8')"""


def telling(first: int, condition: str = "true") -> str:
    """The part of a WITH that records events, given as seven arrays from ``$first`` on, and makes
    their deliveries, whose ids are in ``told``; it does nothing unless ``condition`` holds."""
    types = ("text", "text", "uuid", "uuid", "uuid", "uuid", "uuid")
    return f"""
    v as materialized (
      select new_id() as id, given.*
      from unnest({arrays(types, first)})
        as given(type, data, client_id, article_id, ingestion_id, callback_id, feed_id)
      where {condition}
    ), wanted as materialized (
      select v.id as event_id, e.id as endpoint_id, e.client_id, e.url,
        e.payload = 'full' as is_full
      from v left join article a on a.id = v.article_id left join site s on s.id = a.site_id
        join endpoint e on ({WANTED} or e.id = v.callback_id)
      where e.state = 'enabled' and e.deleted_at is null
    ), recorded as (
      insert into event (id, type, client_id, article_id, ingestion_id, feed_id, body, document)
      select v.id, v.type, v.client_id, v.article_id, v.ingestion_id, v.feed_id,
        {_payload("v.type", "v.data")},
        case when exists (select from wanted w where w.event_id = v.id and w.is_full)
          then (select doc.body from article_doc doc where doc.id = v.article_id) end
      from v
    ), told as (
      insert into delivery (event_id, endpoint_id, client_id, url, is_full)
      select event_id, endpoint_id, client_id, url, is_full from wanted
      returning id
    )"""


RECORD = Query(RowId, f"with {telling(1)} select id from told")


async def record(transaction: Transaction, events: Sequence[NewEvent]) -> list[UUID]:
    """The events have happened; returns the ids of their deliveries.

    The article of an event is kept with it, as it is now, where an endpoint wants it in full.
    """
    return [row.id for row in await transaction.all(RECORD, *columns(events))]


def columns(events: Sequence[NewEvent]) -> list[list[object]]:
    """The arrays of ``telling``."""
    return [[getattr(event, name) for event in events] for name in NewEvent.__struct_fields__]


RECORD_ONLY = Query(
    RowId,
    f"""
    insert into event (type, client_id, article_id, ingestion_id, body)
    values ($1, $3, $4, $5, {_payload("$1::text", "$2::text")}) returning id
    """,
)


async def record_only(transaction: Transaction, event: NewEvent) -> UUID:
    """The event has happened and nobody is told; returns its id."""
    row = await transaction.only(
        RECORD_ONLY, event.type, event.data, event.client_id, event.article_id, event.ingestion_id
    )
    return row.id
