"""Wakes requests that wait for an ingestion to end, over Redis pub/sub."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from service.queue.link import GATHER_S, PAUSE_S, Link

CHANNEL = "broadsheet:ended"
UNHEARD_S = 0.2
"""Between two publishes after one without a listener: waiting is rare, and a call of redis-py is
not cheap. A request that begins to wait then is woken later by this much at most, once."""
RINGS_MAX = 10_000


class Bell:
    """Rings for ids. A ring may be missed (Redis gone), so a request that waits polls Postgres too.

    A process listens from its first waiting request on, with one connection.
    """

    def __init__(self, redis: Redis, link: Link) -> None:
        self._redis, self._link = redis, link
        self._waiting: dict[UUID, set[asyncio.Event]] = {}
        self._listener: asyncio.Task[None] | None = None
        self._ringing: list[UUID] = []
        self._ringer: asyncio.Task[None] | None = None

    def ring(self, id: UUID) -> None:
        """Requests that wait for ``id``, in any process, are woken shortly; returns at once."""
        if not self._link.is_up or len(self._ringing) >= RINGS_MAX:
            return
        self._ringing.append(id)
        if self._ringer is None or self._ringer.done():
            self._ringer = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        while self._ringing:
            ids, self._ringing = self._ringing, []
            heard = 0
            with self._link.guard():
                heard = await self._redis.publish(CHANNEL, ",".join(map(str, ids)))
            await asyncio.sleep(GATHER_S if heard else UNHEARD_S)

    @contextmanager
    def heard(self, id: UUID) -> Iterator[asyncio.Event]:
        """An Event that is set when the bell rings for ``id`` within the block."""
        event = asyncio.Event()
        self._waiting.setdefault(id, set()).add(event)
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen())
        try:
            yield event
        finally:
            waiting = self._waiting[id]
            waiting.discard(event)
            if not waiting:
                del self._waiting[id]

    async def close(self) -> None:
        """Pending rings are sent, and the listener ends."""
        if self._ringer is not None:
            await self._ringer
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            if self._link.is_up:
                with self._link.guard():
                    async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                        await self._hear(channel)
            await asyncio.sleep(PAUSE_S)

    async def _hear(self, channel: PubSub) -> None:
        await channel.subscribe(CHANNEL)
        while True:
            message = await channel.get_message(timeout=PAUSE_S)
            for id in message["data"].split(",") if message else ():
                for event in self._waiting.get(UUID(id), ()):
                    event.set()
