"""Feeds as their clients see them; polls.py has how they are polled."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db import owned
from service.db.rows import columns_of
from service.db.session import Command, Query, Session


class FeedRow(Struct, frozen=True):
    """One feed of a client; ``options`` is JSON text."""

    id: UUID
    client_id: UUID
    url: str
    kind: str | None
    title: str | None
    site_url: str | None
    language: str | None
    options: str | None
    state: str
    interval_s: int
    failures: int
    error_code: str | None
    error_detail: str | None
    items_seen: int
    self_url: str | None
    hub_url: str | None
    due_at: datetime
    polled_at: datetime | None
    changed_at: datetime | None
    pushed_at: datetime | None
    created_at: datetime
    updated_at: datetime


_COLUMNS = columns_of(FeedRow)

CREATE = Query(
    FeedRow,
    f"""
    insert into feed (client_id, url, identity_key, title, options)
    values ($1, $2, $3, $4, $5)
    on conflict (client_id, identity_key) where deleted_at is null do nothing
    returning {_COLUMNS}
    """,
)


async def create(
    session: Session,
    client_id: UUID,
    *,
    url: str,
    identity_key: str,
    title: str | None,
    options: str | None,
) -> FeedRow | None:
    """A new feed, due now; None when the client has it already."""
    return await session.one(CREATE, client_id, url, identity_key, title, options)


KNOWN = Query(
    FeedRow,
    f"""
    select {_COLUMNS} from feed
    where client_id = $1 and identity_key = $2 and deleted_at is null
    """,
)


async def known(session: Session, client_id: UUID, identity_key: str) -> FeedRow | None:
    """The client's feed at that address."""
    return await session.one(KNOWN, client_id, identity_key)


FIND = owned.finding(FeedRow, "feed", _COLUMNS)


async def find(session: Session, client_id: UUID, feed_id: UUID) -> FeedRow | None:
    """The feed, when it is of ``client_id``."""
    return await session.one(FIND, feed_id, client_id)


LIST = owned.listing(FeedRow, "feed", _COLUMNS, "($4::text is null or state = $4)")


async def list_feeds(
    session: Session, client_id: UUID, after: UUID | None, limit: int, *, state: str | None
) -> list[FeedRow]:
    """The client's feeds in the order of their making, after the one with id ``after``."""
    return await session.all(LIST, client_id, after, limit, state)


UPDATE = Query(
    FeedRow,
    f"""
    update feed set title = coalesce($3, title), options = coalesce($4::json, options),
      state = case when $5::boolean then 'paused'
        when not $5 and state in ('paused', 'gone') then 'active' else state end,
      due_at = case when not $5 and state in ('paused', 'gone') then now() else due_at end,
      updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null
    returning {_COLUMNS}
    """,
)


async def update(
    session: Session,
    client_id: UUID,
    feed_id: UUID,
    *,
    title: str | None,
    options: str | None,
    paused: bool | None,
) -> FeedRow | None:
    """The given ones are set; ``paused`` false wakes a paused or gone feed."""
    return await session.one(UPDATE, feed_id, client_id, title, options, paused)


POLL_NOW = Command(
    """
    update feed set due_at = now(), updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null and state <> 'paused'
    """
)


async def poll_now(session: Session, client_id: UUID, feed_id: UUID) -> bool:
    """The feed is due at once."""
    return await session.run(POLL_NOW, feed_id, client_id) > 0


DELETE = Command(
    """
    with gone as (
      update feed set deleted_at = now()
      where id = $1 and client_id = $2 and deleted_at is null returning id
    ), told as (
      update websub set due_at = now() from gone where feed_id = gone.id)
    select from gone
    """
)


async def delete(session: Session, client_id: UUID, feed_id: UUID) -> bool:
    """The feed is polled no more, and its hub is asked to end its subscription; articles stay."""
    return await session.run(DELETE, feed_id, client_id) > 0
