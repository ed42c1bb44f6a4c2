"""Full text: each article indexed by its own language's stemmer, found newest first or by rank.

The index is (month, site, facets, words). A search walks the months that hold anything from the
newest on, so a common word stops early and a word that occurs nowhere costs one probe a month. A
query is stemmed by every configuration in use; a row counts only if its own configuration's query
fits.

By rank, articles whose headline, standfirst and authors answer the query come before those that
only mention it; each of the two parts has an index. Of a part, the newest ``POOL`` matches are
ordered, then the ``POOL`` before them: pages go on without end, and what is ranked is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from service.db.filters import SETS, Filters, Values, conditions, sets
from service.db.listing import Listed, Place, Total
from service.db.session import Command, Query, Session, Transaction
from service.terms import Searchable, config_of

POOL = 1_000
COUNT_MAX = 10_000
WEIGHTS = "'{0.1, 0.05, 0.5, 1.0}'"
"""Of body, captions, lead and headline (D, C, B, A)."""
RANK = f"ts_rank_cd({WEIGHTS}, s.tsv, q.query, 1)::float8"
"""By how close together the words are and where, less for long texts."""
FRESH = f"floor(log(2, greatest({RANK}, 1e-9)::numeric))::float8"
Part = Literal["all", "lead", "rest"]
"""Which matches: each, those whose headline and lead answer alone, the others."""
FOUND: dict[Part, str] = {
    "all": "s.tsv @@ (select query from words)",
    "lead": "ts_filter(s.tsv, '{a,b}') @@ (select query from words)",
    "rest": "s.tsv @@ (select query from words)",
}
"""What the index is asked."""
FITS: dict[Part, str] = {
    "all": "s.tsv @@ q.query",
    "lead": "s.tsv @@ q.query and ts_filter(s.tsv, '{a,b}') @@ q.query",
    "rest": "s.tsv @@ q.query and not ts_filter(s.tsv, '{a,b}') @@ q.query",
}
"""What each row is asked."""

INDEX = Command(
    """
    with put as (
      insert into article_search (id, sort_at, bucket, site_id, cfg, facets, tsv)
      values ($1, $2,
        extract(year from $2 at time zone 'utc')::int * 12
          + extract(month from $2 at time zone 'utc')::int,
        $3, $4::text::regconfig, $9::integer[],
        setweight(to_tsvector($4::text::regconfig, $5), 'A')
        || setweight(to_tsvector($4::text::regconfig, $6), 'B')
        || setweight(to_tsvector($4::text::regconfig, $7), 'C')
        || setweight(to_tsvector($4::text::regconfig, $8), 'D'))
      on conflict (id) do update set sort_at = excluded.sort_at, bucket = excluded.bucket,
        site_id = excluded.site_id, cfg = excluded.cfg, facets = excluded.facets,
        tsv = excluded.tsv
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
    *,
    site_id: int | None,
    facet_ids: Sequence[int],
    texts: Searchable,
) -> None:
    """The article is found by ``texts`` and by its facets."""
    await transaction.run(
        INDEX, article_id, sort_at, site_id or 0, texts.config, texts.headline, texts.lead,
        texts.captions, texts.body, list(facet_ids),
    )  # fmt: skip


DROP = Command("delete from article_search where id = $1")


async def drop(transaction: Transaction, article_id: UUID) -> None:
    """The article is found no more."""
    await transaction.run(DROP, article_id)


Ranked = tuple[float, datetime, UUID]


class RankedPlace(Struct, frozen=True, array_like=True):
    """A place in the order of relevance: in the ``rest`` or before it, in the pool after
    ``pool``, and in that after ``before``."""

    is_rest: bool = False
    pool: Place | None = None
    before: Ranked | None = None


class Found(Struct, frozen=True):
    """A match by rank; ``pool_at`` and ``pool_id`` are the last of its pool of ``pool_size``.

    A pool without a match after the place asked for is one row whose ``id`` is null.
    """

    id: UUID
    at: datetime
    card: bytes
    rank: float
    pool_at: datetime
    pool_id: UUID
    pool_size: int


_WIDE = """
        case when query::text like '%!%' then query::text
          else regexp_replace(query::text, '<[-0-9]+>', '&', 'g') end"""
"""A query with its phrases as mere words: the index answers it without looking at the rows."""


def _asked(filters: Filters, values: Values) -> str:
    """``asked``: the query by configuration; ``words``: all of them as one."""
    chosen = sorted({config_of(code) for code in filters.lang.any_of})
    only = f"where cfg::text = any({values.add(chosen, 'text[]')})" if chosen else ""
    query = values.add(filters.query, "text")
    return f"""
    with asked as materialized (
      select cfg, websearch_to_tsquery(cfg, {query}) as query from search_config {only}
    ), words as materialized (
      select string_agg(distinct '(' || {_WIDE} || ')', ' | ')::tsquery as query from asked
      where numnode(query) > 0 and querytree(query) not in ('', 'T')
    )"""


def _matches(
    filters: Filters,
    before: Place | None,
    size: str,
    values: Values,
    *,
    shown: str,
    part: Part = "all",
) -> str:
    """The newest ``size`` matches: what is ``shown`` of article ``a``, row ``s``, query ``q``.

    A month's rows are sorted first and looked at one by one until there are enough.
    """
    place, newest = "", ""
    if before is not None:
        at, article_id = values.add(before[0], "timestamptz"), values.add(before[1], "uuid")
        place = f"and (s.sort_at, s.id) < ({at}, {article_id})"
        newest = f"""where bucket <= extract(year from {at} at time zone 'utc')::int * 12
          + extract(month from {at} at time zone 'utc')::int"""
    return f"""
      select x.* from (select bucket from search_bucket {newest} order by bucket desc) b
      cross join lateral (
        select {shown} from (
          select s.id, s.sort_at, s.cfg, s.tsv from article_search s
          where s.bucket = b.bucket {sets(filters, values)} {place} and {FOUND[part]}
          order by s.sort_at desc, s.id desc offset 0) s
        cross join lateral (
          select q.query from asked q where q.cfg = s.cfg and {FITS[part]} offset 0) q
        cross join lateral (select a.id, a.card from article a
          where a.id = s.id and {conditions(filters, values, but=SETS)} offset 0) a
        order by s.sort_at desc, s.id desc limit {size}) x
      limit {size}"""


def newest(
    filters: Filters, before: Place | None, limit: int
) -> tuple[Query[Listed], list[object]]:
    """The statement that finds, newest first."""
    values = Values()
    asked = _asked(filters, values)
    shown = "s.id, s.sort_at as at, a.card"
    rows = _matches(filters, before, values.add(limit, "bigint"), values, shown=shown)
    sql = f"{asked} select id, at, card from ({rows}) z order by at desc, id desc"
    return Query(Listed, sql), values.all


def ranked(
    filters: Filters, place: RankedPlace, limit: int, *, is_fresh: bool = False
) -> tuple[Query[Found], list[object]]:
    """The statement that orders one pool of matches by rank, equals by date; ``is_fresh``: ranks
    within a factor of two are equal."""
    values = Values()
    asked = _asked(filters, values)
    part: Part = "rest" if place.is_rest else "lead"
    shown = f"s.id, s.sort_at as at, {FRESH if is_fresh else RANK} as rank"
    size = values.add(POOL, "bigint")
    rows = _matches(filters, place.pool, size, values, shown=shown, part=part)
    after = ""
    if place.before is not None:
        rank, at, article_id = place.before
        after = f"""where (rank, at, id) < ({values.add(rank, "float8")},
          {values.add(at, "timestamptz")}, {values.add(article_id, "uuid")})"""
    sql = f"""{asked}, pool as materialized ({rows}),
    edge as (select at, id, (select count(*) from pool)::int as size
      from pool order by at, id limit 1)
    select r.id, r.at, a.card, r.rank, edge.at as pool_at, edge.id as pool_id,
      edge.size as pool_size
    from edge left join (
      select * from pool {after} order by rank desc, at desc, id desc
      limit {values.add(limit, "bigint")}) r on true
    left join article a on a.id = r.id
    order by r.rank desc, r.at desc, r.id desc"""
    return Query(Found, sql), values.all


async def search(
    session: Session, filters: Filters, before: Place | None, limit: int
) -> list[Listed]:
    """Matches of ``filters.query``, newest first, after the place ``before``."""
    query, values = newest(filters, before, limit)
    return await session.all(query, *values)


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
    if rows and rows[0].pool_size >= POOL:
        return RankedPlace(step.is_rest, (rows[0].pool_at, rows[0].pool_id))
    return None if step.is_rest else RankedPlace(is_rest=True)


def _place_of(step: RankedPlace, row: Found) -> RankedPlace:
    return RankedPlace(step.is_rest, step.pool, (row.rank, row.at, row.id))


async def count(session: Session, filters: Filters) -> int:
    """How many match, counted up to ``COUNT_MAX``."""
    values = Values()
    asked = _asked(filters, values)
    rows = _matches(filters, None, values.add(COUNT_MAX, "bigint"), values, shown="s.id")
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
