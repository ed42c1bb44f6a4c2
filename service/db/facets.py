"""Facets: the tags, authors, keywords and sections that articles are listed by.

Their rows are never changed or deleted by ingestion, so their numbers may be remembered.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from service.db.session import Command, Query, Session


class FacetId(Struct, frozen=True):
    """The number of a facet."""

    kind: str
    value: str
    id: int


FIND = Query(
    FacetId,
    """
    select f.kind, f.value, f.id
    from unnest($1::text[], $2::text[]) as wanted(kind, value)
    join facet f on f.kind = wanted.kind and f.value = wanted.value
    """,
)
ADD = Command(
    """
    insert into facet (kind, value, label)
    select kind, value, label from unnest($1::text[], $2::text[], $3::text[])
      as wanted(kind, value, label)
    order by kind, value
    on conflict do nothing
    """
)


async def numbers(session: Session, wanted: Sequence[tuple[str, str, str]]) -> list[int]:
    """The numbers of ``wanted`` (kind, value, label); new ones are added."""
    if not wanted:
        return []
    kinds, values, labels = map(list, zip(*wanted, strict=True))
    found = await session.all(FIND, kinds, values)
    if len(found) < len(wanted):
        await session.run(ADD, kinds, values, labels)
        found = await session.all(FIND, kinds, values)
    return [facet.id for facet in found]
