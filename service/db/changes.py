"""The sync log: what has changed since a place in it, in an order that skips nothing.

A row's place is (transaction, number). Readers stop before the oldest transaction that still
runs, so what commits late comes later, never behind a reader's back.
"""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from service.db.session import Query, Session


class Place(Struct, frozen=True):
    """A place in the log: everything up to it has been read."""

    xid: int
    id: int


class Change(Struct, frozen=True):
    """One article that changed; ``card`` and ``body`` (gzip) only where asked for."""

    xid: int
    id: int
    op: str
    article_id: UUID
    reason: str
    revision: int | None
    card: bytes | None
    body: bytes | None


NOTHING = "null::bytea"
CARD = "(select card from article a where a.id = c.article_id and a.deleted_at is null)"
BODY = "(select body from article_doc d where d.id = c.article_id)"


def _since(card: str = NOTHING, body: str = NOTHING) -> Query[Change]:
    """A page of the log; ``card`` and ``body`` are what is there now. (Values stand in a SELECT of
    their own, so that the statement is planned once; see ``filters.Values``.)"""
    return Query(
        Change,
        f"""
        select c.xid, c.id, c.op, c.article_id, c.reason, c.revision,
          case when c.op = 'upsert' then {card} end as card,
          case when c.op = 'upsert' then {body} end as body
        from (
          select xid, id, op, article_id, reason, revision from change
          where (xid, id) > ((select $1::text)::xid8, (select $2::bigint))
            and xid < pg_snapshot_xmin(pg_current_snapshot())
          order by xid, id limit (select $3::bigint)) c
        order by c.xid, c.id
        """,
    )


SINCE = _since()
SINCE_CARDS = _since(card=CARD)
SINCE_BODIES = _since(body=BODY)
_SINCE = {"card": SINCE_CARDS, "full": SINCE_BODIES}


async def since(session: Session, place: Place, limit: int, include: str) -> list[Change]:
    """Up to ``limit`` changes after ``place``, oldest first, with the present article."""
    return await session.all(_SINCE.get(include, SINCE), str(place.xid), place.id, limit)


class Present(Struct, frozen=True):
    """An article that is there, as the first sync walks over all of them."""

    id: UUID
    revision: int
    card: bytes | None
    body: bytes | None


FIRST = UUID(int=0)
"""Before every id."""
WALK = Query(
    Present,
    f"""
    select a.id, a.revision, case when $3 = 'card' then a.card end as card,
      case when $3 = 'full' then d.body end as body
    from (select id, revision, card from article
      where deleted_at is null and id > coalesce((select $1::uuid), '{FIRST}')
      order by id limit (select $2::bigint)) a
    left join article_doc d on $3 = 'full' and d.id = a.id
    order by a.id
    """,
)


async def walk(session: Session, after: UUID | None, limit: int, include: str) -> list[Present]:
    """Articles in the order of their ids, after ``after``."""
    return await session.all(WALK, after, limit, include)


class Bounds(Struct, frozen=True):
    """Where the log ends for readers now, before which place it was pruned, and since when its
    places mean what they do (see ``restored``)."""

    end_xid: int
    pruned_xid: int
    pruned_id: int
    epoch: int


BOUNDS = Query(
    Bounds,
    """
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as end_xid,
      xid::text::bigint as pruned_xid, id as pruned_id, epoch from change_horizon
    """,
)


async def bounds(session: Session) -> Bounds:
    """The bounds of the log."""
    return await session.only(BOUNDS)
