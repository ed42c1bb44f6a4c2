"""Documents read together: requests that wait at the same moment share one statement, and a body
that is here already does not come again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

from service.db import articles
from service.db.document_cache import CachedDocument, DocumentCache
from service.db.session import Db

TOGETHER_MAX = 64
FLIGHTS_MAX = 2

Waiter = asyncio.Future[CachedDocument | None]


class Reader:
    """Reads documents by id for any number of callers at once.

    At most ``FLIGHTS_MAX`` statements run; requests that come meanwhile join the next one, never
    one that runs already, so that every caller reads its own writes. The second starts at the end
    of a turn of the loop, with all requests of that turn.

    Bodies of up to ``kept_bytes_max`` are kept; each read asks Postgres whether they still hold.
    """

    def __init__(self, db: Db, kept_bytes_max: int = 0) -> None:
        self._db = db
        self._cache = DocumentCache(kept_bytes_max)
        self._waiting: dict[UUID, list[Waiter]] = {}
        self._flying = 0
        self._is_leaving = False
        self._flights: set[asyncio.Task[None]] = set()

    async def doc(self, article_id: UUID) -> CachedDocument | None:
        """The document of the article, or None. Raises ``DatabaseUnavailable``."""
        if not self._flying and not self._waiting:
            return await self._alone(article_id)
        loop = asyncio.get_running_loop()
        waiter: Waiter = loop.create_future()
        self._waiting.setdefault(article_id, []).append(waiter)
        if self._flying < FLIGHTS_MAX and not self._is_leaving:
            self._is_leaving = True
            loop.call_soon(self._depart)
        return await waiter

    async def _alone(self, article_id: UUID) -> CachedDocument | None:
        self._flying += 1
        try:
            found = await self._found([article_id])
        finally:
            self._flying -= 1
            self._depart()
        return found.get(article_id)

    def _depart(self) -> None:
        self._is_leaving = False
        if not self._waiting or self._flying >= FLIGHTS_MAX:
            return
        flight = asyncio.create_task(self._fly())
        self._flights.add(flight)
        flight.add_done_callback(self._flights.discard)

    async def _fly(self) -> None:
        self._flying += 1
        try:
            while self._waiting:
                await self._read()
        finally:
            self._flying -= 1

    async def _read(self) -> None:
        ids = list(self._waiting)[:TOGETHER_MAX]
        waiters = {id: self._waiting.pop(id) for id in ids}
        try:
            found = await self._found(ids)
        except Exception as error:
            for waiter in _those_who_stayed(waiters.values()):
                waiter.set_exception(error)
        else:
            for id, asked in waiters.items():
                for waiter in _those_who_stayed([asked]):
                    waiter.set_result(found.get(id))

    async def _found(self, ids: Sequence[UUID]) -> dict[UUID, CachedDocument]:
        known = self._cache.among(ids)
        rows = await articles.current(self._db, ids, list(known))
        return {row.id: self._cache.renew(row, known.get(row.etag)) for row in rows}


def _those_who_stayed(asked: Iterable[list[Waiter]]) -> list[Waiter]:
    """A caller that was cancelled has taken its future with it."""
    return [waiter for waiters in asked for waiter in waiters if not waiter.done()]
