"""Newest first out of the index of searches, by spans of time.

What is common is met in the newest days, else in the newest month. What is met there rarely is
rare before, too, as a rule: all that is older is then asked for at once, by one look into the
index. If it promises to be, or is, more than a page is worth, months are walked one by one.

A look into the index costs by the rows that hold its words at any time, since rows of one day are
not all in one place: few wide looks cost less than many narrow ones.
"""

from __future__ import annotations

from collections.abc import Callable

from service.db.filters import Filters, Values

NEWEST = 2
"""Days that are walked first; the newest has only begun."""
DAYS = 7
"""That are walked where the newest have a third of a page; else the month is looked at at once."""
HALF = 15
"""Days of the month before which the month before it is looked at, too."""
OLDER = 300
"""Rows of all that is older that are read and sorted at once, if no more are expected; twice as
many, if there are."""
LATEST = """
  select (sort_at at time zone 'utc')::date as day from article where deleted_at is null
  order by sort_at desc, id desc limit 1"""

Rows = Callable[[str], str]
"""Rows ``s`` of the index of searches that lie in a span of time, a condition on ``s``; in no
order."""
Within = Callable[[str], str]
"""The newest rows to list, of such rows (a statement)."""


def first_day(filters: Filters, at: str | None, values: Values) -> str:
    """The day to begin with: that of the place ``at``, of the filter, or of the newest article."""
    if at is None and filters.published.before is not None:
        at = values.add(filters.published.before, "timestamptz")
    return LATEST if at is None else f"select ({at} at time zone 'utc')::date as day"


def by_spans(first: str, rows: Rows, within: Within, size: str, size_max: int) -> str:
    """The newest ``size`` rows from the day ``first`` on; ``size_max``: as a number."""
    few = max(OLDER, size_max)
    most = 2 * few
    day = within(rows("(s.sort_at at time zone 'utc')::date = b.day"))
    month = within(rows("s.bucket = b.bucket and s.sort_at < b.until"))
    older = rows("(select is_rare from rest) and s.sort_at < (select older from edge)")
    return f"""
      with start as materialized ({first}
      ), newest as materialized (
        select x.* from (
          select day - n as day from start, generate_series(0, {NEWEST - 1}) n) b
        cross join lateral ({day}) x limit {size}
      ), edge as materialized (
        select is_dense, until at time zone 'utc' as until, m.bucket, m.bucket - early as first,
          older at time zone 'utc' as older, day + 1 - older::date as days
        from start, lateral (
          select (select count(*) from newest) * 3 >= {size} as is_dense offset 0) d, lateral (
          select (day - case when is_dense then {DAYS - 1} else {NEWEST - 1} end)::timestamp
            as until) u, lateral (
          select extract(year from until - interval '1 day')::int * 12
              + extract(month from until - interval '1 day')::int as bucket,
            (extract(day from until - interval '1 day') < {HALF})::int as early) m, lateral (
          select date_trunc('month', until - interval '1 day') - interval '1 month' * early
            as older) o
      ), recent as materialized (
        select * from (
          select * from newest
          union all
          select x.* from (
            select day - n as day from start, generate_series({NEWEST}, {DAYS - 1}) n
            where (select is_dense from edge)) b
          cross join lateral ({day}) x
          union all
          select x.* from (
            select m.bucket, e.until from edge e join search_bucket m
              on m.bucket between e.first and e.bucket order by m.bucket desc) b
          cross join lateral ({month}) x
        ) every limit {size}
      ), rest as materialized (
        select (select count(*) from recent) * count(*) * 30 <= {few} * max(e.days) as is_rare
        from edge e join search_bucket m on m.bucket < e.first
      ), older as materialized ({older} limit {most + 1})
      select * from (
        select * from recent
        union all
        select x.* from (
          {within(f"select * from older where (select count(*) from older) <= {most}")}) x
        union all
        select x.* from (
          select m.bucket, e.until from rest, edge e join search_bucket m on m.bucket < e.first
          where not is_rare or (select count(*) from older) > {most} order by m.bucket desc) b
        cross join lateral ({month}) x
      ) every
      limit {size}"""
