"""Walks: the next rows of an index in order, until a page is full of those that pass.

A row of a set (a facet, a site) carries a mask of all sets of its article, two bits for each, so
that only what may be in the others is looked up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from service.db.filters import (
    FACETS,
    SETS,
    Filters,
    Values,
    conditions,
    given,
    holding,
    may_hold,
    set_ids,
    within,
)

Sort = Literal["-published_at", "-created_at", "-updated_at"]
COLUMNS: dict[Sort, str] = {
    "-published_at": "sort_at",
    "-created_at": "created_at",
    "-updated_at": "updated_at",
}

Place = tuple[datetime, UUID]


class Cut(Struct, frozen=True):
    """``limit`` rows after ``before``, in the order of ``sort``."""

    before: Place | None
    limit: int
    sort: Sort = "-published_at"


WALK = 1_000
"""Rows of an index that are looked at before the next way is tried."""
WALK_RAREST = 5_000
"""The same, of the rarest set. For a page of 20 of two sets that have nothing to do with each other
the root of 21 times all articles is enough, so this is for a million."""
PROBE = 50
"""Next rows of a set whose times tell how rare it is."""


def single(filters: Filters) -> list[str]:
    """The sets of which one value is asked for."""
    return [name for name in given(filters) if len(getattr(filters, name).any_of) == 1]


def walked(filters: Filters, driver: str | None, cut: Cut, values: Values) -> str:
    """The page, if it is among the next rows of the set ``driver``, or of the sort."""
    looked: tuple[str, ...] = FACETS
    if driver is None:
        steps = f"{_by_time(COLUMNS[cut.sort], cut, values)} limit {WALK}"
    else:
        steps = merged(driver, filters, set_rows(filters, cut, values), str(WALK), values)
        looked = tuple(name for name in SETS if name not in known(filters, driver))
    return f"with {_met(filters, steps, looked, cut, values, most=WALK)}"


def rarest(filters: Filters, cut: Cut, values: Values) -> str:
    """The page, if it is among the next rows of the rarest set."""
    chosen, rows = rarest_set(filters, cut, values)
    steps = f"{rows} limit {WALK_RAREST}"
    return f"with {chosen}, {_met(filters, steps, SETS, cut, values, most=WALK_RAREST)}"


def rarest_set(filters: Filters, cut: Cut, values: Values) -> tuple[str, str]:
    """The set, of those of one value, whose next ``PROBE`` rows go back the furthest; its rows."""
    chosen = [(name, getattr(filters, name).any_of) for name in single(filters)]
    numbers = ", ".join(set_ids(name, value, values) for name, value in chosen)
    rows = set_rows(filters, cut, values)
    rarest = f"""rarest as materialized (
      select v.id from unnest(array[{numbers}]) v (id) cross join lateral (
        select case when count(*) = {PROBE} then min(x.at) end as at
        from ({rows} limit {PROBE}) x) r
      order by r.at nulls first limit 1)"""
    return rarest, rows.replace("v.id", "(select id from rarest)")


def _met(
    filters: Filters, steps: str, looked: tuple[str, ...], cut: Cut, values: Values, *, most: int
) -> str:
    """What passes of up to ``most`` rows ``steps``, until the page is full; only if it is not, they
    are counted. Whether an article is in the sets ``looked`` is looked up in their index before it
    is read, at a row of a set only if the mask fits.
    """
    size, is_set = values.add(cut.limit, "bigint"), looked is not FACETS
    masked = may_hold(filters, values, "y.mask", looked) if is_set else []
    found = holding(filters, values, "y.id", "y.at" if is_set else None, looked)
    held = conditions(filters, values, but=SETS if is_set else FACETS)
    return f"""met as materialized (
      select y.id, y.at, c.card from ({steps}) y
      cross join lateral (select a.card from article a where a.id = y.id and {held} offset 0) c
      where {" and ".join([*masked, *found]) or "true"}
      order by y.at desc, y.id desc limit {size})
    select r.id, r.at, r.card, n.steps from (
      select case when (select count(*) from met) = {size} then {most}
        else (select count(*)::int from ({steps}) w) end as steps) n
    left join met r on true
    order by r.at desc, r.id desc
    """


def after_place(row: str, before: Place | None, values: Values) -> str:
    """The condition that ``row``, a time and an id, comes after ``before``."""
    if before is None:
        return ""
    at, article_id = before
    return f"and {row} < ({values.add(at, 'timestamptz')}, {values.add(article_id, 'uuid')})"


def in_order(at: str, id: str, filters: Filters, cut: Cut, values: Values) -> str:
    """The end of a statement that goes along an index on ``at`` and ``id``."""
    bounds = "".join(f" and {part}" for part in within(at, filters, values))
    after = after_place(f"({at}, {id})", cut.before, values)
    return f"{after} {bounds} order by {at} desc, {id} desc"


def set_rows(filters: Filters, cut: Cut, values: Values) -> str:
    """The rows of set ``v.id`` in order, with their masks."""
    return f"""select d.article_id as id, d.sort_at as at, d.mask from article_facet d
      where d.facet_id = v.id {in_order("d.sort_at", "d.article_id", filters, cut, values)}"""


def _by_time(column: str, cut: Cut, values: Values) -> str:
    """All articles by a time of theirs, in order."""
    return f"""select a.id, a.{column} as at from article a
      where a.deleted_at is null {after_place(f"(a.{column}, a.id)", cut.before, values)}
      order by a.{column} desc, a.id desc"""


def merged(name: str, filters: Filters, rows: str, size: str, values: Values) -> str:
    """The first ``size`` of ``rows`` of every value of a set, in order; of one value they are in
    order as they come."""
    chosen = getattr(filters, name).any_of
    drivers = set_ids(name, chosen, values)
    if len(chosen) == 1:
        return f"{rows.replace('v.id', drivers)} limit {size}"
    return f"""select distinct on (x.at, x.id) x.*
      from {drivers} v (id) cross join lateral ({rows} limit {size}) x
      order by x.at desc, x.id desc limit {size}"""


def known(filters: Filters, name: str) -> tuple[str, ...]:
    """The set that drives need not be looked at again, unless it excludes something too."""
    return () if getattr(filters, name).none_of else (name,)
