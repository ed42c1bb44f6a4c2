"""How much waits, of one client and in all, so that no backlog grows without bound.

Counting a million rows for each request would cost more than the request. A count is kept for a
few seconds, and what this process accepted since is added.
"""

from __future__ import annotations

from collections import OrderedDict
from time import monotonic
from uuid import UUID

from msgspec import Struct

from service.db.session import Db, Query
from service.errors import Overloaded, RateLimited

FRESH_S = 5.0
CLIENTS_MAX = 1_000
RETRY_AFTER_S = 30.0


class Depth(Struct, frozen=True):
    """How many rows wait, counted up to a limit."""

    count: int


ALL = Query(
    Depth,
    """
    select count(*) as count from (
      select from ingestion where state = 'queued' and is_ready limit $1) waiting
    """,
)
OF_CLIENT = Query(
    Depth,
    """
    select count(*) as count from (
      select from ingestion where state = 'queued' and is_ready and client_id = $1
      limit $2) waiting
    """,
)


class Counted(Struct):
    """A count, when it was taken, and what has come since."""

    count: int
    at: float


class Depths:
    """Refuses what would make the queue longer than its bounds."""

    def __init__(self, db: Db, *, all_max: int, client_max: int) -> None:
        self._db, self._all_max, self._client_max = db, all_max, client_max
        self._counts: OrderedDict[UUID | None, Counted] = OrderedDict()

    async def admit(self, client_id: UUID, count: int) -> None:
        """``count`` more rows of the client may come.

        Raises ``RateLimited`` when the client has too many waiting, ``Overloaded`` when all have.
        """
        of_client = await self._counted(client_id)
        if of_client.count + count > self._client_max:
            text = f"{of_client.count} ingestions of this client wait; send more when they are done"
            raise RateLimited(text, retry_after_s=RETRY_AFTER_S)
        of_all = await self._counted(None)
        if of_all.count + count > self._all_max:
            raise Overloaded("the queue is full; try again later", retry_after_s=RETRY_AFTER_S)
        of_client.count += count
        of_all.count += count

    async def _counted(self, client_id: UUID | None) -> Counted:
        known = self._counts.get(client_id)
        if known is None:
            known = self._counts[client_id] = Counted(await self._count(client_id), monotonic())
            if len(self._counts) > CLIENTS_MAX:
                self._counts.popitem(last=False)
        elif monotonic() - known.at > FRESH_S:
            known.at = monotonic()  # meanwhile others go by the old count
            known.count = await self._count(client_id)
        return known

    async def _count(self, client_id: UUID | None) -> int:
        if client_id is None:
            return (await self._db.only(ALL, self._all_max + 1)).count
        return (await self._db.only(OF_CLIENT, client_id, self._client_max + 1)).count
