"""Time that a test may take for granted, on a machine where others work too.

A busy machine delays some of several tries, a fault delays all of them: the best one counts.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Awaitable, Callable

TRIES = 4


async def least_s(
    act: Callable[[], Awaitable[object]],
    enough_s: float = 0.0,
    *,
    tries: int = TRIES,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """The seconds of the quickest of ``tries`` of ``act``; no more once one took ``enough_s``."""
    least = float("inf")
    for _ in range(tries):
        began = clock()
        await act()
        least = min(least, clock() - began)
        if least <= enough_s:
            break
    return least


least_cpu_s = functools.partial(least_s, clock=time.process_time)
"""As ``least_s``, in seconds of this process's CPU; a page in the caches of others costs more."""
