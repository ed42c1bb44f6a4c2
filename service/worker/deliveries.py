"""The lane of deliveries: each row is one event for one endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from service.db import deliveries
from service.db.deliveries import Claim
from service.notify.deliver import deliver
from service.queue import LaneName
from service.worker.lane import PlainLane

PER_ENDPOINT = 4


class DeliveryLane(PlainLane[Claim]):
    """Deliveries, claimed under the name of this worker, fairly between endpoints."""

    name: LaneName = "delivery"
    slots = 32

    async def take(self, count: int, ids: Sequence[UUID] | None) -> list[Claim]:
        return await deliveries.claim(
            self._runtime.db, count, per_endpoint=PER_ENDPOINT, worker=self._worker,
            lease_s=self._lease_s, hinted=ids,
        )  # fmt: skip

    async def renew(self, held: Sequence[Claim]) -> set[UUID]:
        return await deliveries.renew(self._runtime.db, held, self._lease_s)

    async def act(self, claim: Claim) -> None:
        await deliver(self._runtime, claim)

    async def give_back(self, claim: Claim) -> None:
        await deliveries.release(self._runtime.db, claim)
