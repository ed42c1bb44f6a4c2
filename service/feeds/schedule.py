"""When to ask a feed again: as often as it changes, never more often than it wishes. Pure."""

from __future__ import annotations

from msgspec import Struct

MIN_S = 300.0
MAX_S = 86_400.0
PUSHED_S = 21_600.0
"""A feed that a hub pushes is still asked this often, in case a push was lost."""

FAILING_AFTER = 5
"""Failures in a row after which a feed is ``failing``."""


class Pace(Struct, frozen=True, kw_only=True):
    """What is known of a feed's habits. ``interval_s`` is the last wait."""

    interval_s: float = 900.0
    changed: bool = False
    failures: int = 0
    ttl_s: float | None = None
    retry_after_s: float | None = None
    pushed: bool = False


def next_poll_s(pace: Pace, spread: float) -> float:
    """Seconds until the next poll; ``spread`` in [0, 1) gives the jitter of ten percent.

    News halves the wait, silence stretches it by a half, each failure doubles it; between five
    minutes and a day. ``ttl`` and ``Retry-After`` are lower bounds, whatever else is true.
    """
    wait_s = min(max(_wished_s(pace), MIN_S), MAX_S)
    floor_s = max(min(pace.ttl_s or 0.0, MAX_S), min(pace.retry_after_s or 0.0, 7 * MAX_S))
    return max(wait_s * (0.9 + 0.2 * spread), floor_s)


def _wished_s(pace: Pace) -> float:
    if pace.failures:
        return MIN_S * 2.0 ** min(pace.failures, 10)
    wait_s = pace.interval_s * (0.5 if pace.changed else 1.5)
    return max(wait_s, PUSHED_S) if pace.pushed else wait_s
