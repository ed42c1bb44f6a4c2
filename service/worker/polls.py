"""The lane of feeds: each row is one feed that is due to be polled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from uuid import UUID

from service.db import feeds
from service.db.feeds import Poll
from service.errors import BroadsheetError, DatabaseUnavailable
from service.log import log
from service.queue import LaneName
from service.runtime import Runtime
from service.subscribe.hub import ask_ready
from service.subscribe.poll import poll

SLOTS = 8
RELEASE_S = 3.0
ASKED_MAX = 20


class FeedLane:
    """Feeds, claimed under the name of this worker, the longest overdue first."""

    name: LaneName = "feed"

    def __init__(self, runtime: Runtime, worker: str) -> None:
        self.slots = SLOTS
        self._runtime, self._worker = runtime, worker
        self._lease_s = runtime.settings.lease_s

    async def claim(self, ids: Sequence[UUID]) -> list[Poll]:
        return await self._claim(len(ids), ids)

    async def claim_next(self, count: int) -> list[Poll]:
        return await self._claim(count, None)

    async def _claim(self, count: int, ids: Sequence[UUID] | None) -> list[Poll]:
        return await feeds.claim(
            self._runtime.db, count, worker=self._worker, lease_s=self._lease_s, ids=ids
        )

    async def renew(self, held: Sequence[Poll]) -> set[UUID]:
        return await feeds.renew(self._runtime.db, held, self._lease_s)

    async def work(self, claim: Poll) -> None:
        try:
            await poll(self._runtime, claim)
        except asyncio.CancelledError:
            await self._release(claim)
            raise
        except DatabaseUnavailable as error:  # its lease runs out, then it is polled again
            log.warning("feed not settled", feed_id=claim.id, error=str(error))

    async def _release(self, claim: Poll) -> None:
        try:
            async with asyncio.timeout(RELEASE_S):
                await feeds.defer(self._runtime.db, claim, 0)
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("feed not released", feed_id=claim.id, error=repr(error))


async def ask_hubs_until(runtime: Runtime, stop: asyncio.Event) -> None:
    """Until ``stop``, hubs are asked for the subscriptions that are new or run out."""
    while not stop.is_set():
        try:
            await ask_ready(runtime, ASKED_MAX)
        except BroadsheetError as error:
            log.warning("hubs not asked", error=str(error))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), runtime.settings.sweep_s)
