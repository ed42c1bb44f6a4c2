"""What an error means for the ingestion that met it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.db.claims import Claim
from service.errors import (
    BroadsheetError,
    ConnectFailed,
    DatabaseUnavailable,
    FetchTimeout,
    HostBusy,
    LeaseLost,
    OriginFailed,
    OriginRefused,
    Overloaded,
    PageRejected,
    ParserDied,
    ParseTimeout,
    RobotsDenied,
    TlsFailed,
)
from service.worker.outcome import (
    DEFERRALS_MAX,
    GiveUp,
    LetGo,
    PutBack,
    TryLater,
    backoff_s,
    outcome,
)

ID = UUID(int=0)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def claim(**fields: object) -> Claim:
    """A first attempt of five, with other ``fields``."""
    values: dict[str, object] = dict.fromkeys(Claim.__struct_fields__)
    values |= {"id": ID, "client_id": ID, "kind": "url", "fence": 1, "priority": 1, "attempt": 1}
    values |= {"attempts_max": 5, "parser_deaths": 0, "deferrals": 0}
    values |= {"created_at": NOW, "started_at": NOW}
    return Claim(**(values | fields))  # type: ignore[arg-type]


def refused(status: int) -> OriginRefused:
    """An origin's answer of 4xx."""
    error = OriginRefused("no")
    error.http_status = status
    return error


@pytest.mark.parametrize(
    "error",
    [
        refused(404),
        refused(410),
        RobotsDenied(),
        TlsFailed(),
        PageRejected("captcha"),
    ],
)
def test_what_stays_so_is_given_up_at_once(error: BroadsheetError):
    """An error that another attempt would meet again fails the ingestion, with that error."""
    assert outcome(error, claim(), 0.5) == GiveUp(error)


@pytest.mark.parametrize(
    "error", [refused(429), refused(408), OriginFailed(), ConnectFailed(), FetchTimeout()]
)
def test_what_may_pass_is_tried_again(error: BroadsheetError):
    """A transient error is tried again until the attempts are used up, and then is the reason."""
    assert isinstance(outcome(error, claim(attempt=4), 0.5), TryLater)
    assert outcome(error, claim(attempt=5), 0.5) == GiveUp(error)


def test_a_page_that_ends_its_parser_three_times_is_poison():
    """The third parser death is the last, whatever attempts are left."""
    first = outcome(ParserDied("x"), claim(parser_deaths=0), 0.5)
    second = outcome(ParseTimeout("x"), claim(attempt=2, parser_deaths=1), 0.5)
    third = outcome(ParserDied("x"), claim(attempt=3, parser_deaths=2), 0.5)

    assert isinstance(first, TryLater)
    assert first.is_parser_death
    assert isinstance(second, TryLater)
    assert isinstance(third, GiveUp)
    assert third.error.code == "poison"


def test_what_is_not_the_pages_doing_costs_no_attempt():
    """An outage of ours or a busy host puts the ingestion back; a lost lease leaves it alone."""
    assert isinstance(outcome(DatabaseUnavailable(), claim(attempt=5), 0.5), PutBack)
    assert isinstance(outcome(Overloaded(retry_after_s=3), claim(attempt=5), 0.5), PutBack)
    assert isinstance(outcome(HostBusy(retry_after_s=3), claim(attempt=5), 0.5), PutBack)
    assert outcome(LeaseLost(), claim(), 0.5) == LetGo()


def test_a_host_is_not_waited_for_for_ever():
    """After hundreds of deferrals a busy host counts as a failed attempt like any."""
    busy = HostBusy(retry_after_s=3)

    assert outcome(busy, claim(attempt=5, deferrals=DEFERRALS_MAX), 0.5) == GiveUp(busy)


def test_an_error_of_ours_is_tried_again_and_named_without_details():
    """An unexpected exception is retried, and its text does not reach the caller."""
    verdict = outcome(ValueError("secret"), claim(), 0.5)

    assert isinstance(verdict, TryLater)
    assert verdict.error.code == "internal_error"
    assert "secret" not in verdict.error.detail


@given(attempt=st.integers(1, 40), spread=st.floats(0, 1, exclude_max=True))
def test_backoff_is_bounded_and_jittered(attempt: int, spread: float):
    """A wait is a random part of a bound that doubles, up to a quarter of an hour."""
    waited = backoff_s(ConnectFailed(), attempt, spread)

    assert 0 <= waited <= min(900, 10 * 2 ** (attempt - 1))


@given(asked=st.floats(0, 1e6), spread=st.floats(0, 1, exclude_max=True))
def test_retry_after_is_respected_up_to_an_hour(asked: float, spread: float):
    """We come back no sooner than the origin asked, if it asked for an hour at most."""
    assert backoff_s(OriginFailed(retry_after_s=asked), 1, spread) >= min(asked, 3600)
