"""What an error means for its ingestion. Pure: time and jitter are given."""

from __future__ import annotations

from msgspec import Struct

from service.db.claims import PARSER_DEATHS_MAX, Claim
from service.errors import (
    BroadsheetError,
    FetchError,
    HostBusy,
    LeaseLost,
    OriginRefused,
    ParseError,
    Poison,
    UnavailableError,
)

DEFERRALS_MAX = 300
"""A host that was busy so often, over hours or days, will stay busy."""

DEFER_S_MAX = 60.0
RETRY_AFTER_S_MAX = 3_600.0
BACKOFF_S = 10.0
BACKOFF_S_MAX = 900.0
PARSE_BACKOFF_S = 1.0


class LetGo(Struct, frozen=True):
    """The claim is no longer ours: change nothing."""


class PutBack(Struct, frozen=True):
    """Not the ingestion's fault: again in ``due_in_s``, the attempt is not counted."""

    due_in_s: float


class TryLater(Struct, frozen=True):
    """Again in ``due_in_s``."""

    error: BroadsheetError
    due_in_s: float
    is_parser_death: bool


class GiveUp(Struct, frozen=True):
    """Failed, for this reason."""

    error: BroadsheetError


Verdict = LetGo | PutBack | TryLater | GiveUp


def outcome(error: Exception, claim: Claim, spread: float) -> Verdict:
    """What becomes of ``claim``, whose attempt raised ``error``.

    ``spread`` in [0, 1) is the jitter: a wait is that part of its longest (full jitter, see
    "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    """
    if isinstance(error, LeaseLost):
        return LetGo()
    if isinstance(error, UnavailableError):
        return PutBack(error.retry_after_s or 1.0)
    if isinstance(error, HostBusy) and claim.deferrals < DEFERRALS_MAX:
        return PutBack(_deferral_s(error, claim.deferrals, spread))
    if not isinstance(error, BroadsheetError):
        error = BroadsheetError(f"internal error: {type(error).__name__}")
        return _again(error, claim, spread)
    return _again(error, claim, spread) if is_retryable(error) else GiveUp(error)


def is_retryable(error: BroadsheetError) -> bool:
    """Whether another attempt may succeed."""
    if isinstance(error, OriginRefused):
        return error.http_status in {408, 425, 429}
    return error.retryable


def _again(error: BroadsheetError, claim: Claim, spread: float) -> Verdict:
    is_parser_death = isinstance(error, ParseError)
    if is_parser_death and claim.parser_deaths + 1 >= PARSER_DEATHS_MAX:
        return GiveUp(
            Poison(f"the page crashed its parser {PARSER_DEATHS_MAX} times: {error.detail}")
        )
    if claim.attempt >= claim.attempts_max:
        return GiveUp(error)
    return TryLater(error, backoff_s(error, claim.attempt, spread), is_parser_death)


def backoff_s(error: BroadsheetError, attempt: int, spread: float) -> float:
    """Seconds until the attempt after number ``attempt``; no less than the origin asked for."""
    base = BACKOFF_S if isinstance(error, FetchError) else PARSE_BACKOFF_S
    longest = min(BACKOFF_S_MAX, base * 2.0 ** min(attempt - 1, 20))
    return max(spread * longest, min(error.retry_after_s or 0.0, RETRY_AFTER_S_MAX))


def _deferral_s(error: HostBusy, deferrals: int, spread: float) -> float:
    """When the host has a place for us, and a little later the more often it had none."""
    longest = min(DEFER_S_MAX, 0.5 * 1.5 ** min(deferrals, 20))
    return min(error.retry_after_s or 0.0, RETRY_AFTER_S_MAX) + spread * longest
