"""What went wrong, in our words: exceptions and statuses -> ``FetchError``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

import aiohttp

from service.errors import (
    BodyTooLarge,
    BodyTruncated,
    ConnectFailed,
    DecodeFailed,
    FetchError,
    FetchTimeout,
    OriginFailed,
    OriginRefused,
    TlsFailed,
    TooManyRedirects,
)
from service.fetch.url import refused

RETRY_AFTER_S_MAX = 604_800.0
"""A feed waits as long as it is told to; pages and hosts have shorter limits of their own."""
TOO_LARGE = ("Got more than", "Too many headers")  # aiohttp's words, checked by the hostile suite
WORTH_RETRYING = frozenset({408, 425, 429})


def of_exception(error: Exception, stage: str) -> FetchError:
    """The ``FetchError`` of what the connection raised while in ``stage``."""
    match error:
        case FetchError():
            return error
        case aiohttp.ClientSSLError():
            return TlsFailed("the TLS connection could not be verified", stage="connect")
        case aiohttp.ConnectionTimeoutError():
            return FetchTimeout("no connection in time", stage="connect")
        case TimeoutError():
            return FetchTimeout("no complete answer in time", stage=stage)
        case aiohttp.ClientConnectorError():
            return ConnectFailed("no connection could be made", stage="connect")
        case aiohttp.InvalidURL():
            return refused()
        case aiohttp.ClientResponseError():
            return _malformed(error)
    if stage == "body":
        return BodyTruncated("the connection ended before the body did", stage=stage)
    return ConnectFailed("the connection ended before an answer", stage=stage)


def _malformed(error: aiohttp.ClientResponseError) -> FetchError:
    if error.message.startswith(TOO_LARGE):
        return BodyTooLarge("the answer's headers are too large", stage="headers")
    return DecodeFailed("the answer is not valid HTTP", stage="headers")


def of_status(status: int, headers: Mapping[str, str]) -> FetchError | None:
    """The ``FetchError`` that the origin's status means, or None for a page."""
    wait_s = retry_after_s(headers.get("Retry-After", ""), RETRY_AFTER_S_MAX)
    if 400 <= status < 500:
        return OriginRefused(
            f"the origin answered {status}",
            stage="headers",
            http_status=status,
            retryable=status in WORTH_RETRYING,
            retry_after_s=wait_s,
        )
    if status >= 500:
        return OriginFailed(
            f"the origin answered {status}",
            stage="headers",
            http_status=status,
            retry_after_s=wait_s,
        )
    if status < 200:
        return DecodeFailed("the origin switched protocols", stage="headers", http_status=status)
    if status == 206:
        return BodyTruncated("the origin sent a part of the page", stage="headers")
    if 300 <= status < 400 and status != 304:
        return TooManyRedirects("a redirect without a target", stage="headers")
    return None


def retry_after_s(value: str, longest_s: float, now_s: float | None = None) -> float | None:
    """Seconds to wait by a ``Retry-After`` (seconds or a date), at most ``longest_s``, or None.

    ``now_s`` is the Unix time, by default that of the clock.
    """
    value = value.strip()[:64]
    if value.isascii() and value.isdigit():
        return min(float(value), longest_s)
    try:
        at = parsedate_to_datetime(value)
        at_s = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
    return min(max(at_s - (time.time() if now_s is None else now_s), 0.0), longest_s)
