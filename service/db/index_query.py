"""What the index of searches is asked: a query by each configuration, its words signed.

A phrase is asked as its words; where two that follow each other are both frequent
(``db.frequent_words``), as their pair, and in rows written before both were listed as the two
words.
"""

from __future__ import annotations

from service.db.filters import Filters, Values
from service.terms import UNSTEMMED, as_configured, config_of

_TREE = """
        case when query::text like '%!%' and query::text like '%<%' then querytree(query)
          else query::text end"""
"""What is asked for; without what is excluded, where that or anything is a phrase."""
_SIGNED = """
        regexp_replace(regexp_replace(tree, '<[-0-9]+>', '&', 'g'), '''((?:[^'']|'''')+)''',
          '''' || search_sign(cfg) || '\\1''', 'g')"""
"""A query with its phrases as mere words, which the index answers without looking at the rows, each
word as it is in the index, with the sign of its configuration."""
_PAIRED = """
        select string_agg(case
          when listed is not null then '(' || sign || ' ' || pair || ''' | ' || sign || part[1]
            || ''' & ' || sign || part[2] || ''' & (' || (
              select string_agg(sign || ' ' || n || '''', ' | ')
              from generate_series(0, listed - 1) n) || '))'
          when part[1] is not null then sign || part[1] || ''' & ' || sign || part[2] || ''''
          when part[3] is not null then sign || part[3] || ''''
          else regexp_replace(part[4], '<[-0-9]+>', '&', 'g') end, '' order by number)
        from concat('''', search_sign(cfg)) sign, regexp_matches(tree,
          '''((?:[^'']|'''')+)'' <-> ''((?:[^'']|'''')+)''|''((?:[^'']|'''')+)''|([^'']+)', 'g')
          with ordinality t (part, number), lateral (
          select max(greatest(a.generation, b.generation)) as listed,
            max(search_pair(a.number, b.number)) as pair
          from search_frequent a, search_frequent b
          where a.word = part[1] and b.word = part[2]) g"""
"""The same of a query with phrases. Its parts: two words that follow each other, a word, or what is
between; the two are ``listed`` since a generation, if they are. ``' 0'``, ``' 1'`` are indexed of
each row of that generation."""


def asked(configs: str, query: str, unstemmed: str) -> str:
    """The query of each ``cfg`` of ``configs``; of stop words alone as they are in headlines, where
    it ``is_all``."""
    return f"""
      select cfg, is_all, case when is_all then websearch_to_tsquery(search_all(cfg), text)
        else usual end as query
      from ({configs}) c
      cross join lateral (
        select case cfg::text when '{UNSTEMMED}' then {unstemmed} else {query} end as text) t
      cross join lateral (select websearch_to_tsquery(cfg, text) as usual offset 0) s
      cross join lateral (select numnode(usual) = 0 as is_all) a"""


def index_query(filters: Filters, values: Values) -> str:
    """``asked``: the query by configuration; ``words``: all of them as one, for the index."""
    chosen = sorted({config_of(code) for code in filters.lang.any_of})
    only = f"where cfg::text = any({values.add(chosen, 'text[]')})" if chosen else ""
    query = values.add(filters.query, "text")
    unstemmed = values.add(as_configured(filters.query or "", UNSTEMMED), "text")
    return f"""
    with asked as materialized ({asked(f"select cfg from search_config {only}", query, unstemmed)}
    ), words as materialized (
      select string_agg('(' || case when tree like '%<->%' then ({_PAIRED}) else {_SIGNED} end
        || ')', ' | ')::tsquery as query
      from (select cfg, {_TREE} as tree from asked
        where numnode(query) > 0 and querytree(query) not in ('', 'T')) t
    )"""
