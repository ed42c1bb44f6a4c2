"""One lane at work: hints and turns become claims, claims become tasks, leases are kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Generic

from service.errors import DatabaseUnavailable
from service.log import log
from service.queue import Hint
from service.runtime import Runtime
from service.worker.lane import Claimed, Lane
from service.worker.metrics import BUSY, CLAIMED, LOST

TURN_EVERY = 4
"""In every fourth round rows are claimed by turn before hints are: none waits for ever."""

RESERVE = 4
"""One slot in so many is reserved for hints, so that fresh work starts at once."""

GROUP = 4
"""A lane that was full claims anew when one slot in so many is free, or after ``LINGER_S``."""
LINGER_S = 0.1

SETTLED_TOGETHER = 64
"""Used hints are settled so many at a time, and when there is nothing else to do."""

PAUSE_S = 1.0
ADOPT_EVERY_S = 15.0


class Dispatch(Generic[Claimed]):
    """Runs ``lane`` until ``stop``, then drains it within ``settings.drain_s``."""

    def __init__(self, runtime: Runtime, lane: Lane[Claimed]) -> None:
        self._runtime, self._lane = runtime, lane
        self._held: dict[asyncio.Task[None], Claimed] = {}
        self._from_backlog: set[asyncio.Task[None]] = set()
        self._freed = asyncio.Event()
        self._hints: list[Hint] = []
        self._used: list[Hint] = []
        self._round = 0
        self._is_idle = False
        self._adopt_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set, then drains."""
        heartbeat = asyncio.create_task(self._beat())
        stopped = asyncio.create_task(stop.wait())
        stopped.add_done_callback(lambda _: self._freed.set())
        try:
            while not stop.is_set():
                if len(self._held) >= self._lane.slots:
                    await self._some_free()
                    continue
                await self._fill()
            await self._drain()
        finally:
            heartbeat.cancel()
            stopped.cancel()
            await asyncio.gather(heartbeat, stopped, return_exceptions=True)

    async def _some_free(self) -> None:
        """Waits for a slot, and a moment for others, so that claims are made in groups."""
        self._freed.clear()
        await self._freed.wait()
        await self._group_free()

    async def _group_free(self) -> None:
        """One slot in ``GROUP`` is free more than now, or ``LINGER_S`` have passed."""
        enough = len(self._held) - max(1, self._lane.slots // GROUP)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while len(self._held) > enough:
                    self._freed.clear()
                    await self._freed.wait()

    async def _fill(self) -> None:
        """Free slots are filled with what is due, if anything is."""
        self._round += 1
        found = False
        try:
            if self._round % TURN_EVERY == 0:
                found = await self._take_turns()
            found = await self._take_hints() or found
            if not found:
                found = await self._take_turns()
        except DatabaseUnavailable as error:
            cause = repr(error.__cause__)
            log.warning("no claims", lane=self._lane.name, error=str(error), cause=cause)
            await asyncio.sleep(PAUSE_S)
        except Exception as error:
            log.error("dispatch broke", lane=self._lane.name, exc_info=error)
            await asyncio.sleep(PAUSE_S)
        self._is_idle = not found

    async def _take_hints(self) -> bool:
        """Whether there was a hint; what is hinted and due is under way."""
        free = self._lane.slots - len(self._held)
        if free <= 0:
            return True
        if len(self._hints) < free:
            self._hints += await self._read(free - len(self._hints))
        now, later = self._hints[:free], self._hints[free:]
        if now:
            self._start(await self._lane.claim([hint.id for hint in now]), "hint")
            self._hints = later
            self._used += now
        if len(self._used) >= SETTLED_TOGETHER or not now:
            used, self._used = self._used, []
            await self._runtime.streams.settle(used)
        return bool(now)

    async def _read(self, count: int) -> list[Hint]:
        streams, name = self._runtime.streams, self._lane.name
        now = asyncio.get_running_loop().time()
        if now >= self._adopt_at:
            self._adopt_at = now + ADOPT_EVERY_S
            adopted = await streams.adopt(name)
            if adopted:
                return adopted
        return await streams.read(name, count, block=self._is_idle)

    async def _take_turns(self) -> bool:
        """Whether something was due or may be; what is next in Postgres is under way."""
        reserve = self._lane.slots // RESERVE if self._runtime.link.is_up else 0
        free = self._lane.slots - len(self._held)
        count = min(free, self._lane.slots - reserve - len(self._from_backlog))
        if count <= 0:
            await self._group_free()
            return True
        claimed = await self._lane.claim_next(count)
        self._from_backlog.update(self._start(claimed, "turn"))
        return bool(claimed)

    def _start(self, claimed: Sequence[Claimed], by: str) -> list[asyncio.Task[None]]:
        tasks = []
        for claim in claimed:
            task = asyncio.create_task(self._lane.work(claim), name=f"{self._lane.name} {claim.id}")
            self._held[task] = claim
            task.add_done_callback(self._done)
            tasks.append(task)
        CLAIMED.labels(self._lane.name, by).inc(len(tasks))
        BUSY.labels(self._lane.name).set(len(self._held))
        return tasks

    def _done(self, task: asyncio.Task[None]) -> None:
        claim = self._held.pop(task)
        self._from_backlog.discard(task)
        self._freed.set()
        BUSY.labels(self._lane.name).set(len(self._held))
        if not task.cancelled() and (error := task.exception()):
            log.error("job broke", lane=self._lane.name, id=claim.id, exc_info=error)

    async def _beat(self) -> None:
        """Leases of all work under way are renewed; work whose lease was lost is cancelled."""
        while True:
            await asyncio.sleep(self._runtime.settings.heartbeat_s)
            held = dict(self._held)
            if not held:
                continue
            try:
                ours = await self._lane.renew(list(held.values()))
            except Exception as error:
                log.warning("leases not renewed", lane=self._lane.name, error=repr(error))
                continue
            for task, claim in held.items():
                if claim.id not in ours and not task.done():
                    LOST.labels(self._lane.name).inc()
                    task.cancel("the lease was lost")

    async def _drain(self) -> None:
        """Work under way ends or is put back; unread hints are left to other workers."""
        held = set(self._held)
        if held:
            _, late = await asyncio.wait(held, timeout=self._runtime.settings.drain_s * 0.75)
            for task in late:
                task.cancel("the worker stops")
            await asyncio.gather(*late, return_exceptions=True)
        await self._runtime.streams.settle(self._used)
