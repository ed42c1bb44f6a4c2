"""Leases: what the tables of work (delivery, feed) have in common.

A row is leased while ``lease_until`` is set; ``fence`` grows with each claim, and only who holds
the latest one may keep or end the lease. Ingestions, which have a stage too, are in claims.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from service.db.rows import RowId
from service.db.session import Query, Session


class Leased(Protocol):
    """A claimed row."""

    @property
    def id(self) -> UUID: ...

    @property
    def fence(self) -> int: ...


def renewal(table: str) -> Query[RowId]:
    """The statement by which leases in ``table`` run on."""
    return Query(
        RowId,
        f"""
        update {table} t set lease_until = now() + make_interval(secs => $3)
        from unnest($1::uuid[], $2::bigint[]) as h (id, fence)
        where t.id = h.id and t.fence = h.fence and t.lease_until is not null
        returning t.id
        """,
    )


async def renew(
    session: Session, renewal: Query[RowId], held: Sequence[Leased], lease_s: float
) -> set[UUID]:
    """The leases run on for ``lease_s`` from now; returns the ids that are still ours."""
    ids, fences = [one.id for one in held], [one.fence for one in held]
    return {row.id for row in await session.all(renewal, ids, fences, lease_s)}
