"""Streams of hints: send, read, settle, adopt."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from service.queue.link import GATHER_S, Link

LaneName = Literal["ingestion", "delivery", "feed"]
PRIORITIES = (0, 1, 2)
"""A caller waits for it; normal; bulk and repair."""

VERSION = "1"
GROUP = "workers"
CONSUMER = "worker"
"""All workers read as one consumer: Redis never forgets a consumer, so one for each process that
ever ran would be a list without an end."""
TOGETHER_MAX = 256
OUTBOX_MAX = 20_000
STREAM_MAX = 100_000
"""Entries kept in a stream at most (about 3 MB); rows beyond them wait in Postgres."""

ADD = """
for place = 3, #ARGV do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'v', ARGV[2], 'id', ARGV[place])
end
"""
"""One entry for each id: as commands of a pipeline, they cost redis-py 15 us each."""

BLOCK_MS = 1_000
ADOPT_IDLE_MS = 60_000


class Job(Struct, frozen=True):
    """A row that is due: its lane, id and priority."""

    lane: LaneName
    id: UUID
    priority: int = 1


class Hint(Struct, frozen=True):
    """A job as it was read from a stream."""

    stream: str
    entry: str
    id: UUID


def stream(lane: LaneName, priority: int) -> str:
    """The stream of a lane and priority: ``broadsheet:{ingestion}:1``."""
    return f"broadsheet:{{{lane}}}:{priority}"


class Streams:
    """Sends and reads hints. An outage of Redis raises nothing: nothing is sent, nothing read."""

    def __init__(self, redis: Redis, link: Link) -> None:
        self.sent = self.dropped = 0
        self._redis: Any = redis  # its declared answers are unions over old and new protocols
        self._script: Any = redis.register_script(ADD)
        self._link = link
        self._outbox: deque[Job] = deque()
        self._sender: asyncio.Task[None] | None = None

    def send(self, jobs: Iterable[Job]) -> None:
        """The jobs will be sent shortly; returns at once, and drops them while Redis is gone."""
        fresh = list(jobs)
        if not self._link.is_up or len(self._outbox) + len(fresh) > OUTBOX_MAX:
            self.dropped += len(fresh)
            return
        self._outbox.extend(fresh)
        if fresh and (self._sender is None or self._sender.done()):
            self._sender = asyncio.create_task(self._send_all())

    async def flush(self) -> None:
        """What was given to ``send`` is sent or dropped."""
        if self._sender is not None:
            await self._sender

    async def _send_all(self) -> None:
        while self._outbox:
            jobs = [self._outbox.popleft() for _ in range(min(TOGETHER_MAX, len(self._outbox)))]
            sent = self.sent
            with self._link.guard():
                await self._add(jobs)
                self.sent += len(jobs)
            self.dropped += len(jobs) if self.sent == sent else 0
            await asyncio.sleep(GATHER_S)

    async def _add(self, jobs: Iterable[Job]) -> None:
        ids: dict[str, list[str]] = {}
        for job in jobs:
            ids.setdefault(stream(job.lane, job.priority), []).append(str(job.id))
        for name, of_stream in ids.items():
            await self._script([name], [STREAM_MAX, VERSION, *of_stream])

    async def read(self, lane: LaneName, count: int, *, block: bool) -> list[Hint]:
        """New hints of the lane, high priority first, at most ``count`` of each priority.

        With ``block``, waits for one for up to a second; while Redis is gone, for a second.
        """
        if not self._link.is_up:
            await asyncio.sleep(BLOCK_MS / 1000 if block else 0)
            return []
        found: Mapping[str, Any] = {}
        with self._link.guard():
            found = await self._read(lane, count, BLOCK_MS if block else None)
        return [hint for name in sorted(found) for hint in hints(name, found[name])]

    async def _read(self, lane: LaneName, count: int, block_ms: int | None) -> Mapping[str, Any]:
        streams: dict[Any, Any] = {stream(lane, priority): ">" for priority in PRIORITIES}
        try:
            return await self._redis.xreadgroup(GROUP, CONSUMER, streams, count, block_ms) or {}
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            await self._found(streams)
        return await self._redis.xreadgroup(GROUP, CONSUMER, streams, count) or {}

    async def _found(self, streams: Iterable[str]) -> None:
        """Makes streams and groups that a flush or a new server lacks; old entries are read."""
        for name in streams:
            try:
                await self._redis.xgroup_create(name, GROUP, id="0", mkstream=True)
            except ResponseError as error:
                if not str(error).startswith("BUSYGROUP"):
                    raise

    async def settle(self, read: Sequence[Hint]) -> None:
        """The hints are used up: acknowledged and deleted, in one round trip."""
        if not read or not self._link.is_up:
            return
        with self._link.guard():
            pipeline = self._redis.pipeline(transaction=False)
            for name, group in groupby(sorted(read, key=by_stream), by_stream):
                entries = [hint.entry for hint in group]
                pipeline.xack(name, GROUP, *entries)
                pipeline.xdel(name, *entries)
            await pipeline.execute()

    async def adopt(self, lane: LaneName, idle_ms: int = ADOPT_IDLE_MS) -> list[Hint]:
        """Hints that a worker read ``idle_ms`` ago and did not settle, now ours."""
        adopted: list[Hint] = []
        for priority in PRIORITIES:
            if self._link.is_up:
                with self._link.guard():
                    adopted += await self._claim(stream(lane, priority), idle_ms)
        return adopted

    async def _claim(self, name: str, idle_ms: int) -> list[Hint]:
        try:
            pending = await self._redis.xpending_range(name, GROUP, "-", "+", 100, idle=idle_ms)
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            return []
        if not pending:
            return []
        entries = [entry["message_id"] for entry in pending]
        return hints(name, await self._redis.xclaim(name, GROUP, CONSUMER, idle_ms, entries))


by_stream = attrgetter("stream")


def hints(name: str, entries: Iterable[tuple[str, Mapping[str, str] | None]]) -> list[Hint]:
    """The hints among raw ``entries``; what is not of our version is left to those who know it."""
    return [
        Hint(name, entry, UUID(fields["id"]))
        for entry, fields in entries
        if fields and fields.get("v") == VERSION and is_uuid(fields.get("id", ""))
    ]


def is_uuid(text: str) -> bool:
    """Whether ``text`` is the id of a row."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
