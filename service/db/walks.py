"""Walks: the next rows of a set in order, until a page is full of those that pass.

A row of a set (a facet, a site) is in the order of each of its article's three times, and carries a
mask of all sets of its article, two bits for each, so that only what may be in the others is looked
up.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from service.db.filters import (
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

    @property
    def column(self) -> str:
        """The time that is sorted by, of ``article`` and of ``article_facet``."""
        return COLUMNS[self.sort]


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


def walked(filters: Filters, cut: Cut, values: Values, *, most: int | None) -> str:
    """The page, if it is among the next ``most`` rows of the first set, or among all."""
    driver = given(filters)[0]
    steps = merged(driver, filters, set_rows(filters, cut, values), most, values)
    looked = [name for name in SETS if name not in known(filters, driver)]
    return f"with {_met(filters, steps, looked, cut, values, most=most)}"


def rarest(filters: Filters, cut: Cut, values: Values, *, most: int | None) -> str:
    """The same of the set, of those of one value, whose next ``PROBE`` rows go back furthest."""
    chosen = [(name, getattr(filters, name).any_of) for name in single(filters)]
    numbers = ", ".join(set_ids(name, value, values) for name, value in chosen)
    rows = set_rows(filters, cut, values)
    steps = rows.replace("v.id", "(select id from rarest)") + up_to(most)
    return f"""with rarest as materialized (
      select v.id from unnest(array[{numbers}]) v (id) cross join lateral (
        select case when count(*) = {PROBE} then min(x.at) end as at
        from ({rows} limit {PROBE}) x) r
      order by r.at nulls first limit 1
    ), {_met(filters, steps, SETS, cut, values, most=most)}"""


def _met(
    filters: Filters,
    steps: str,
    looked: Collection[str],
    cut: Cut,
    values: Values,
    *,
    most: int | None,
) -> str:
    """What passes of the rows ``steps``, until the page is full; if they are ``most`` at most, they
    are counted where it is not. Whether an article is in the sets ``looked`` is looked up in their
    index before it is read, and only if the mask fits.
    """
    size = values.add(cut.limit, "bigint")
    masked = may_hold(filters, values, "y.mask", looked)
    found = holding(filters, values, "y.id", f"{cut.column} = y.at", looked)
    met = f"""met as materialized (
      select y.id, y.at, c.card from ({steps}) y
      cross join lateral (
        select a.card from article a
        where a.id = y.id and {conditions(filters, values, but=SETS)} offset 0) c
      where {" and ".join([*masked, *found]) or "true"}
      order by y.at desc, y.id desc limit {size})"""
    if most is None:
        return f"{met} select id, at, card from met order by at desc, id desc"
    return f"""{met}
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


def in_order(row: str, id: str, filters: Filters, cut: Cut, values: Values) -> str:
    """The end of a statement that goes along an index of ``row`` on the time of ``cut``."""
    at, span = f"{row}.{cut.column}", getattr(filters, cut.sort[1:].removesuffix("_at"))
    bounds = "".join(f" and {part}" for part in within(at, span, values))
    after = after_place(f"({at}, {row}.{id})", cut.before, values)
    return f"{after} {bounds} order by {at} desc, {row}.{id} desc"


def set_rows(filters: Filters, cut: Cut, values: Values) -> str:
    """The rows of set ``v.id`` in order, with their masks."""
    return f"""select d.article_id as id, d.{cut.column} as at, d.mask from article_facet d
      where d.facet_id = v.id {in_order("d", "article_id", filters, cut, values)}"""


def merged(name: str, filters: Filters, rows: str, size: int | str | None, values: Values) -> str:
    """The first ``size`` of ``rows`` of every value of a set, in order, or all; of one value they
    are in order as they come."""
    chosen = getattr(filters, name).any_of
    drivers = set_ids(name, chosen, values)
    if len(chosen) == 1:
        return rows.replace("v.id", drivers) + up_to(size)
    return f"""select distinct on (x.at, x.id) x.*
      from {drivers} v (id) cross join lateral ({rows}{up_to(size)}) x
      order by x.at desc, x.id desc{up_to(size)}"""


def up_to(size: int | str | None) -> str:
    """The limit of a statement, if it has one."""
    return "" if size is None else f" limit {size}"


def known(filters: Filters, name: str) -> tuple[str, ...]:
    """The set that drives need not be looked at again, unless it excludes something too."""
    return () if getattr(filters, name).none_of else (name,)
