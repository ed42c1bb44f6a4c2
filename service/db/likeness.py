"""Which articles are of the same story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Query, Session

DAYS_APART_MAX = 30
CANDIDATES_MAX = 50
WORDS = 12
"""That tell what an article is about."""
ASKED = 6
"""The heaviest of them, of which a similar article has two. (A million articles: by all twelve 800
ms, by six 120, for 24 of 26 answers.)"""
NEAR = 100
"""Articles before and after one in which its words are counted."""
MONTHS = 2
"""Before and after, in which similar articles are looked for."""
FOUND_MAX = 1_000
"""That are compared."""
SIMILAR = 0.2
"""Of the weight of its words that are in a similar article, three at the least and one of them
early; words that are not early count half. On the corpora's pages, by eye, 2026-11: nearly all from
.2 on are about the same matter, of .12 to .2 a third."""


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
    f"""
    with me as materialized (
      select a.id, a.cluster_id, a.sort_at, s.cfg, s.tsv, search_sign(s.cfg) as sign,
        extract(year from a.sort_at at time zone 'utc')::int * 12
          + extract(month from a.sort_at at time zone 'utc')::int as bucket
      from article a left join article_search s on s.id = a.id where a.id = $1
    ), near as materialized (
      select s.tsv from me cross join lateral (
        (select a.id from article a
          where a.deleted_at is null and (a.sort_at, a.id) < (me.sort_at, me.id)
          order by a.sort_at desc, a.id desc limit {NEAR})
        union all
        (select a.id from article a
          where a.deleted_at is null and (a.sort_at, a.id) > (me.sort_at, me.id)
          order by a.sort_at, a.id limit {NEAR})) n
      join article_search s on s.id = n.id and s.cfg = me.cfg
    ), said as materialized (
      select u.lexeme, quote_literal(u.lexeme)::tsquery as query,
        ln(cardinality(u.positions)) * (
          1 + ('A' = any (u.weights))::int + ('B' = any (u.weights))::int) as weight
      from me, unnest(me.tsv) u
      where cardinality(u.positions) > 1 and strpos(u.lexeme, '\\') = 0
        and (length(u.lexeme) > 2 or u.lexeme ~ '^[^\x01-\x7f]{{2}}$')
      order by 3 desc limit {2 * WORDS}
    ), words as materialized (
      select lexeme, query, (query::text || ':AB')::tsquery as early,
        weight * ln((total + 1) / (held + 0.5)) as weight
      from said cross join lateral (
        select count(*) as total, count(*) filter (where near.tsv @@ said.query) as held
        from near) n
      order by 4 desc limit {WORDS}
    ), signed as materialized (
      select quote_literal(sign || lexeme) as word,
        row_number() over (order by weight desc) as place
      from me, words order by weight desc limit {ASKED}
    ), pairs as materialized (
      select string_agg(a.word || ' & (' || rest.words || ')', ' | ')::tsquery as query
      from signed a cross join lateral (
        select string_agg(b.word, ' | ') as words from signed b where b.place > a.place) rest
    ), similar_ones as materialized (
      select x.id, w.share from me, search_bucket b
        cross join lateral (select s.id, s.tsv from article_search s
          where s.bucket = b.bucket and s.cfg = me.cfg
            and search_words(s.cfg, s.tsv, s.pairs) @@ (select query from pairs)
          limit {FOUND_MAX}) x
        cross join lateral (
          select count(*) as words, bool_or(x.tsv @@ w.early) as is_early,
            sum(case when x.tsv @@ w.early then weight else weight / 2 end)
              / (select sum(weight) from words) as share
          from words w where x.tsv @@ w.query) w
      where b.bucket between me.bucket - {MONTHS} and me.bucket + {MONTHS}
        and w.words > 2 and w.is_early and w.share >= {SIMILAR}
    )
    select * from (
      select a.id, a.card, true as is_same_story
      from me join article a on a.cluster_id = me.cluster_id and a.id <> me.id
      where a.deleted_at is null order by a.sort_at desc, a.id desc limit $2) same
    union all
    select * from (
      select a.id, a.card, false from me, similar_ones s join article a on a.id = s.id
      where a.deleted_at is null and a.id <> me.id and (a.cluster_id = me.cluster_id) is not true
      order by s.share desc, a.sort_at desc, a.id desc limit $2) similar_ones
    limit $2
    """,
)


async def related(session: Session, article_id: UUID, limit: int) -> list[Alike]:
    """Articles of the same story, newest first, then those of its weeks and language that are about
    the same: what is said often, and early, and seldom in other articles of those days."""
    return await session.all(RELATED, article_id, limit)
