"""Full text: each article indexed by its own language's stemmer, found newest first.

The index is (month, day, site, facets, words), walked by ``spans``. A query is stemmed by every
configuration in use, and its words are signed by it, as those in the index are; a row counts only
if its own configuration's query fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from service.db.filters import SETS, Choice, Filters, Values, conditions, sets, within
from service.db.index_query import index_query
from service.db.listing import Listed
from service.db.session import Command, Query, Session, Transaction
from service.db.time_spans import by_spans, first_day
from service.db.totals import Total
from service.db.walks import Place
from service.terms import CONFIGS, Searchable

COUNT_MAX = 10_000
Part = Literal["all", "lead", "rest"]
"""Which matches: each, those whose headline and lead answer alone, the others."""
SIGNED = "search_words(s.cfg, s.tsv, s.pairs)"
LEAD = "search_words(s.cfg, ts_filter(s.tsv, '{a,b}'), s.lead_pairs)"
FOUND: dict[Part, str] = {
    "all": f"{SIGNED} @@ (select query from words)",
    "lead": f"{LEAD} @@ (select query from words)",
    "rest": f"{SIGNED} @@ (select query from words)",
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
    with headline as materialized (
      select words, ts_delete(to_tsvector(search_all($4::text::regconfig), $5),
        tsvector_to_array(words)) as stop_words
      from to_tsvector($4::text::regconfig, $5) words
    ), made as materialized (
      select (setweight(words, 'A')::text || ' ' || stop_words::text)::tsvector
        || setweight(to_tsvector($4::text::regconfig, $6), 'B')
        || setweight(to_tsvector($4::text::regconfig, $7), 'C')
        || setweight(to_tsvector($4::text::regconfig, $8), 'D') as tsv
      from headline
    ), put as (
      insert into article_search (id, sort_at, bucket, site_id, cfg, facets, tsv, pairs,
        lead_pairs)
      select $1, $2,
        extract(year from $2 at time zone 'utc')::int * 12
          + extract(month from $2 at time zone 'utc')::int,
        $3, $4::text::regconfig, $9::integer[], tsv, search_pairs(tsv),
        search_pairs(ts_filter(tsv, '{a,b}')) from made
      on conflict (id) do update set sort_at = excluded.sort_at, bucket = excluded.bucket,
        site_id = excluded.site_id, cfg = excluded.cfg, facets = excluded.facets,
        tsv = excluded.tsv, pairs = excluded.pairs, lead_pairs = excluded.lead_pairs
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
    """The article is found by ``texts``, their frequent pairs, and its facets."""
    await transaction.run(
        INDEX, article_id, sort_at, site_id or 0, texts.config, texts.headline, texts.lead,
        texts.captions, texts.body, list(facet_ids),
    )  # fmt: skip


def matches(
    filters: Filters,
    before: Place | None,
    limit: int,
    values: Values,
    *,
    shown: str,
    part: Part = "all",
) -> str:
    """The newest ``limit`` matches: what is ``shown`` of article ``a``, row ``s`` and its query.

    The rows of a span of time are sorted first, and looked at one by one until there are enough.
    """
    place = ""
    if before is not None:
        at, article_id = values.add(before[0], "timestamptz"), values.add(before[1], "uuid")
        place = f"and (s.sort_at, s.id) < ({at}, {article_id})"
    bounds = "".join(f" and {part}" for part in within("s.sort_at", filters.published, values))
    told = ("lang",) if _is_told(filters.lang) else ()
    spoken = sets(filters, values, only=told)
    look = Look(
        shown=shown,
        found=f"{sets(filters, values, but=told)} {place} {bounds} and {FOUND[part]}",
        fits=f"{FITS[part]} {spoken}",
        held=conditions(filters, values, but=SETS),
        size=values.add(limit, "bigint"),
    )
    first = first_day(filters, None if before is None else at, values)
    return by_spans(first, look.rows, look.within, look.size, limit)


def _is_told(chosen: Choice) -> bool:
    """Whether signs of words tell ``chosen`` languages from others, so that the index need not be
    asked for them as well: its list of a language may be as long as that of all articles."""
    codes = [*CONFIGS.values()]
    return bool(chosen.any_of) and all(
        codes.count(CONFIGS.get(code.split("-")[0], "")) == 1 for code in chosen.any_of
    )


class Look(Struct, frozen=True, kw_only=True):
    """What is looked for within a span of time, as parts of SQL."""

    shown: str
    found: str
    fits: str
    held: str
    size: str

    def rows(self, span: str) -> str:
        """What the index finds in ``span``, a condition on row ``s``."""
        return f"""select s.id, s.sort_at, s.ctid as place from article_search s
            where {span} {self.found}"""

    def within(self, rows: str) -> str:
        """The newest matches among ``rows``.

        They are sorted without their words, which are large. Each is then asked its own query
        alone, before its article is read: ``case`` and ``offset 0`` keep the planner from another
        order.
        """
        return f"""select {self.shown} from (
          select r.id, r.sort_at, q.tsv, q.query from (
            select * from ({rows}) r order by r.sort_at desc, r.id desc offset 0) r
          cross join lateral (
            select s.tsv, q.query from article_search s join asked q
              on case when q.cfg = s.cfg then {self.fits} end
            where s.ctid = r.place offset 0) q
          order by r.sort_at desc, r.id desc offset 0) s
        cross join lateral (
          select a.id, a.card from article a where a.id = s.id and {self.held} offset 0) a
        order by s.sort_at desc, s.id desc limit {self.size}"""


def newest(
    filters: Filters, before: Place | None, limit: int
) -> tuple[Query[Listed], list[object]]:
    """The statement that finds, newest first."""
    values = Values()
    query = index_query(filters, values)
    shown = "s.id, s.sort_at as at, a.card"
    rows = matches(filters, before, limit, values, shown=shown)
    sql = f"{query} select id, at, card from ({rows}) z order by at desc, id desc"
    return Query(Listed, sql), values.all


async def search(
    session: Session, filters: Filters, before: Place | None, limit: int
) -> list[Listed]:
    """Matches of ``filters.query``, newest first, after the place ``before``."""
    query, values = newest(filters, before, limit)
    return await session.all(query, *values)


async def count(session: Session, filters: Filters) -> int:
    """How many match, counted up to ``COUNT_MAX``."""
    values = Values()
    query = index_query(filters, values)
    rows = matches(filters, None, COUNT_MAX, values, shown="s.id")
    sql = f"{query} select count(*) as total from ({rows}) z"
    return (await session.only(Query(Total, sql), *values.all)).total
