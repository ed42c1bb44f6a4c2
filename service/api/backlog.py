"""How many pages are waiting, so that acceptance stops before the queue grows without bound.

Counting rows costs Postgres work, so a count is used for ``KEEP_S``, and what this process accepts
meanwhile is added to it. No request waits for a count: one that finds it old starts a new count
and uses the old.
"""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

from msgspec import Struct

from service.db import Session, ingestions
from service.errors import BroadsheetError, Overloaded, RateLimited
from service.log import log
from service.settings import Settings

KEEP_S = 5.0
RETRY_AFTER_S = 10.0
CLIENTS_MAX = 10_000


class _Count(Struct):
    """Rows that wait, and when that was counted."""

    rows: int = 0
    counted_at: float = -KEEP_S


class Backlog:
    """Knows the depth of the queue, in all and by client, closely enough to refuse."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._max = settings.queue_depth_max
        self._max_per_client = settings.queue_depth_per_client_max
        self._counts: dict[UUID | None, _Count] = {}
        self._counting: dict[UUID | None, asyncio.Task[None]] = {}

    def admit(self, client_id: UUID, rows: int = 1) -> None:
        """``rows`` more may be accepted. Raises ``Overloaded`` when too much waits in all, and
        ``RateLimited`` when too much of this client's does."""
        if self._count(None, self._max).rows + rows > self._max:
            raise Overloaded(
                "too many pages are waiting; try again later", retry_after_s=RETRY_AFTER_S
            )
        if self._count(client_id, self._max_per_client).rows + rows > self._max_per_client:
            raise RateLimited(
                f"{self._max_per_client:,} pages of this client are waiting already",
                retry_after_s=RETRY_AFTER_S,
            )

    def add(self, client_id: UUID, rows: int) -> None:
        """``rows`` of the client's were accepted here."""
        for whose in (None, client_id):
            self._counts.setdefault(whose, _Count()).rows += rows

    def _count(self, whose: UUID | None, limit: int) -> _Count:
        if len(self._counts) > CLIENTS_MAX:
            self._counts.clear()
        count = self._counts.setdefault(whose, _Count())
        if time.monotonic() - count.counted_at > KEEP_S and whose not in self._counting:
            task = asyncio.create_task(self._recount(whose, limit))
            self._counting[whose] = task
            task.add_done_callback(lambda _: self._counting.pop(whose, None))
        return count

    async def _recount(self, whose: UUID | None, limit: int) -> None:
        try:
            rows = await ingestions.depth(self._session, limit, whose)
        except BroadsheetError as error:
            log.warning("queue not counted", code=error.code)
            return
        self._counts[whose] = _Count(rows, time.monotonic())
