"""Lists of articles: filtered, sorted, paged by keyset, each from an index that is in order.

A statement is put together from fixed pieces for the filters that are given, so that the planner
sees only those. Five ways lead to a page:

- ``direct``: the sort's index, or that of the one set (a facet, the site) asked for, where each
  value gives its newest rows (lateral) and these are merged;
- ``walked``: the same index for its next rows only (``db.walks``), where several sets must hold: of
  what is common together a page is soon full;
- ``rarest``: more rows of the set that has the fewest, where a walk of another did not fill it;
- ``spanned``: what is in every set, by the index of sets, day by day and month by month;
- ``whole``: all of the rarest set, where that index, which knows one time, does not help.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from service.db.filters import SETS, Filters, Values, conditions, given, sets, within
from service.db.session import Query, Session
from service.db.time_spans import by_spans, first_day
from service.db.walks import (
    WALK,
    WALK_RAREST,
    Cut,
    Place,
    Sort,
    after_place,
    in_order,
    known,
    merged,
    rarest,
    single,
    walked,
)


class Listed(Struct, frozen=True):
    """An article in a list, and its place in the sort."""

    id: UUID
    at: datetime
    card: bytes


class Walked(Struct, frozen=True):
    """A row of a walk that took ``steps``; one without article, if it met none."""

    id: UUID | None
    at: datetime
    card: bytes
    steps: int


Way = Literal["direct", "walked", "rarest", "spanned", "whole"]
WALKED: dict[Way, int] = {"walked": WALK, "rarest": WALK_RAREST}
ROWS = "select s.id, s.sort_at from article_search s where"


def ways(filters: Filters, sort: Sort) -> tuple[Way, ...]:
    """What is tried in turn, until a page is whole."""
    if len(given(filters)) < 2:
        return ("direct",)
    last: Way = "spanned" if sort == "-published_at" else "whole"
    return ("walked", "rarest", last) if len(single(filters)) > 1 else ("walked", last)


def is_whole(way: Way, steps: int, found: int, limit: int) -> bool:
    """Whether ``found`` rows out of ``steps`` are the page, or all that there is."""
    return way not in WALKED or found == limit or steps < WALKED[way]


def statement(
    way: Way, filters: Filters, sort: Sort, before: Place | None, limit: int
) -> tuple[Query[Any], list[object]]:
    """The statement that lists, and its parameters; ``Walked`` rows of a walk that may not fill the
    page, else ``Listed``."""
    values, cut = Values(), Cut(before, limit, sort)
    if way == "direct":
        named = given(filters)
        by_set = _by_set(filters, named[0], cut, values) if named else None
        return Query(Listed, by_set or _by_sort(filters, cut, values)), values.all
    if way == "spanned":
        return Query(Listed, _spanned(filters, cut, values)), values.all
    is_rarest = way == "rarest" or (way == "whole" and len(single(filters)) > 1)
    walk = rarest if is_rarest else walked
    sql = walk(filters, cut, values, most=WALKED.get(way))
    return Query(Walked if way in WALKED else Listed, sql), values.all


async def listed(
    session: Session, filters: Filters, sort: Sort, before: Place | None, limit: int
) -> list[Listed]:
    """Articles that pass ``filters``, after the place ``before``."""
    *tried, last = ways(filters, sort)
    for way in tried:
        query, values = statement(way, filters, sort, before, limit)
        walked: list[Walked] = await session.all(query, *values)
        found = [Listed(row.id, row.at, row.card) for row in walked if row.id is not None]
        if is_whole(way, walked[0].steps, len(found), limit):
            return found
    query, values = statement(last, filters, sort, before, limit)
    return await session.all(query, *values)


def _by_sort(filters: Filters, cut: Cut, values: Values) -> str:
    """In the order of the sort's index."""
    return f"""
    select a.id, a.{cut.column} as at, a.card from article a
    where {conditions(filters, values)} {in_order("a", "id", filters, cut, values)}
    limit {values.add(cut.limit, "bigint")}
    """


def _by_set(filters: Filters, name: str, cut: Cut, values: Values) -> str:
    """In the order of the index of one set, of which each value gives its newest rows."""
    held = conditions(filters, values, but=known(filters, name))
    rows = _driven(name, filters, cut, values, held)
    size = values.add(cut.limit, "bigint")
    return merged(name, filters, rows, size, values)


def _found(rows: str, filters: Filters, size: str, values: Values) -> str:
    """The newest of ``rows`` of the index of sets, sorted before their articles are read."""
    held = conditions(filters, values, but=SETS)
    return f"""select s.id, s.sort_at as at, a.card from (
        select * from ({rows}) r order by r.sort_at desc, r.id desc offset 0) s
      cross join lateral (
        select a.card from article a where a.id = s.id and {held} offset 0) a
      order by s.sort_at desc, s.id desc limit {size}"""


def _driven(name: str, filters: Filters, cut: Cut, values: Values, held: str) -> str:
    """The articles of set ``v.id`` in order, as far as ``held``; those of a site by an index of
    their own, where there is one."""
    if name == "site" and cut.sort == "-published_at":
        return f"""select a.id, a.sort_at as at, a.card from article a
      where a.site_id = - v.id and {held} {in_order("a", "id", filters, cut, values)}"""
    return f"""select a.id, d.{cut.column} as at, a.card
      from article_facet d join article a on a.id = d.article_id
      where d.facet_id = v.id and {held} {in_order("d", "article_id", filters, cut, values)}"""


def _spanned(filters: Filters, cut: Cut, values: Values) -> str:
    """What is in every set, a span of time after the other."""
    bounds = "".join(f" and {part}" for part in within("s.sort_at", filters.published, values))
    found = (
        f"{sets(filters, values)} {after_place('(s.sort_at, s.id)', cut.before, values)} {bounds}"
    )
    size = values.add(cut.limit, "bigint")
    at = None if cut.before is None else values.add(cut.before[0], "timestamptz")
    first = first_day(filters, at, values)
    listed = by_spans(
        first,
        lambda span: f"{ROWS} {span} {found}",
        lambda rows: _found(rows, filters, size, values),
        size, cut.limit,
    )  # fmt: skip
    return f"select id, at, card from ({listed}) z order by at desc, id desc"
