"""Full text: each article indexed by its own language's stemmer, found newest first or by rank.

The index is (month, site, words). A search walks the months that hold anything from the newest
on, so a common word stops early and a word that occurs nowhere costs one probe a month. A query is
stemmed by every configuration in use; a row counts only if its own configuration's query fits.

By rank, the newest ``POOL`` matches are ordered, then the ``POOL`` before them: pages go on
without end, and what is ranked is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.filters import THERE, Filters, Values, conditions, site_ids
from service.db.listing import Listed, Place, Total
from service.db.session import Command, Query, Session, Transaction
from service.terms import Searchable, config_of

POOL = 1_000
WEIGHTS = "'{0.1, 0.2, 0.5, 1.0}'"
"""Of body, captions, lead and headline."""
COUNT_MAX = 10_000

INDEX = Command(
    """
    with put as (
      insert into article_search (id, sort_at, bucket, site_id, cfg, tsv)
      values ($1, $2,
        extract(year from $2 at time zone 'utc')::int * 12
          + extract(month from $2 at time zone 'utc')::int,
        $3, $4::text::regconfig,
        setweight(to_tsvector($4::text::regconfig, $5), 'A')
        || setweight(to_tsvector($4::text::regconfig, $6), 'B')
        || setweight(to_tsvector($4::text::regconfig, $7), 'C')
        || setweight(to_tsvector($4::text::regconfig, $8), 'D'))
      on conflict (id) do update set sort_at = excluded.sort_at, bucket = excluded.bucket,
        site_id = excluded.site_id, cfg = excluded.cfg, tsv = excluded.tsv
      returning bucket, cfg
    ), named as (
      insert into search_config select cfg from put
      where cfg not in (select cfg from search_config) on conflict do nothing
    )
    insert into search_bucket select bucket from put
    where bucket not in (select bucket from search_bucket) on conflict do nothing
    """
)


async def index(
    transaction: Transaction,
    article_id: UUID,
    sort_at: datetime,
    site_id: int | None,
    texts: Searchable,
) -> None:
    """The article is found by ``texts``."""
    await transaction.run(
        INDEX, article_id, sort_at, site_id or 0, texts.config, texts.headline, texts.lead,
        texts.captions, texts.body,
    )  # fmt: skip


DROP = Command("delete from article_search where id = $1")


async def drop(transaction: Transaction, article_id: UUID) -> None:
    """The article is found no more."""
    await transaction.run(DROP, article_id)


class Found(Struct, frozen=True):
    """A match by rank; ``pool_at`` and ``pool_id`` are the last of its pool of ``pool_size``."""

    id: UUID
    at: datetime
    card: bytes
    rank: float
    pool_at: datetime
    pool_id: UUID
    pool_size: int


def _asked(filters: Filters, values: Values) -> str:
    """``asked``: the query by configuration; ``words``: all of them as one."""
    chosen = sorted({config_of(code) for code in filters.lang.any_of})
    only = f"where cfg::text = any({values.add(chosen, 'text[]')})" if chosen else ""
    query = values.add(filters.query, "text")
    return f"""
    with asked as materialized (
      select cfg, websearch_to_tsquery(cfg, {query}) as query from search_config {only}
    ), words as materialized (
      select string_agg(distinct '(' || query::text || ')', ' | ')::tsquery as query from asked
      where numnode(query) > 0 and querytree(query) not in ('', 'T')
    )"""


def _matches(filters: Filters, before: Place | None, size: str, values: Values) -> str:
    """The newest ``size`` matches: id, at, card, tsv, query."""
    sites = ""
    if filters.site.any_of:
        sites = f"and s.site_id = any(array{site_ids(filters.site.any_of, values)})"
    place, newest = "", ""
    if before is not None:
        at, article_id = values.add(before[0], "timestamptz"), values.add(before[1], "uuid")
        place = f"and (s.sort_at, s.id) < ({at}, {article_id})"
        newest = f"""where bucket <= extract(year from {at} at time zone 'utc')::int * 12
          + extract(month from {at} at time zone 'utc')::int"""
    held = conditions(filters, values, but="site" if sites else None)
    # What is deleted has no row here: where nothing else narrows, only what is shown is joined.
    first = f"order by s.sort_at desc, s.id desc limit {size}" if held == THERE else "offset 0"
    return f"""
      select x.* from (select bucket from search_bucket {newest} order by bucket desc) b
      cross join lateral (
        select a.id, y.sort_at as at, a.card, y.tsv, y.query from (
          select s.id, s.sort_at, s.tsv, q.query from article_search s join asked q using (cfg)
          where s.bucket = b.bucket {sites} and s.tsv @@ (select query from words)
            {place} and s.tsv @@ q.query {first}) y
        join article a on a.id = y.id
        where {held}
        order by y.sort_at desc, y.id desc limit {size}) x
      limit {size}"""


def newest(
    filters: Filters, before: Place | None, limit: int
) -> tuple[Query[Listed], list[object]]:
    """The statement that finds, newest first."""
    values = Values()
    asked = _asked(filters, values)
    rows = _matches(filters, before, values.add(limit, "bigint"), values)
    sql = f"{asked} select id, at, card from ({rows}) z order by at desc, id desc"
    return Query(Listed, sql), values.all


RankedPlace = tuple[float, datetime, UUID]


def ranked(
    filters: Filters, pool: Place | None, before: RankedPlace | None, limit: int
) -> tuple[Query[Found], list[object]]:
    """The statement that orders one pool of matches by rank, equals by date."""
    values = Values()
    asked = _asked(filters, values)
    rows = _matches(filters, pool, values.add(POOL, "bigint"), values)
    place = ""
    if before is not None:
        rank, at, article_id = before
        place = f"""where (rank, at, id) < ({values.add(rank, "float8")},
          {values.add(at, "timestamptz")}, {values.add(article_id, "uuid")})"""
    sql = f"""{asked}, pool as materialized ({rows}),
    edge as (select at, id, (select count(*) from pool)::int as size
      from pool order by at, id limit 1)
    select r.id, r.at, r.card, r.rank, edge.at as pool_at, edge.id as pool_id,
      edge.size as pool_size
    from edge left join (
      select * from (
        select id, at, card, ts_rank_cd({WEIGHTS}, tsv, query, 1)::float8 as rank from pool) k
      {place} order by rank desc, at desc, id desc
      limit {values.add(limit, "bigint")}) r on true
    where r.id is not null or edge.size >= {POOL}
    order by r.rank desc, r.at desc, r.id desc"""
    return Query(Found, sql), values.all


async def search(
    session: Session, filters: Filters, before: Place | None, limit: int
) -> list[Listed]:
    """Matches of ``filters.query``, newest first, after the place ``before``."""
    query, values = newest(filters, before, limit)
    return await session.all(query, *values)


class RankedPage(Struct, frozen=True):
    """Matches by rank, and the pool and place from which to go on."""

    found: list[Found]
    pool: Place | None


async def search_ranked(
    session: Session,
    filters: Filters,
    pool: Place | None,
    before: RankedPlace | None,
    limit: int,
) -> RankedPage:
    """Up to ``limit`` matches by rank within the pool after ``pool``, or within the next ones."""
    while True:
        query, values = ranked(filters, pool, before, limit)
        rows = await session.all(query, *values)
        found = [row for row in rows if row.id is not None]
        if found or not rows or rows[0].pool_size < POOL:
            return RankedPage(found, pool)
        pool, before = (rows[0].pool_at, rows[0].pool_id), None


async def count(session: Session, filters: Filters) -> int:
    """How many match, counted up to ``COUNT_MAX``."""
    values = Values()
    asked = _asked(filters, values)
    rows = _matches(filters, None, values.add(COUNT_MAX, "bigint"), values)
    sql = f"{asked} select count(*) as total from ({rows}) z"
    return (await session.only(Query(Total, sql), *values.all)).total


class Fragment(Struct, frozen=True):
    """A block of an article with its matches between ``<mark>`` and ``</mark>``."""

    number: int
    text: str


HIGHLIGHT = Query(
    Fragment,
    """
    select t.number, ts_headline(t.cfg::regconfig, t.text,
      websearch_to_tsquery(t.cfg::regconfig, $4),
      'StartSel=\x02, StopSel=\x03, MaxWords=30, MinWords=12, MaxFragments=2') as text
    from unnest($1::integer[], $2::text[], $3::text[]) as t (number, cfg, text)
    where to_tsvector(t.cfg::regconfig, t.text)
      @@ replace(websearch_to_tsquery(t.cfg::regconfig, $4)::text, '&', '|')::tsquery
    order by t.number
    """,
)


async def highlight(
    session: Session, query: str, texts: Sequence[tuple[int, str, str]]
) -> list[Fragment]:
    """Of ``texts`` (number, configuration, text), those with a match, matches marked by the
    characters U+0002 and U+0003."""
    numbers, configs, plain = (list(column) for column in zip(*texts, strict=True))
    return await session.all(HIGHLIGHT, numbers, configs, plain, query)
