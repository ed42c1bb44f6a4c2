"""What a lane of work must be able to do; see ``articles`` for the lane of ingestions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from service.queue import LaneName


class Held(Protocol):
    """A leased row."""

    @property
    def id(self) -> UUID: ...


Claimed = TypeVar("Claimed", bound=Held)


class Lane(Protocol[Claimed]):
    """One kind of work; ``slots`` rows at most are worked on at once."""

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
        """The row is worked on and settled. When cancelled, it is put back."""
        ...
