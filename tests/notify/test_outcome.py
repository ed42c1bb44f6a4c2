"""What an endpoint's answer means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.fetch.failures import retry_after_s
from service.notify.outcome import SCHEDULE_S, Arrived, Failed, judge, wait_s

NOW = datetime(2024, 12, 3, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_only_2xx_is_success(status: int) -> None:
    """Every 2xx is success, whatever the number of the try."""
    assert judge(status, {}, 10, 0.5, NOW) == Arrived()


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 500, 503])
def test_anything_else_is_tried_again(status: int) -> None:
    """Redirects and client errors fail like server errors: by the schedule, ten tries in all."""
    verdicts = [judge(status, {}, attempt, 0.5, NOW) for attempt in range(1, 11)]

    assert [v.retry_s for v in verdicts if isinstance(v, Failed)] == [*SCHEDULE_S, None]


def test_410_is_the_end() -> None:
    """Gone is never tried again, and disables the endpoint."""
    verdict = judge(410, {}, 1, 0.5, NOW)

    assert isinstance(verdict, Failed)
    assert verdict.gone
    assert verdict.retry_s is None


@pytest.mark.parametrize(
    "value", ["120", "Tue, 03 Dec 2024 08:02:00 GMT", "Tue, 03 Dec 2024 08:02:00 -0000"]
)
def test_retry_after_is_respected(value: str) -> None:
    """Seconds and dates put the try and the whole endpoint off."""
    verdict = judge(429, {"retry-after": value}, 1, 0.5, NOW)

    assert isinstance(verdict, Failed)
    assert (verdict.retry_s, verdict.pause_s) == (120, 120)


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "٣", "\x00", "Tue, 99 Dec 2024"])
def test_unreadable_retry_after_is_none(value: str) -> None:
    """Nonsense is no wish."""
    assert retry_after_s(value, 86_400, NOW.timestamp()) is None


def test_waits_spread_by_a_fifth() -> None:
    """Jitter stays within twenty percent, and the sum of the waits covers three days."""
    assert wait_s(1, 0.0) == pytest.approx(4)
    assert wait_s(1, 1.0) == pytest.approx(6)
    assert sum(SCHEDULE_S) > 3 * 86_400 * 0.8
    assert wait_s(10, 0.5) is None
