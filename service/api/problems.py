"""Every error answer is a problem document (RFC 9457), wherever the error was found.

``type``, ``title``, ``status``, ``detail``, ``instance``, and our own ``code`` (the stable word),
``retryable``, ``trace_id`` and ``errors`` (each a JSON Pointer or parameter name, code, detail).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
from litestar.exceptions import (
    HTTPException,
    LitestarException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from service.api.answer import Answer
from service.errors import (
    BroadsheetError,
    FieldError,
    InvalidRequest,
    MethodNotAllowed,
    NotFound,
    RequestTooLarge,
    named,
)

MEDIA_TYPE = "application/problem+json"
TYPES = {
    "rate_limited": "https://iana.org/assignments/http-problem-types#quota-exceeded",
    "overloaded": "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity",
}
"""Registered problem types; any other is ``urn:broadsheet:problem:<code>``."""


A_TIME = "a time of RFC 3339, as in 2026-01-31T08:00:00Z (a + is written %2B here)"
_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")
_WORDS = (
    (re.compile(r"Expected `int(?: \| null)?`, got `str`"), "a whole number"),
    (re.compile(r"Expected `bool(?: \| null)?`, got `str`"), "true or false"),
    (re.compile(r"Expected `(?:int|float)` ([<>]=?) "), r"a number \1 "),
    (re.compile(r"Expected `str` of length ([<>]=?) (\d+)"), r"a text of \1 \2 characters"),
    (re.compile(r"Invalid RFC3339 encoded datetime"), A_TIME),
)


class Problem(Struct, omit_defaults=True, kw_only=True):
    """An error, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    retryable: bool
    trace_id: str
    errors: tuple[FieldError, ...] = ()


class Parameter(NamedTuple):
    """A query parameter as callers write it; ``choices`` is empty where its type lists none."""

    name: str
    choices: tuple[str, ...]


def answer(
    error: Exception, path: str, trace_id: str, handler: BaseRouteHandler | None = None
) -> Answer:
    """The problem document of ``error``; of an unexpected one it says only that it happened.

    ``handler`` is whose request it was, if any: it knows its parameters as callers write them.
    """
    found = translate(error, handler.opt.get("parameters", {}) if handler else {})
    problem = Problem(
        type=TYPES.get(found.code, f"urn:broadsheet:problem:{found.code}"),
        title=found.code.replace("_", " ").capitalize(),
        status=found.status,
        detail=found.detail,
        instance=quote(path),
        code=found.code,
        retryable=found.retryable,
        trace_id=trace_id,
        errors=found.errors,
    )
    return Answer(msgspec.json.encode(problem), _headers(found), found.status)


def unwrapped(error: Exception) -> Exception:
    """``error`` without what the framework puts around it: a group, where it was raised by a
    stream, and an exception of its own, where the answer had begun."""
    while True:
        if isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
            error = error.exceptions[0]
        elif type(error) is LitestarException and isinstance(error.__cause__, Exception):
            error = error.__cause__
        else:
            return error


def _headers(error: BroadsheetError) -> dict[bytes, bytes]:
    headers = {b"content-type": MEDIA_TYPE.encode(), b"cache-control": b"no-store"}
    if error.retry_after_s is not None or error.status in (429, 503):
        headers[b"retry-after"] = b"%d" % max(1, math.ceil(error.retry_after_s or 1))
    given = error.headers.items()
    return headers | {k.lower().encode("latin-1"): v.encode("latin-1") for k, v in given}


def translate(error: Exception, parameters: Mapping[str, Parameter]) -> BroadsheetError:
    """``error`` as one of our tree; what the framework finds has our words for it."""
    if isinstance(error, BroadsheetError):
        return error
    if isinstance(error, MethodNotAllowedException):
        methods = allow((error.headers or {}).get("allow", "").split(", "))
        return MethodNotAllowed(f"allowed here: {methods}", headers={"Allow": methods})
    if isinstance(error, NotFoundException):
        return NotFound("there is nothing at this address")
    if isinstance(error, ValidationException):
        return _invalid(error, parameters)
    if isinstance(error, HTTPException) and error.status_code == 413:
        return RequestTooLarge(error.detail)
    if isinstance(error, HTTPException) and 400 <= error.status_code < 500:
        return InvalidRequest(error.detail)
    return BroadsheetError("internal error; quote the trace_id when reporting it")


def allow(methods: Iterable[str]) -> str:
    """The ``Allow`` of a route: its methods, and HEAD where there is GET."""
    allowed = set(methods)
    return ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))


def _invalid(error: ValidationException, parameters: Mapping[str, Parameter]) -> InvalidRequest:
    """The framework's list of wrong parameters, or a body that is missing."""
    faults = error.extra if isinstance(error.extra, list) else []
    errors = tuple(_field_error(fault, parameters) for fault in faults)
    if missing := _MISSING.match(error.detail):
        errors = (FieldError(missing[1], "missing", "this parameter is required"),)
    return InvalidRequest(f"not valid: {named(errors)}" if errors else error.detail, errors=errors)


def _field_error(fault: dict[str, Any], parameters: Mapping[str, Parameter]) -> FieldError:
    key, message = str(fault.get("key", "")), str(fault.get("message", ""))
    if key == "data":
        return FieldError("", "missing", "the body is empty: send a JSON document")
    name, choices = parameters.get(key, (key, ()))
    why = f"one of {', '.join(choices)}" if choices else reworded(message)
    return FieldError(name, "invalid", why)


def reworded(message: str) -> str:
    """The framework's message about a parameter, in terms of URLs."""
    for pattern, words in _WORDS:
        message = pattern.sub(words, message)
    return message
