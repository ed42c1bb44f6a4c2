"""Items of feeds that were seen: what they were known by, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session


class Seen(Struct, frozen=True):
    """An item that is new, or says something else than before."""

    item_hash: bytes


SEE = Query(
    Seen,
    """
    insert into feed_item (feed_id, item_hash, content_hash, url)
    select $1, i.item_hash, i.content_hash, i.url
    from unnest($2::bytea[], $3::bytea[], $4::text[]) as i (item_hash, content_hash, url)
    order by i.item_hash -- a push and a poll lock their items in one order
    on conflict (feed_id, item_hash) do update
      set content_hash = excluded.content_hash, url = excluded.url, seen_at = now()
      where feed_item.content_hash is distinct from excluded.content_hash
    returning item_hash
    """,
)


async def see(
    session: Session,
    feed_id: UUID,
    items: Sequence[tuple[bytes, bytes, str | None]],
) -> set[bytes]:
    """Of ``items`` (hash of identity, hash of content, URL), those that are new or changed."""
    columns = [list(column) for column in zip(*items, strict=True)] or [[], [], []]
    return {row.item_hash for row in await session.all(SEE, feed_id, *columns)}


COUNT_ITEMS = Command(
    """
    update feed set items_seen = (select count(*) from feed_item where feed_id = $1)
    where id = $1
    """
)


async def count_items(session: Session, feed_id: UUID) -> None:
    """The feed's ``items_seen`` is right."""
    await session.run(COUNT_ITEMS, feed_id)


FORGET = Command(
    """
    delete from feed_item where (feed_id, item_hash) in (
      select feed_id, item_hash from feed_item
      where feed_id = $1 order by seen_at desc offset $2 limit 10000)
    """
)


async def forget(session: Session, feed_id: UUID, keep: int) -> int:
    """Only the ``keep`` items seen last are remembered; how many were forgotten."""
    return await session.run(FORGET, feed_id, keep)
