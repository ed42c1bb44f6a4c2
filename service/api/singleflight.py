"""Equal requests at one moment share one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from service.api.answer import Answer

Make = Callable[[], Awaitable[Answer]]
Waiter = asyncio.Future[Answer]


class Singleflight:
    """Answers by key, one of each at a time. A request that comes while one is being made
    joins the next, never that one, so that every caller reads its own writes."""

    def __init__(self) -> None:
        self._making: set[bytes] = set()
        self._waiting: dict[bytes, tuple[Make, list[Waiter]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, key: bytes, make: Make) -> Answer:
        """What ``make`` gives, of this caller or of another with the same ``key``; or its error."""
        if key not in self._making:
            return await self._made(key, make)
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, (make, []))[1].append(waiter)
        return await waiter

    async def _made(self, key: bytes, make: Make) -> Answer:
        self._making.add(key)
        try:
            return await make()
        finally:
            if key in self._waiting:
                self._begin_next(key)
            else:
                self._making.discard(key)

    def _begin_next(self, key: bytes) -> None:
        task = asyncio.create_task(self._settle(key, *self._waiting.pop(key)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _settle(self, key: bytes, make: Make, waiters: list[Waiter]) -> None:
        """A waiter whose caller was cancelled is done already."""
        try:
            answer = await self._made(key, make)
        except Exception as error:
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_exception(error)
        else:
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(answer)
