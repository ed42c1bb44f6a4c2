"""The application: routes, rules and errors inside, the outer layer around.

``serve`` is what the server starts (``granian --factory service.api.app:serve``): it opens the
runtime in the loop that serves, because a pool lives in one loop only.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

from litestar import Litestar, Response
from litestar.datastructures import State

from service.api import console, docs, health, problems, v1
from service.api.admission import STOP_SOON, Admission
from service.api.asgi import App, Receive, Scope, Send
from service.api.auth import Keys
from service.api.backlog import Backlog
from service.api.cors import Cors
from service.api.cursor import Cursors
from service.api.edge import Edge
from service.api.fast_path import FastPath
from service.api.limits import Limiter
from service.api.request import ApiRequest
from service.api.rules import check_rules, state_rules
from service.api.singleflight import Singleflight
from service.log import configure_log, flush_lines
from service.notify.secrets import warn_of_unreadable
from service.runtime import Runtime, open_runtime
from service.settings import Settings, read_settings

GC_THRESHOLDS = (50_000, 50, 100)
"""Rare collections after start: p99 at 64 connections fell from 50 to 9 ms."""


class Api:
    """The served application. ``running`` keeps its background work going."""

    def __init__(self, runtime: Runtime) -> None:
        settings = runtime.settings
        self._runtime = runtime
        self.keys = Keys(runtime.db, settings.secret)
        self.admission = Admission(settings.requests_in_flight_max)
        state = State({
            "runtime": runtime,
            "cursors": Cursors(settings.secret),
            "admission": self.admission,
            "keys": self.keys,
            "shared": Singleflight(),
            "backlog": Backlog(runtime.db, settings),
        })  # fmt: skip
        self.litestar = build(state)
        limiter = Limiter(runtime.redis, settings.rate_per_minute)
        edge = Edge(
            FastPath(self.litestar, settings),
            keys=self.keys,
            limiter=limiter,
            admission=self.admission,
        )
        origins = settings.cors_origins
        self._edge: App = Cors(edge, origins) if origins else edge

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answers one request."""
        return self._edge(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While open, what is batched is written in time; at first secrets are looked at."""
        looking = asyncio.create_task(warn_of_unreadable(self._runtime))
        async with self.keys.flushing():
            yield
        looking.cancel()


def create_app(runtime: Runtime) -> Api:
    """The application over an open ``runtime``, in its loop."""
    return Api(runtime)


def build(state: State | None = None) -> Litestar:
    """The routes with their rules; without ``state`` it serves nothing but its description."""
    app = Litestar(
        [*health.ROUTES, *docs.ROUTES, console.ROUTER, v1.ROUTER],
        state=state,
        request_class=ApiRequest,
        request_max_body_size=None,
        before_request=check_rules,
        exception_handlers={Exception: cast(Any, _problem)},
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    state_rules(app)
    return app


def _problem(request: ApiRequest, error: Exception) -> Response[bytes]:
    exchange = request.exchange
    if exchange.is_begun:
        raise error
    error = exchange.error = problems.unwrapped(error)
    handler = request.scope.get("route_handler")
    answer = problems.answer(error, exchange.path, exchange.trace.trace_id, handler)
    given = answer.headers.items()
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in given}
    return Response(answer.body, status_code=answer.status, headers=headers)


class Server:
    """An ASGI application that opens its own runtime when the server starts it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._api: Api | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or follows the server's lifespan."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._api is not None:
            await self._api(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with AsyncExitStack() as stack:
            try:
                self._api = await self._open(stack)
            except Exception as error:
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                raise
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self, stack: AsyncExitStack) -> Api:
        configure_log(self._settings.log_level)
        runtime = await stack.enter_async_context(open_runtime(self._settings))
        api = create_app(runtime)
        stack.callback(flush_lines)
        await stack.enter_async_context(api.running())
        asyncio.get_running_loop().add_signal_handler(STOP_SOON, api.admission.stopping.set)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        return api


def serve() -> Server:
    """What each API process runs, with the settings of its environment."""
    return Server(read_settings())
