"""Words that many articles hold, whose pairs are indexed: a phrase of them is found without reading
every row that holds both.

The list grows by generations, from what ANALYZE counts anyway. A row records the generation that it
was written with, so a search is right whatever was listed when; older rows are paired anew in the
background, which makes it fast.
"""

from __future__ import annotations

from service.db.session import Command, Session

ROWS_MIN = 50_000
"""Rows of the index from which on words are listed; with fewer, a search may read them all."""
SHARE = 0.03
"""Of all rows that hold a word that is listed. (Pairs of words from .03 on are a quarter of all; a
phrase of rarer ones is among few rows.)"""
NEW_MIN = 100
"""Words that make a new generation."""
RENEWED_MAX = 200
"""Rows that are paired anew at once; about a millisecond each."""

LIST = Command(
    f"""
    with found as materialized (
      select e.word from pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs)
        as e (word, share)
      where schemaname = current_schema() and tablename = 'article_search' and attname = 'tsv'
        and (select reltuples from pg_class where oid = 'article_search'::regclass) >= {ROWS_MIN}
        and e.share >= {SHARE} and e.word is not null
        and e.word not in (select word from search_frequent)
    )
    insert into search_frequent (word, generation)
    select word, (select coalesce(max(generation), 0) + 1 from search_frequent) from found
    where (select count(*) from found) >= {NEW_MIN}
    on conflict do nothing
    """
)
RENEW = Command(
    f"""
    with older as materialized (
      select string_agg('''' || search_sign(cfg) || ' ' || n || '''', ' | ')::tsquery as query
      from search_config, generate_series(0, (select max(generation) - 1 from search_frequent)) n
    )
    update article_search set pairs = search_pairs(tsv),
      lead_pairs = search_pairs(ts_filter(tsv, '{{a,b}}'))
    where id in (
      select s.id from article_search s
      where search_words(s.cfg, s.tsv, s.pairs) @@ (select query from older)
      limit {RENEWED_MAX} for update skip locked)
    """
)


async def list_words(session: Session) -> int:
    """Words that have become frequent are listed, if they are many; how many."""
    return await session.run(LIST)


async def renew(session: Session) -> int:
    """Up to ``RENEWED_MAX`` rows of older generations have their pairs; how many."""
    return await session.run(RENEW)
