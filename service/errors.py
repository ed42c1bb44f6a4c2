"""The whole error tree. A name states a fact; ``code`` is the stable word that callers see.

BroadsheetError                     code               status  retryable
├── RequestError                    (the caller can fix it)
│   ├── InvalidRequest              invalid_request      400   no
│   ├── Unauthorized                unauthorized         401   no
│   ├── SignatureRejected           signature_rejected   401   no
│   ├── Forbidden                   forbidden            403   no
│   ├── NotFound                    not_found            404   no
│   ├── MethodNotAllowed            method_not_allowed   405   no
│   ├── NotAcceptable               not_acceptable       406   no
│   ├── Conflict                    conflict             409   yes
│   ├── Gone                        gone                 410   no
│   ├── CursorExpired               cursor_expired       410   no
│   ├── PreconditionFailed          precondition_failed  412   no
│   ├── RequestTooLarge             request_too_large    413   no
│   ├── UnsupportedType             unsupported_type     415   no
│   ├── IdempotencyMismatch         idempotency_mismatch 422   no
│   ├── RequestTimeout              request_timeout      408   yes
│   └── RateLimited                 rate_limited         429   yes
├── UnavailableError                (the operator can fix it)
│   ├── DatabaseUnavailable         database_unavailable 503   yes
│   ├── Overloaded                  overloaded           503   yes
│   └── SecretUnreadable            secret_unreadable    503   yes
├── FetchError                      (a page could not be fetched; recorded on the attempt)
│   ├── UrlForbidden                url_forbidden              no
│   ├── RobotsDenied                robots_denied              no
│   ├── DnsFailed                   dns_failed                 yes
│   ├── ConnectFailed               connect_failed             yes
│   ├── TlsFailed                   tls_failed                 no
│   ├── FetchTimeout                timeout                    yes
│   ├── TooManyRedirects            too_many_redirects         no
│   ├── OriginRefused               http_4xx                   408, 425, 429 only
│   ├── OriginFailed                http_5xx                   yes
│   ├── BodyTooLarge                body_too_large             no
│   ├── BodyTruncated               body_truncated             yes
│   ├── TypeUnsupported             type_unsupported           no
│   ├── DecodeFailed                decode_failed              no
│   └── HostBusy                    host_busy                  deferred, burns no attempt
├── ParseError                      (a page could not be read)
│   ├── ParseTimeout                parse_timeout              yes
│   ├── ParseMemory                 parse_memory               yes
│   ├── ParserDied                  parser_died                yes
│   ├── FeedUnreadable              feed_unreadable            no
│   └── Poison                      poison                     no
├── PageRejected                    page_rejected              no   (the gate; code is its kind)
└── LeaseLost                       lease_lost                 no   (another worker has it)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from msgspec import Struct

NAMED_MAX = 5


class FieldError(Struct, frozen=True, omit_defaults=True):
    """One fault of a request: a JSON Pointer or parameter name, and the reason."""

    pointer: str
    code: str
    detail: str = ""


def named(faults: Sequence[FieldError]) -> str:
    """The first of ``faults`` in a line, with reasons: ``/url (must be absolute), the body``."""
    shown = {fault.pointer[:80] or "the body": fault.detail for fault in faults[:NAMED_MAX]}
    return ", ".join(f"{place} ({why})" if why else place for place, why in shown.items())


class BroadsheetError(Exception):
    """Base of every error that is ours; ``detail`` says what to do and leaks nothing."""

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str = "",
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after_s: float | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.retry_after_s = retry_after_s
        self.headers = headers or {}


class RequestError(BroadsheetError):
    status = 400


class InvalidRequest(RequestError):
    code = "invalid_request"


class Unauthorized(RequestError):
    code, status = "unauthorized", 401


class SignatureRejected(RequestError):
    """A webhook without a valid signature; ``detail`` names the fault."""

    code, status = "signature_rejected", 401


class Forbidden(RequestError):
    code, status = "forbidden", 403


class NotFound(RequestError):
    code, status = "not_found", 404


class MethodNotAllowed(RequestError):
    code, status = "method_not_allowed", 405


class NotAcceptable(RequestError):
    code, status = "not_acceptable", 406


class Conflict(RequestError):
    code, status, retryable = "conflict", 409, True


class Gone(RequestError):
    code, status = "gone", 410


class CursorExpired(RequestError):
    code, status = "cursor_expired", 410


class PreconditionFailed(RequestError):
    code, status = "precondition_failed", 412


class RequestTooLarge(RequestError):
    code, status = "request_too_large", 413


class UnsupportedType(RequestError):
    code, status = "unsupported_type", 415


class IdempotencyMismatch(RequestError):
    code, status = "idempotency_mismatch", 422


class RequestTimeout(RequestError):
    code, status, retryable = "request_timeout", 408, True


class RateLimited(RequestError):
    code, status, retryable = "rate_limited", 429, True


class UnavailableError(BroadsheetError):
    status, retryable = 503, True


class DatabaseUnavailable(UnavailableError):
    code = "database_unavailable"


class Overloaded(UnavailableError):
    code = "overloaded"


class SecretUnreadable(UnavailableError, ValueError):
    """A secret that was sealed with another ``BROADSHEET_SECRET``: the operator must fix it."""

    code = "secret_unreadable"


class FetchError(BroadsheetError):
    """A page could not be fetched. ``http_status`` is the origin's, if it answered.

    ``stage`` is where it ended: url, dns, connect, headers, body, decode, robots or host.
    ``wire_bytes`` were read by then. An instance may be retryable where its class is not (429 among
    the http_4xx).
    """

    status = 502
    http_status: int | None = None
    stage: str = ""
    wire_bytes: int = 0

    def __init__(
        self,
        detail: str = "",
        *,
        stage: str = "",
        http_status: int | None = None,
        retryable: bool | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(detail, retry_after_s=retry_after_s)
        self.stage = stage
        self.http_status = http_status
        if retryable is not None:
            self.retryable = retryable  # type: ignore[misc]  # the one place where it may differ


class UrlForbidden(FetchError):
    code, status = "url_forbidden", 422


class RobotsDenied(FetchError):
    code = "robots_denied"


class DnsFailed(FetchError):
    code, retryable = "dns_failed", True


class ConnectFailed(FetchError):
    code, retryable = "connect_failed", True


class TlsFailed(FetchError):
    code = "tls_failed"


class FetchTimeout(FetchError):
    code, retryable = "timeout", True


class TooManyRedirects(FetchError):
    code = "too_many_redirects"


class OriginRefused(FetchError):
    """The origin answered 4xx; only 408, 425 and 429 are worth another try."""

    code = "http_4xx"


class OriginFailed(FetchError):
    code, retryable = "http_5xx", True


class BodyTooLarge(FetchError):
    code = "body_too_large"


class BodyTruncated(FetchError):
    code, retryable = "body_truncated", True


class TypeUnsupported(FetchError):
    code = "type_unsupported"


class DecodeFailed(FetchError):
    code = "decode_failed"


class HostBusy(FetchError):
    """The host is at its limit, or its breaker is open: try after ``retry_after_s``."""

    code, retryable = "host_busy", True


class ParseError(BroadsheetError):
    status, retryable = 422, True


class ParseTimeout(ParseError):
    code = "parse_timeout"


class ParseMemory(ParseError):
    code = "parse_memory"


class ParserDied(ParseError):
    code = "parser_died"


class FeedUnreadable(ParseError):
    """What was fetched is no feed; ``detail`` says what is wrong with it."""

    code, status, retryable = "feed_unreadable", 422, False


class Poison(ParseError):
    code, retryable = "poison", False


class PageRejected(BroadsheetError):
    """The page is not an article; ``page_kind`` says what it is."""

    code, status = "page_rejected", 422

    def __init__(self, page_kind: str, detail: str = "") -> None:
        super().__init__(detail or f"the page is not an article but: {page_kind}")
        self.page_kind = page_kind


class LeaseLost(BroadsheetError):
    code = "lease_lost"
