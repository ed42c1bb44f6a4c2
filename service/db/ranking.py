"""Full text by relevance: what articles are about before what they only mention.

First those whose headline, standfirst and authors answer the query, then the rest; each of the two
parts has an index. Of a part, the newest ``POOL`` matches are ordered, then the ``POOL`` before
them: pages go on without end, and what is ranked is bounded. Where a pool ends is decided by its
first page, so that what comes between pages moves nothing into the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.filters import Filters, Values
from service.db.index_query import index_query
from service.db.search import Part, matches
from service.db.session import Query, Session
from service.db.walks import Place

POOL = 1_000
LATE = 100
"""More than a pool that are read of it on later pages, since articles may have come."""
WEIGHTS = "'{0.1, 0.05, 0.5, 1.0}'"
"""Of body, captions, lead and headline (D, C, B, A)."""
RANK = f"ts_rank_cd({WEIGHTS}, s.tsv, s.query, 1)::float8"
"""By how close together the words are and where, less for long texts."""
FRESH = f"floor(log(2, greatest({RANK}, 1e-9)::numeric))::float8"

Ranked = tuple[float, datetime, UUID]


class RankedPlace(Struct, frozen=True, array_like=True):
    """A place in the order of relevance: in the ``rest`` or before it, in the pool after
    ``pool`` that ends with ``edge`` (null: with the matches), and in that after ``before``."""

    is_rest: bool = False
    pool: Place | None = None
    before: Ranked | None = None
    edge: Place | None = None


class Found(Struct, frozen=True):
    """A match by rank; ``pool_at`` and ``pool_id`` are the last of its pool, which ``is_full`` if
    others may follow.

    A pool without a match after the place asked for is one row whose ``id`` is null.
    """

    id: UUID
    at: datetime
    card: bytes
    rank: float
    pool_at: datetime
    pool_id: UUID
    is_full: bool


def ranked(
    filters: Filters, place: RankedPlace, limit: int, *, is_fresh: bool = False
) -> tuple[Query[Found], list[object]]:
    """The statement that orders one pool of matches by rank, equals by date; ``is_fresh``: ranks
    within a factor of two are equal."""
    values = Values()
    query = index_query(filters, values)
    part: Part = "rest" if place.is_rest else "lead"
    shown = f"s.id, s.sort_at as at, {FRESH if is_fresh else RANK} as rank"
    size = POOL if place.edge is None else POOL + LATE
    rows = matches(filters, place.pool, size, values, shown=shown, part=part)
    edge = f"select at, id, (select count(*) from pool) >= {POOL} as is_full from pool"
    after = within = ""
    if place.edge is not None:
        at, article_id = place.edge
        edge = f"""select {values.add(at, "timestamptz")} as at,
          {values.add(article_id, "uuid")} as id, true as is_full"""
        within = "where (r.at, r.id) >= (select at, id from edge)"
    if place.before is not None:
        rank, at, article_id = place.before
        after = f"""where (rank, at, id) < ({values.add(rank, "float8")},
          {values.add(at, "timestamptz")}, {values.add(article_id, "uuid")})"""
    sql = f"""{query}, pool as materialized ({rows}),
    edge as materialized ({edge} order by at, id limit 1)
    select r.id, r.at, a.card, r.rank, edge.at as pool_at, edge.id as pool_id, edge.is_full
    from edge left join (
      select * from (select * from pool r {within}) p {after}
      order by rank desc, at desc, id desc limit {values.add(limit, "bigint")}) r on true
    left join article a on a.id = r.id
    order by r.rank desc, r.at desc, r.id desc"""
    return Query(Found, sql), values.all


class RankedPage(Struct, frozen=True):
    """Matches by rank, and the place after them; None where there are no more."""

    found: list[Found]
    next: RankedPlace | None


async def search_ranked(
    session: Session,
    filters: Filters,
    place: RankedPlace | None,
    limit: int,
    *,
    is_fresh: bool = False,
) -> RankedPage:
    """The first ``limit`` matches by rank after ``place``, out of as many pools as it takes."""
    found: list[tuple[RankedPlace, Found]] = []
    step: RankedPlace | None = place or RankedPlace()
    while step is not None and len(found) <= limit:
        query, values = ranked(filters, step, limit + 1 - len(found), is_fresh=is_fresh)
        rows = await session.all(query, *values)
        found += [(step, row) for row in rows if row.id is not None]
        step = _after(step, rows)
    shown = found[:limit]
    following = _place_of(*shown[-1]) if len(found) > limit else None
    return RankedPage([row for _, row in shown], following)


def _after(step: RankedPlace, rows: Sequence[Found]) -> RankedPlace | None:
    """Where the pool after that of ``rows`` begins."""
    if rows and rows[0].is_full:
        return RankedPlace(step.is_rest, (rows[0].pool_at, rows[0].pool_id))
    return None if step.is_rest else RankedPlace(is_rest=True)


def _place_of(step: RankedPlace, row: Found) -> RankedPlace:
    edge = (row.pool_at, row.pool_id) if row.is_full else None
    return RankedPlace(step.is_rest, step.pool, (row.rank, row.at, row.id), edge)
