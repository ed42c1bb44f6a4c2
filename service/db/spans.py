"""Newest first out of the index of searches: the newest days, then the months that hold anything.

What is common is soon met, and what is nowhere costs one probe a month.
"""

from __future__ import annotations

from collections.abc import Callable

from service.db.filters import Filters, Values

Within = Callable[[str], str]
"""A statement that lists the newest rows of a span of time, a condition on row ``s``."""
DAYS = 7
"""That are walked before the months: of a common word a month of a million articles holds
thousands."""
LATEST = """
  select (sort_at at time zone 'utc')::date as day from article where deleted_at is null
  order by sort_at desc, id desc limit 1"""


def first_day(filters: Filters, at: str | None, values: Values) -> str:
    """The day to begin with: that of the place ``at``, of the filter, or of the newest article."""
    if at is None and filters.published.before is not None:
        at = values.add(filters.published.before, "timestamptz")
    return LATEST if at is None else f"select ({at} at time zone 'utc')::date as day"


def by_spans(first: str, within: Within, size: str) -> str:
    """The newest ``size`` rows from the day ``first`` on."""
    return f"""
      select * from (
        select x.* from (
          select l.day - n as day from ({first}) l, generate_series(0, {DAYS - 1}) n) b
        cross join lateral ({within("(s.sort_at at time zone 'utc')::date = b.day")}) x
        union all
        select x.* from (
          select m.bucket, l.until from search_bucket m, (
            select (day - {DAYS - 1})::timestamp at time zone 'utc' as until,
              extract(year from day - {DAYS - 1})::int * 12
                + extract(month from day - {DAYS - 1})::int as bucket from ({first}) f) l
          where m.bucket <= l.bucket order by m.bucket desc) b
        cross join lateral ({within("s.bucket = b.bucket and s.sort_at < b.until")}) x
      ) every
      limit {size}"""
