"""What the answer of an endpoint means for its delivery. Pure.

Standard Webhooks 1.0: only 2xx is success, a redirect is a failure, 410 asks us to stop, 429 and
503 may say when to come again. Ten attempts over three days, then the delivery has failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from service.fetch.failures import retry_after_s

SCHEDULE_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before the second attempt, the third ...; the first is made at once."""

JITTER = 0.2
RETRY_AFTER_S_MAX = 86_400.0
FAILING_DAYS_MAX = 5
"""An endpoint that has failed for so long is disabled."""


class Arrived(Struct, frozen=True):
    """The endpoint accepted it."""


class Failed(Struct, frozen=True):
    """It failed: again in ``retry_s``, or never if null.

    ``pause_s``: the endpoint asked for a pause; ``gone``: it answered 410.
    """

    code: str
    detail: str
    retry_s: float | None
    pause_s: float | None = None
    gone: bool = False


def wait_s(attempt: int, spread: float) -> float | None:
    """Seconds until the attempt after number ``attempt``; None after the last one.

    ``spread`` in [0, 1) moves it by up to twenty percent to either side.
    """
    if attempt > len(SCHEDULE_S):
        return None
    return SCHEDULE_S[attempt - 1] * (1 - JITTER + 2 * JITTER * spread)


def judge(
    status: int, headers: Mapping[str, str], attempt: int, spread: float, now: datetime
) -> Arrived | Failed:
    """What ``status`` and the lower-case ``headers`` of the answer to number ``attempt`` mean."""
    if 200 <= status < 300:
        return Arrived()
    if status == 410:
        return Failed("gone", "the endpoint answered 410 Gone", None, gone=True)
    pause_s = None
    if status in (429, 502, 503):
        stated = headers.get("retry-after", "")
        pause_s = retry_after_s(stated, RETRY_AFTER_S_MAX, now.timestamp())
    retry_s = wait_s(attempt, spread)
    if retry_s is not None and pause_s is not None:
        retry_s = max(retry_s, pause_s)
    code = "redirect" if 300 <= status < 400 else f"http_{status // 100}xx"
    return Failed(code, f"the endpoint answered {status}", retry_s, pause_s)
