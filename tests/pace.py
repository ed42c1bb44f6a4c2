"""Time that a test may take for granted, on a machine where others work too.

A busy machine delays some of several tries, a fault delays all of them: the best one counts.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

TRIES = 4


async def least_s(act: Callable[[], Awaitable[object]], enough_s: float) -> float:
    """The seconds of the quickest of four tries of ``act``; no more once one took ``enough_s``."""
    return await _least(act, enough_s, time.perf_counter)


async def least_cpu_s(act: Callable[[], Awaitable[object]], enough_s: float) -> float:
    """As ``least_s``, in seconds of this process's CPU."""
    return await _least(act, enough_s, time.process_time)


async def _least(
    act: Callable[[], Awaitable[object]], enough_s: float, clock: Callable[[], float]
) -> float:
    least = float("inf")
    for _ in range(TRIES):
        began = clock()
        await act()
        least = min(least, clock() - began)
        if least <= enough_s:
            break
    return least
