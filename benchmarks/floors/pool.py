"""The pool of a floor: asyncpg's own, without the reset query."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
_opening: asyncio.Task[Pool] | None = None


async def opened() -> Pool:
    """The one pool of this process. The first requests come together: if each opened a pool,
    sixteen of them would hold most of the server's connections, and others be refused."""
    global _opening
    if _opening is None:
        _opening = asyncio.create_task(_open())
    return await _opening


async def _open() -> Pool:
    return await asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=4, max_size=10, reset=_keep
    )


async def _keep(_connection: object) -> None:
    """Stands for the reset query: a floor does without the second round trip."""
