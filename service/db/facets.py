"""Facets: the tags, authors, feeds and the like that articles are listed by.

Their rows are never changed or deleted by ingestion, so their numbers may be remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Db, Query, Session


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


Named = tuple[str, str, str]
"""Kind, value and label."""


def of_feeds(feed_ids: Iterable[UUID]) -> list[Named]:
    """The facets of an article that these feeds have."""
    return [("feed_id", str(id), str(id)) for id in feed_ids]


async def numbers(session: Session, wanted: Sequence[Named]) -> list[int]:
    """The numbers of ``wanted``; new ones are added."""
    return [facet.id for facet in await _found(session, wanted)]


async def _found(session: Session, wanted: Sequence[Named]) -> list[FacetId]:
    if not wanted:
        return []
    kinds, values, labels = map(list, zip(*wanted, strict=True))
    found = await session.all(FIND, kinds, values)
    if len(found) < len(wanted):
        await session.run(ADD, kinds, values, labels)
        found = await session.all(FIND, kinds, values)
    return found


KNOWN_MAX = 50_000


class Facets:
    """The numbers of facets, remembered until there are ``KNOWN_MAX`` of them."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._known: dict[tuple[str, str], int] = {}

    async def numbers(self, wanted: Sequence[Named]) -> list[int]:
        """The numbers of ``wanted``; new ones are added."""
        known = self._known
        new = [one for one in wanted if one[:2] not in known]
        for facet in await _found(self._db, new):
            known[facet.kind, facet.value] = facet.id
        if len(known) > KNOWN_MAX:
            self._known = {}
        return [known[kind, value] for kind, value, _ in wanted]
