"""The request as handlers see it: typed body, caller, runtime, trace."""

from __future__ import annotations

from typing import Any, Self

from litestar import Request

from service.api.auth import Caller
from service.api.backlog import Backlog
from service.api.cursor import Cursors
from service.api.exchange import Exchange
from service.api.singleflight import Singleflight
from service.api.trace import Trace
from service.api.validation import decode_json
from service.runtime import Runtime


class ApiRequest(Request[Any, Any, Any]):
    """A request behind the outer layer."""

    @classmethod
    def short(cls, scope: Any) -> Self:
        """The request in ``scope`` on the short way, without the attributes that the framework
        sets: few handlers need them, and they are set when one is first read."""
        request = cls.__new__(cls)
        request.scope = scope
        return request

    def __getattr__(self, name: str) -> Any:
        """An attribute that the framework sets, missing on the short way: all are set now."""
        super().__init__(self.scope)
        return object.__getattribute__(self, name)

    async def body(self) -> bytes:
        """The whole body, under its limits."""
        body = self.exchange.body
        return await body.read() if body is not None else b""

    async def json(self) -> Any:
        """The body as the type of the handler's ``data``, strictly, with all faults named."""
        field = self.route_handler.parsed_data_field
        kind = field.annotation if field is not None else Any
        return decode_json(await self.body(), kind)

    @property
    def exchange(self) -> Exchange:
        """What the outer layer knows of this request."""
        exchange: Exchange = self.scope["exchange"]  # type: ignore[typeddict-item]
        return exchange

    @property
    def caller(self) -> Caller:
        """Who calls; only on routes that state a scope."""
        caller = self.exchange.caller
        assert caller is not None  # noqa: S101  # the route's rules refused everybody else
        return caller

    @property
    def trace(self) -> Trace:
        """The request's place in its trace."""
        return self.exchange.trace

    @property
    def runtime(self) -> Runtime:
        """Settings, Postgres, Redis, parsers."""
        runtime: Runtime = self.app.state.runtime
        return runtime

    @property
    def backlog(self) -> Backlog:
        """How many pages are waiting."""
        backlog: Backlog = self.app.state.backlog
        return backlog

    @property
    def shared(self) -> Singleflight:
        """Answers that equal requests of one moment share."""
        shared: Singleflight = self.app.state.shared
        return shared

    @property
    def cursors(self) -> Cursors:
        """Writes and reads list cursors."""
        cursors: Cursors = self.app.state.cursors
        return cursors
