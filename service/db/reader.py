"""Documents read together: requests that wait at the same moment share one statement, and a body
that is here already does not come again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from uuid import UUID

from service.db import articles
from service.db.document_cache import CachedDocument, DocumentCache
from service.db.flights import Flights
from service.db.session import Db

TOGETHER_MAX = 64
FLIGHTS_MAX = 2

Waiter = asyncio.Future[CachedDocument | None]


class Reader:
    """Reads documents by id for any number of callers at once.

    At most ``FLIGHTS_MAX`` statements run. A request joins the next one, never one that runs
    already, so that every caller reads its own writes.

    Bodies of up to ``kept_bytes_max`` are kept; each read asks Postgres whether they still hold.
    """

    def __init__(self, db: Db, kept_bytes_max: int = 0) -> None:
        self._db = db
        self._cache = DocumentCache(kept_bytes_max)
        self._waiting: dict[UUID, list[Waiter]] = {}
        self._flights = Flights(FLIGHTS_MAX, self._fly)

    async def doc(self, article_id: UUID) -> CachedDocument | None:
        """The document of the article, or None. Raises ``DatabaseUnavailable``."""
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(article_id, []).append(waiter)
        self._flights.call()
        return await waiter

    async def _fly(self) -> None:
        while self._waiting:
            await self._read()

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
