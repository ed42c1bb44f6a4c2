"""How many articles match the filters of a list."""

from __future__ import annotations

from msgspec import Struct

from service.db.filters import SETS, THERE, Filters, Values, conditions, given, sets
from service.db.session import Query, Session

COUNT_MAX = 10_000
"""Rows that an estimate counts one by one."""


class Total(Struct, frozen=True):
    """How many."""

    total: int


def _all(filters: Filters, values: Values) -> str:
    """From and where of all that passes, by the index of sets if any is given."""
    if not given(filters):
        return f"from article a where {conditions(filters, values)}"
    held = conditions(filters, values, but=SETS)
    rows = f"select s.id from article_search s where true {sets(filters, values)}"
    if held == THERE:
        return f"from ({rows}) y"
    return f"from ({rows} offset 0) y join article a using (id) where {held}"


async def count(session: Session, filters: Filters) -> int:
    """How many articles pass ``filters``, counted one by one."""
    values = Values()
    sql = f"select count(*) as total {_all(filters, values)}"
    return (await session.only(Query(Total, sql), *values.all)).total


class Plan(Struct, frozen=True):
    """A plan of the planner, as JSON text."""

    plan: str


async def estimate(session: Session, filters: Filters) -> int:
    """How many articles pass ``filters``: counted up to ``COUNT_MAX``; beyond, as the planner
    guesses from its statistics."""
    values = Values()
    counted = f"""select count(*) as total from (select {_all(filters, values)}
      limit {values.add(COUNT_MAX, "bigint")}) z"""
    total = (await session.only(Query(Total, counted), *values.all)).total
    return total if total < COUNT_MAX else max(total, await _guess(session, filters))


async def _guess(session: Session, filters: Filters) -> int:
    values = Values()
    sql = f"explain (format json) select {_all(filters, values)}"
    found = await session.only(Query(Plan, sql), *values.all)
    _, _, tail = found.plan.partition('"Plan Rows": ')
    return int(tail.partition(",")[0])
