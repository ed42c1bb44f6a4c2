"""Acceptance in groups: requests that come at the same moment are committed together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

import asyncpg
from msgspec import Struct

from service.db import ingestions
from service.db.flights import Flights
from service.db.ingestions import Accepted, NewIngestion
from service.db.session import Db

ROWS_MAX = 256
CONTENT_BYTES_MAX = 8_000_000
FLIGHTS_MAX = 4
"""Statements at once: with two, one process waits for commits (a tenth to a fifth fewer pages a
second at 16 and 64 connections); eight bring nothing more, and each costs Postgres a little."""


class Waiting(Struct, frozen=True):
    """The rows of one request; a caller that was cancelled has taken its future with it."""

    rows: Sequence[NewIngestion]
    future: asyncio.Future[list[Accepted]]

    def finish(self, accepted: list[Accepted]) -> None:
        """The request's rows are committed."""
        if not self.future.done():
            self.future.set_result(accepted)

    def fail(self, error: Exception) -> None:
        """The request's rows are not committed."""
        if not self.future.done():
            self.future.set_exception(error)


class Intake:
    """Inserts ingestions for any number of callers at once; each gets its own rows back.

    At most ``FLIGHTS_MAX`` statements run; requests that come meanwhile join the next one.
    If Postgres refuses rows, only the request that sent them fails.
    """

    def __init__(self, db: Db) -> None:
        self._db = db
        self._waiting: deque[Waiting] = deque()
        self._flights = Flights(FLIGHTS_MAX, self._fly)

    async def insert(self, rows: Sequence[NewIngestion]) -> list[Accepted]:
        """The rows are committed. Raises ``DatabaseUnavailable``."""
        future: asyncio.Future[list[Accepted]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(rows, future))
        self._flights.call()
        return await future

    async def _fly(self) -> None:
        while self._waiting:
            group = self._board()
            try:
                await self._insert(group)
            except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
                await self._insert_apart(group, error)
            except Exception as error:
                for waiting in group:
                    waiting.fail(error)

    def _board(self) -> list[Waiting]:
        group = [self._waiting.popleft()]
        rows, size = len(group[0].rows), content_bytes(group[0])
        while self._waiting:
            rows += len(self._waiting[0].rows)
            size += content_bytes(self._waiting[0])
            if rows > ROWS_MAX or size > CONTENT_BYTES_MAX:
                break
            group.append(self._waiting.popleft())
        return group

    async def _insert(self, group: Sequence[Waiting]) -> None:
        made = await ingestions.insert(self._db, [row for one in group for row in one.rows])
        start = 0
        for waiting in group:
            end = start + len(waiting.rows)
            waiting.finish(made[start:end])
            start = end

    async def _insert_apart(self, group: Sequence[Waiting], error: Exception) -> None:
        if len(group) == 1:
            group[0].fail(error)
            return
        for waiting in group:
            try:
                await self._insert([waiting])
            except Exception as own_error:
                waiting.fail(own_error)


def content_bytes(waiting: Waiting) -> int:
    """Bytes of content that the request brought."""
    return sum(len(row.content or b"") for row in waiting.rows)
