"""Which articles are of the same story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Query, Session

DAYS_APART_MAX = 30
CANDIDATES_MAX = 50


class Candidate(Struct, frozen=True):
    """An article that may be alike, and its cluster."""

    id: UUID
    cluster_id: UUID
    signature: bytes


CANDIDATES = Query(
    Candidate,
    f"""
    select l.id, coalesce(a.cluster_id, a.id) as cluster_id, l.signature
    from article_likeness l join article a on a.id = l.id
    where l.bands && $1::integer[] and a.deleted_at is null and l.id <> $3
      and l.sort_at between $2::timestamptz - interval '{DAYS_APART_MAX} days'
        and $2::timestamptz + interval '{DAYS_APART_MAX} days'
    order by l.id limit {CANDIDATES_MAX}
    """,
)


async def candidates(
    session: Session, bands: Sequence[int], sort_at: datetime, article_id: UUID
) -> list[Candidate]:
    """Other articles of those weeks that share a band, the oldest first."""
    return await session.all(CANDIDATES, list(bands), sort_at, article_id)


class Alike(Struct, frozen=True):
    """A related article: its card, and whether it tells the same story."""

    id: UUID
    card: bytes
    is_same_story: bool


RELATED = Query(
    Alike,
    """
    with me as (
      select a.id, a.cluster_id, a.sort_at, s.cfg, s.tsv from article a
      left join article_search s on s.id = a.id where a.id = $1
    ), same as (
      select a.id, a.card, true as is_same_story, 1e9::float8 as rank, a.sort_at
      from me join article a on a.cluster_id = me.cluster_id and a.id <> me.id
      where a.deleted_at is null order by a.sort_at desc limit $2
    ), words as (
      select string_agg(quote_literal(lexeme), ' | ')::tsquery as query,
        string_agg(quote_literal(sign || lexeme), ' | ')::tsquery as signed from (
        select u.lexeme, search_sign(me.cfg) as sign from me, unnest(me.tsv) u
        where length(u.lexeme) > 2
        order by ('A' = any (u.weights))::int + ('B' = any (u.weights))::int desc,
          cardinality(u.positions) desc limit 12) w
    ), similar_ones as (
      select a.id, a.card, false as is_same_story,
        ts_rank('{0.05, 0.1, 0.4, 1.0}', s.tsv, words.query)::float8 as rank, a.sort_at
      from words, (select b.bucket from me, search_bucket b where b.bucket between
          extract(year from me.sort_at at time zone 'utc')::int * 12
            + extract(month from me.sort_at at time zone 'utc')::int - 2
          and extract(year from me.sort_at at time zone 'utc')::int * 12
            + extract(month from me.sort_at at time zone 'utc')::int + 2) b
        cross join lateral (select f.id, f.tsv from article_search f
          where f.bucket = b.bucket and search_words(f.cfg, f.tsv, f.pairs) @@ words.signed
          limit 1000) s
        join article a on a.id = s.id
      where a.deleted_at is null and a.id <> $1 and a.id not in (select id from same)
      order by rank desc limit $2
    )
    select id, card, is_same_story from (
      select * from same union all select * from similar_ones) x
    order by rank desc, sort_at desc limit $2
    """,
)


async def related(session: Session, article_id: UUID, limit: int) -> list[Alike]:
    """Articles of the same story, newest first, then those that share its weightiest words."""
    return await session.all(RELATED, article_id, limit)
