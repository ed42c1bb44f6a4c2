"""Long work in the loop lets others have their turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

STRETCH_S = 0.002
"""Work goes on so long before others have a turn: a thousand pages took 50 ms at a stretch, for
which every read of that moment waited."""

T = TypeVar("T")


async def paced(items: Iterable[T]) -> AsyncIterator[T]:
    """``items`` in order; the loop has a turn whenever the work on them took ``STRETCH_S``."""
    until = time.perf_counter() + STRETCH_S
    for item in items:
        yield item
        if time.perf_counter() > until:
            await asyncio.sleep(0)
            until = time.perf_counter() + STRETCH_S
