"""Equal questions that are asked at one moment are answered once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

from service.api.answer import Answer

MAKINGS_MAX = 2
"""How many answers to one question are being made at once."""

Make = Callable[[], Awaitable[Answer]]
Waiter = asyncio.Future[Answer]


class Shared:
    """Answers by key. Whoever asks while ``MAKINGS_MAX`` are being made joins the next one, and
    never one that is being made already, so that nobody reads what was before their own last
    write."""

    def __init__(self) -> None:
        self._making: Counter[bytes] = Counter()
        self._waiting: dict[bytes, tuple[Make, list[Waiter]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, key: bytes, make: Make) -> Answer:
        """What ``make`` gives, of this caller or of another with the same ``key``; or its error."""
        if self._making[key] < MAKINGS_MAX and key not in self._waiting:
            return await self._made(key, make)
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, (make, []))[1].append(waiter)
        return await waiter

    async def _made(self, key: bytes, make: Make) -> Answer:
        self._making[key] += 1
        try:
            return await make()
        finally:
            self._making[key] -= 1
            if not self._making[key]:
                del self._making[key]
            if key in self._waiting:
                self._begin_next(key)

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
