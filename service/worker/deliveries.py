"""The lane of deliveries: each row is one event for one endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from service.db import deliveries
from service.db.deliveries import Claim
from service.errors import DatabaseUnavailable
from service.log import log
from service.notify.deliver import deliver
from service.queue import LaneName
from service.runtime import Runtime

SLOTS = 32
PER_ENDPOINT = 4
RELEASE_S = 3.0


class DeliveryLane:
    """Deliveries, claimed under the name of this worker, fairly between endpoints."""

    name: LaneName = "delivery"

    def __init__(self, runtime: Runtime, worker: str) -> None:
        self.slots = SLOTS
        self._runtime, self._worker = runtime, worker
        self._lease_s = runtime.settings.lease_s

    async def claim(self, ids: Sequence[UUID]) -> list[Claim]:
        return await self._claim(len(ids), ids)

    async def claim_next(self, count: int) -> list[Claim]:
        return await self._claim(count, None)

    async def _claim(self, count: int, hinted: Sequence[UUID] | None) -> list[Claim]:
        return await deliveries.claim(
            self._runtime.db, count, per_endpoint=PER_ENDPOINT, worker=self._worker,
            lease_s=self._lease_s, hinted=hinted,
        )  # fmt: skip

    async def renew(self, held: Sequence[Claim]) -> set[UUID]:
        return await deliveries.renew(self._runtime.db, held, self._lease_s)

    async def work(self, claim: Claim) -> None:
        try:
            await deliver(self._runtime, claim)
        except asyncio.CancelledError:
            await self._release(claim)
            raise
        except DatabaseUnavailable as error:  # its lease runs out, then it is made again
            log.warning("delivery not settled", delivery_id=claim.id, error=str(error))

    async def _release(self, claim: Claim) -> None:
        try:
            async with asyncio.timeout(RELEASE_S):
                await deliveries.release(self._runtime.db, claim)
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("delivery not released", delivery_id=claim.id, error=repr(error))
