"""Answers to what is refused before work began (429, 503): made once for each reason. Under more
load than there is room for most answers are these, and what they cost is taken from the rest.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote

from msgspec import Struct

from service.api import problems
from service.api.answer import Leaving
from service.api.asgi import Headers
from service.api.exchange import SECURITY
from service.errors import BroadsheetError

STATUSES = frozenset({429, 503})
REASONS_MAX = 64
PATH, TRACE = "/PATH/", "TRACE/ID"
"""Stand for what differs from one request to the next; no code or detail holds them."""


class _Made(Struct, frozen=True):
    """The parts around the path and the trace id, and the headers but for the length."""

    head: bytes
    middle: bytes
    tail: bytes
    headers: Headers


def refusal(error: Exception, path: str, trace_id: str) -> Leaving | None:
    """How ``error`` leaves; None where it is no refusal, or says more than its reason."""
    if not isinstance(error, BroadsheetError) or error.status not in STATUSES:
        return None
    if error.headers or error.errors:
        return None
    made = _made(cast(Any, type(error)), error.detail, error.retry_after_s)
    shown, trace = quote(path).encode(), trace_id.encode()
    body = b"".join((made.head, shown, made.middle, trace, made.tail))
    return Leaving(error.status, [*made.headers, (b"content-length", b"%d" % len(body))], body)


@lru_cache(maxsize=REASONS_MAX)
def _made(kind: type[BroadsheetError], detail: str, retry_after_s: float | None) -> _Made:
    made = problems.answer(kind(detail, retry_after_s=retry_after_s), PATH, TRACE)
    head, _, rest = made.body.partition(PATH.encode())
    middle, _, tail = rest.partition(TRACE.encode())
    headers = SECURITY | dict(made.headers) | {b"vary": b"Accept-Encoding"}
    return _Made(head, middle, tail, list(headers.items()))
