"""The interface of a lane of work, and the base of lanes whose work settles itself."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from service.errors import DatabaseUnavailable
from service.log import log
from service.queue import LaneName
from service.runtime import Runtime

RELEASE_S = 3.0


class Held(Protocol):
    """A leased row."""

    @property
    def id(self) -> UUID: ...


Claimed = TypeVar("Claimed", bound=Held)


class Lane(Protocol[Claimed]):
    """One kind of work; at most ``slots`` rows are processed at once."""

    name: LaneName
    slots: int

    async def claim(self, ids: Sequence[UUID]) -> list[Claimed]:
        """Those of ``ids`` that are due, leased to this worker."""
        ...

    async def claim_next(self, count: int) -> list[Claimed]:
        """The ``count`` rows that are due next, leased to this worker."""
        ...

    async def renew(self, held: Sequence[Claimed]) -> set[UUID]:
        """The leases run on; returns the ids that are still ours."""
        ...

    async def work(self, claim: Claimed) -> None:
        """The row is processed and settled. When cancelled, it is put back."""
        ...


class PlainLane(ABC, Generic[Claimed]):
    """A lane whose work settles itself: every failure but an outage of Postgres is an outcome.

    Then the lease expires, and the row is processed again.
    """

    name: LaneName
    slots: int

    def __init__(self, runtime: Runtime, worker: str) -> None:
        self._runtime, self._worker = runtime, worker
        self._lease_s = runtime.settings.lease_s

    @abstractmethod
    async def take(self, count: int, ids: Sequence[UUID] | None) -> list[Claimed]:
        """Up to ``count`` rows that are due, of ``ids`` where given, leased to this worker."""

    @abstractmethod
    async def renew(self, held: Sequence[Claimed]) -> set[UUID]:
        """The leases run on; returns the ids that are still ours."""

    @abstractmethod
    async def act(self, claim: Claimed) -> None:
        """The row is processed and settled."""

    @abstractmethod
    async def give_back(self, claim: Claimed) -> None:
        """The row is due again, as if it had not been claimed."""

    async def claim(self, ids: Sequence[UUID]) -> list[Claimed]:
        return await self.take(len(ids), ids)

    async def claim_next(self, count: int) -> list[Claimed]:
        return await self.take(count, None)

    async def work(self, claim: Claimed) -> None:
        try:
            await self.act(claim)
        except asyncio.CancelledError:
            await self._release(claim)
            raise
        except DatabaseUnavailable as error:
            log.warning("not settled", lane=self.name, id=claim.id, error=str(error))

    async def _release(self, claim: Claimed) -> None:
        try:
            async with asyncio.timeout(RELEASE_S):
                await self.give_back(claim)
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("not released", lane=self.name, id=claim.id, error=repr(error))
