"""Statements that are shared: each takes with it all callers who wait at its start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Flights:
    """At most ``most`` runs of ``fly`` at once, which serves callers for as long as some wait.

    A run starts two turns of the loop after the caller that began it (some 10 us for a lone one):
    who comes meanwhile goes along, so that statements are fewer (16 connections that read: a sixth
    less CPU of Postgres; 64: a quarter, and an eighth less of ours).
    """

    def __init__(self, most: int, fly: Callable[[], Awaitable[None]]) -> None:
        self._left = most
        self._fly = fly
        self._is_boarding = False
        self._tasks: set[asyncio.Task[None]] = set()

    def call(self) -> None:
        """A caller waits: a run that is about to start, or one that runs, will find it."""
        if not self._left or self._is_boarding:
            return
        self._left -= 1
        self._is_boarding = True
        task = asyncio.create_task(self._run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        await asyncio.sleep(0)
        self._is_boarding = False
        try:
            await self._fly()
        finally:  # in the turn in which nobody waited any more; a callback of the task comes later
            self._left += 1
