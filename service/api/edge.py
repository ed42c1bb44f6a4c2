"""The outer layer: one ASGI class around the whole application.

In order, and each before any of the next costs anything: ids, a place (admission), the client
key, the client's quota; then the application with a limited body; then headers, coding,
counting and one line of log. It sees unknown routes too, which the framework's middleware
does not.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from uuid import UUID

from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from msgspec import Struct

from service.api import metrics, problems
from service.api.admission import STRANGERS, Admission
from service.api.asgi import App, Receive, Scope, Send
from service.api.auth import BEARER, Keys, is_password, unauthorized
from service.api.exchange import Exchange
from service.api.limits import Limiter
from service.api.refusal import STATUSES, refusal
from service.errors import BroadsheetError, InvalidRequest, Unauthorized
from service.log import log, write_line

UNGUARDED = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json"})
"""Answered however busy the service is, and without a look at any key."""
CONSOLE = "/console"
"""Where a key may be a password: its forms are known to be its own, those of ``/v1`` are not."""
SECRET_PART = "{token}"
"""Of a path by which a hub is known; it is in no log."""
TARGET_BYTES_MAX = 16_384


class Edge:
    """``app`` with everything around it that all requests have in common."""

    def __init__(self, app: App, *, keys: Keys, limiter: Limiter, admission: Admission) -> None:
        self._app = app
        self._keys = keys
        self._limiter = limiter
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request. An exception leaves only when the answer has begun: the server
        then cuts the connection, so that no half answer looks whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope, receive, send, self._admission.stopping)
        try:
            if exchange.path in UNGUARDED:
                _prepare(exchange, scope)
                await self._app(scope, receive, exchange.send)
            else:
                await self._admit(exchange, scope, receive)
        except Exception as error:  # every error becomes an answer
            await self._refuse(exchange, error, scope.get("route_handler"))
        finally:
            _record(exchange, scope)
            exchange.forget()

    async def _admit(self, exchange: Exchange, scope: Scope, receive: Receive) -> None:
        self._admission.enter()
        try:
            holder = await self._identify(exchange)
            self._admission.enter_client(holder)
            try:
                _prepare(exchange, scope)
                await self._app(scope, receive, exchange.send)
            finally:
                self._admission.leave_client(holder)
        finally:
            self._admission.leave()

    async def _identify(self, exchange: Exchange) -> UUID:
        """The client, with a request fewer of its quota, or ``STRANGERS``. A wrong key is not yet
        an error: a public route takes credentials of its own."""
        if is_password(exchange.headers) and not exchange.path.startswith(CONSOLE):
            exchange.denied = unauthorized(BEARER)
            return STRANGERS
        try:
            caller = await self._keys.presented(exchange.headers)
        except Unauthorized as error:
            exchange.denied = error
            return STRANGERS
        if caller is None:
            return STRANGERS
        exchange.caller = caller
        exchange.quota = await self._limiter.spend(caller.client_id)
        return caller.client_id

    async def _refuse(
        self, exchange: Exchange, error: Exception, handler: BaseRouteHandler | None
    ) -> None:
        error = exchange.error = problems.unwrapped(error)
        if exchange.is_begun:
            raise error
        path, trace_id = exchange.path, exchange.trace.trace_id
        if refused := refusal(error, path, trace_id):
            await exchange.leave(refused)
        else:
            await exchange.give(problems.answer(error, path, trace_id, handler))
        if exchange.status in STATUSES:
            metrics.REFUSED.labels(getattr(error, "code", "")).inc()


def _prepare(exchange: Exchange, scope: Scope) -> None:
    """The application finds the exchange in ``scope``, and GET where HEAD was asked."""
    _check_target(scope)
    scope["exchange"] = exchange
    if exchange.is_head:
        scope["method"] = "GET"


def _check_target(scope: Scope) -> None:
    """What no path or query of the API can contain is refused here, before any statement."""
    query = scope["query_string"]
    if len(query) > TARGET_BYTES_MAX:
        raise InvalidRequest(f"the query is longer than {TARGET_BYTES_MAX:,} bytes")
    if "\0" in scope["path"] or b"%00" in query or b"\0" in query:
        raise InvalidRequest("U+0000 is not allowed in a path or query")


class Access(Struct, tag_field="event", tag="request", omit_defaults=True, kw_only=True):
    """The line that every request leaves in the log; it names no query, body or key."""

    level: str
    at: datetime
    method: str
    path: str
    path_template: str
    status: int
    duration_ms: float
    bytes_in: int
    bytes_out: int
    request_id: str
    trace_id: str
    client_id: UUID | None = None
    code: str | None = None


def _record(exchange: Exchange, scope: Scope) -> None:
    duration_s = time.perf_counter() - exchange.started_at
    template = scope.get("path_template") or metrics.UNMATCHED
    metrics.observe(exchange.method, template, exchange.status, duration_s)
    caller, body, error = exchange.caller, exchange.body, exchange.error
    if error is not None and not isinstance(error, (BroadsheetError, HTTPException)):
        log.error("request failed", trace_id=exchange.trace.trace_id, exc_info=error)
    write_line(
        Access(
            level="info",
            at=datetime.now(UTC),
            method=exchange.method,
            path=template if SECRET_PART in template else exchange.path,
            path_template=template,
            status=exchange.status,
            duration_ms=round(duration_s * 1000, 2),
            bytes_in=body.wire_bytes if body else 0,
            bytes_out=exchange.bytes_out,
            request_id=exchange.trace.request_id,
            trace_id=exchange.trace.trace_id,
            client_id=caller.client_id if caller else None,
            code=getattr(error, "code", None),
        )
    )
