"""Lists of articles: filtered, sorted, paged by keyset, each from an index that is in order.

A statement is put together from fixed pieces for the filters that are given, so that the planner
sees only those. It is driven by the choosiest filter: each facet, site or language gives its
newest rows by its own index (lateral), and these are merged. Without one, the sort's index drives.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from service.db.filters import (
    FACETS,
    Filters,
    Values,
    conditions,
    driver,
    facet_ids,
    site_ids,
    within,
)
from service.db.session import Query, Session

Sort = Literal["-published_at", "-created_at", "-updated_at"]
COLUMNS = {"-published_at": "sort_at", "-created_at": "created_at", "-updated_at": "updated_at"}


class Listed(Struct, frozen=True):
    """An article in a list, and its place in the sort."""

    id: UUID
    at: datetime
    card: bytes


Place = tuple[datetime, UUID]


def statement(
    filters: Filters, sort: Sort, before: Place | None, limit: int
) -> tuple[Query[Listed], list[object]]:
    """The statement that lists, and its parameters."""
    values = Values()
    drive = driver(filters) if sort == "-published_at" else None
    if drive is None:
        sql = _plain(filters, COLUMNS[sort], before, limit, values)
    elif drive in FACETS:
        sql = _by_facet(filters, drive, before, limit, values)
    else:
        sql = _by_column(filters, drive, before, limit, values)
    return Query(Listed, sql), values.all


async def listed(
    session: Session, filters: Filters, sort: Sort, before: Place | None, limit: int
) -> list[Listed]:
    """Articles that pass ``filters``, after the place ``before``."""
    query, values = statement(filters, sort, before, limit)
    return await session.all(query, *values)


def _after(row: str, before: Place | None, values: Values) -> str:
    if before is None:
        return ""
    at, article_id = before
    return f"and {row} < ({values.add(at, 'timestamptz')}, {values.add(article_id, 'uuid')})"


def _plain(filters: Filters, column: str, before: Place | None, limit: int, values: Values) -> str:
    return f"""
    select a.id, a.{column} as at, a.card from article a
    where {conditions(filters, values)}
      {_after(f"(a.{column}, a.id)", before, values)}
    order by a.{column} desc, a.id desc limit {values.add(limit, "bigint")}
    """


def _merged(drivers: str, rows: str, limit: str) -> str:
    """The newest of what each of ``drivers`` (a column ``id``) gives, each article once."""
    return f"""
    select distinct on (x.at, x.id) x.id, x.at, x.card
    from {drivers} v cross join lateral ({rows} limit {limit}) x
    order by x.at desc, x.id desc limit {limit}
    """


def _by_facet(filters: Filters, kind: str, before: Place | None, limit: int, values: Values) -> str:
    size = values.add(limit, "bigint")
    drivers = facet_ids(kind, getattr(filters, kind).any_of, values)
    rows = f"""
      select a.id, d.sort_at as at, a.card
      from article_facet d join article a on a.id = d.article_id
      where d.facet_id = v.id {_after("(d.sort_at, d.article_id)", before, values)}
        {"".join(f"and {part} " for part in within("d.sort_at", filters, values))}
        and {conditions(filters, values, but=kind)}
      order by d.sort_at desc, d.article_id desc"""
    return _merged(drivers, rows, size)


def _by_column(
    filters: Filters, name: str, before: Place | None, limit: int, values: Values
) -> str:
    size = values.add(limit, "bigint")
    chosen = getattr(filters, name).any_of
    if name == "site":
        drivers, column = site_ids(chosen, values), "a.site_id"
    else:
        drivers = f"(select unnest({values.add(list(chosen), 'text[]')}) as id)"
        column = "a.language"
    rows = f"""
      select a.id, a.sort_at as at, a.card from article a
      where {column} = v.id {_after("(a.sort_at, a.id)", before, values)}
        and {conditions(filters, values, but=name)}
      order by a.sort_at desc, a.id desc"""
    return _merged(drivers, rows, size)


class Total(Struct, frozen=True):
    """How many."""

    total: int


async def count(session: Session, filters: Filters) -> int:
    """How many articles pass ``filters``, counted one by one."""
    values = Values()
    sql = f"select count(*) as total from article a where {conditions(filters, values)}"
    return (await session.only(Query(Total, sql), *values.all)).total


class Plan(Struct, frozen=True):
    """A plan of the planner, as JSON text."""

    plan: str


async def explain(session: Session, query: Query[Listed], values: Sequence[object]) -> str:
    """The plan of ``query``, as JSON text."""
    sql = "explain (format json) " + query.sql
    return (await session.only(Query(Plan, sql), *values)).plan


async def estimate(session: Session, filters: Filters) -> int:
    """How many articles pass ``filters``, as the planner guesses from its statistics."""
    values = Values()
    sql = f"explain (format json) select from article a where {conditions(filters, values)}"
    found = await session.only(Query(Plan, sql), *values.all)
    _, _, tail = found.plan.partition('"Plan Rows": ')
    return int(tail.partition(",")[0])
