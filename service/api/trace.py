"""W3C Trace Context and request ids: taken from the caller where valid, else made here."""

from __future__ import annotations

import random
import re

from msgspec import Struct

TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
REQUEST_ID = re.compile(r"[A-Za-z0-9._:@+/=-]{1,128}", re.ASCII)
NEITHER_ZERO = 1 << 64 | 1
"""One bit of the trace id and one of the span id."""
ZEROES = frozenset({"0" * 32, "0" * 16})


class Trace(Struct, frozen=True):
    """One request's place in a trace; ``traceparent`` goes out and into the job."""

    request_id: str
    trace_id: str
    traceparent: str


def continue_trace(traceparent: str, request_id: str) -> Trace:
    """The caller's trace with a new span, or a new trace where none is given or valid.

    Source: W3C Trace Context, 3.2; an all-zero id, or version ``ff``, is invalid.
    """
    made = f"{random.getrandbits(192) | NEITHER_ZERO:048x}"
    trace_id, span_id, flags = made[:32], made[32:], "01"
    found = TRACEPARENT.fullmatch(traceparent) if traceparent else None
    if found and _is_valid(traceparent, found):
        trace_id, flags = found[1], found[3]
    given = request_id if request_id and REQUEST_ID.fullmatch(request_id) else trace_id
    return Trace(given, trace_id, f"00-{trace_id}-{span_id}-{flags}")


def _is_valid(traceparent: str, found: re.Match[str]) -> bool:
    version = traceparent[:2]
    if version == "ff" or (version == "00" and found[4]):
        return False
    return found[1] not in ZEROES and found[2] not in ZEROES
