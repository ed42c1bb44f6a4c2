"""Turns in the event loop: long work yields, large work goes to a thread, repeated work waits."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypeVar

STRETCH_S = 0.002
"""Work goes on so long before others have a turn: a thousand pages took 50 ms at a stretch, for
which every read of that moment waited."""

LARGE_BYTES = 262_144
"""Work on more bytes than this is done in a thread."""

T = TypeVar("T")


async def paced(items: Iterable[T]) -> AsyncIterator[T]:
    """``items`` in order; the loop has a turn whenever the work on them took ``STRETCH_S``."""
    until = time.perf_counter() + STRETCH_S
    for item in items:
        yield item
        if time.perf_counter() > until:
            await asyncio.sleep(0)
            until = time.perf_counter() + STRETCH_S


async def offloaded(size_bytes: int, work: Callable[..., T], *values: object) -> T:
    """What ``work(*values)`` gives, which works on ``size_bytes``; if these are many, in a thread,
    so that other requests go on."""
    if size_bytes <= LARGE_BYTES:
        return work(*values)
    return await asyncio.to_thread(work, *values)


async def every(interval_s: float, stop: asyncio.Event) -> AsyncIterator[None]:
    """A turn at once, and one ``interval_s`` after the end of each, until ``stop`` is set."""
    while not stop.is_set():
        yield
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), interval_s)
