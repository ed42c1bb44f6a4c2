"""The lane of feeds: each row is one feed that is due to be polled."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from service.db import polls
from service.db.polls import Poll
from service.errors import DatabaseUnavailable
from service.log import log
from service.pace import every
from service.queue import LaneName
from service.runtime import Runtime
from service.subscribe.hub import ask_ready
from service.subscribe.poll import poll
from service.worker.lane import PlainLane

ASKED_MAX = 20


class FeedLane(PlainLane[Poll]):
    """Feeds, claimed under the name of this worker, the longest overdue first."""

    name: LaneName = "feed"
    slots = 8

    async def take(self, count: int, ids: Sequence[UUID] | None) -> list[Poll]:
        return await polls.claim(
            self._runtime.db, count, worker=self._worker, lease_s=self._lease_s, ids=ids
        )

    async def renew(self, held: Sequence[Poll]) -> set[UUID]:
        return await polls.renew(self._runtime.db, held, self._lease_s)

    async def act(self, claim: Poll) -> None:
        await poll(self._runtime, claim)

    async def give_back(self, claim: Poll) -> None:
        await polls.defer(self._runtime.db, claim, 0)


async def ask_hubs_until(runtime: Runtime, stop: asyncio.Event) -> None:
    """Until ``stop``, hubs are asked for the subscriptions that are new or run out."""
    async for _ in every(runtime.settings.sweep_s, stop):
        try:
            await ask_ready(runtime, ASKED_MAX)
        except DatabaseUnavailable as error:
            log.warning("hubs not asked", error=str(error))
        except Exception as error:  # or one hub's odd answer would end the worker
            log.error("asking hubs broke", exc_info=error)
