"""A set in the order of another time than that of its index: all its rows get that time by an index
of the articles' ids, and are sorted before any article is read."""

from __future__ import annotations

from service.db.filters import SETS, Filters, Values, conditions, given, holding, may_hold, set_ids
from service.db.walks import COLUMNS, Cut, after_place, known, rarest_set, set_rows, single

FEW = 1_000
"""Rows of a set that are sorted before the sort's own index is tried."""


def few(filters: Filters, cut: Cut, values: Values) -> str:
    """The page, if the rarest set has at most ``FEW`` rows."""
    member, looked = _member(filters, values, f"limit {FEW + 1}")
    only = f"and (select count(*) from member) <= {FEW}"
    return f"""with {member}
    select r.id, r.at, r.card, n.steps from (select count(*)::int as steps from member) n
    left join ({_page(filters, looked, cut, values, only=only)}) r on true
    order by r.at desc, r.id desc"""


def gathered(filters: Filters, cut: Cut, values: Values) -> str:
    """The page, out of all rows of the rarest set."""
    member, looked = _member(filters, values, "")
    return f"with {member} {_page(filters, looked, cut, values)}"


def _member(filters: Filters, values: Values, limit: str) -> tuple[str, list[str]]:
    """``member``: the rows of the rarest set, or of that of which several values are asked for; and
    the sets that are to be looked at."""
    name, names, first = given(filters)[0], single(filters), Cut(None, 0)
    if name in names and len(names) > 1:
        chosen, rows = rarest_set(filters, first, values)
        return f"{chosen}, member as materialized ({rows} {limit})", list(SETS)
    numbers = set_ids(name, getattr(filters, name).any_of, values)
    rows = set_rows(filters, first, values)
    looked = [other for other in SETS if other not in known(filters, name)]
    if name in names:
        return f"member as materialized ({rows.replace('v.id', numbers)} {limit})", looked
    return (
        f"""member as materialized (
      select distinct x.* from {numbers} v (id) cross join lateral ({rows} {limit}) x {limit})
    """,
        looked,
    )


def _page(filters: Filters, looked: list[str], cut: Cut, values: Values, *, only: str = "") -> str:
    """What passes of ``member``; ``offset 0`` keeps the planner from another order."""
    after = after_place("(t.at, m.id)", cut.before, values)
    masked = "".join(f" and {part}" for part in may_hold(filters, values, "m.mask", looked))
    found = "".join(f" and {p}" for p in holding(filters, values, "y.id", "y.sort_at", looked))
    return f"""select y.id, y.at, c.card from (
        select m.id, m.at as sort_at, t.at from member m cross join lateral (
          select a.{COLUMNS[cut.sort]} as at from article a
          where a.id = m.id and a.deleted_at is null offset 0) t
        where true {masked} {only} {after}
        order by t.at desc, m.id desc offset 0) y
      cross join lateral (
        select a.card from article a
        where a.id = y.id and {conditions(filters, values, but=SETS)} offset 0) c
      where true {found}
      order by y.at desc, y.id desc limit {values.add(cut.limit, "bigint")}"""
