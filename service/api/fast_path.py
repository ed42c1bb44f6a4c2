"""The short way to handlers that return an ``Answer`` and read the body themselves.

The routes, their rules and the parsing of their parameters are the framework's; what is left out
is its request's way through layers that such a handler has no use for, which cost more than the
handler. Whatever is not found here (another method, an address that must be normalised first, a
wrong id) goes the framework's way, so that every refusal is made in one place.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import unquote

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct, ValidationError, convert, defstruct

from service.api.answer import Answer
from service.api.asgi import App, Receive, Scope, Send
from service.api.body import LimitedBody
from service.api.request import ApiRequest
from service.api.rules import Rules
from service.db import Id
from service.settings import Settings

HOST = re.compile(rb"[0-9A-Za-z.-]+(:[0-9]+)?")
"""Hosts of a common shape; the framework judges the others."""
CURSOR = re.compile(rb"(?:^|&)cursor=([A-Za-z0-9_-]+)(?=&|$)")
METHODS = frozenset({"GET", "POST"})
QUERIES_MAX = 1_024
QUERY_BYTES_MAX = 1_024
"""How many parsed queries of a route are kept, and how long such a query may be."""

TEXT = re.compile(rb"([a-z_]+)=([^&+;\x80-\xff]+)")
"""A query of one parameter that is most often a text."""

Parameters = dict[str, Any]


class _Text(Struct, frozen=True):
    """The only query parameter of a handler, which takes a text; ``kind`` is a Struct that has it
    as its only field."""

    name: bytes
    field: str
    kind: type[Struct]

    def parsed(self, query: bytes) -> Parameters | None:
        """The parameter in ``query``; None where the framework must look, or say what is wrong."""
        found = TEXT.fullmatch(query)
        if found is None or found[1] != self.name:
            return None
        text = found[2].decode("ascii")
        try:
            given = {self.field: unquote(text, errors="strict") if "%" in text else text}
            convert(given, self.kind)
        except (UnicodeDecodeError, ValidationError):
            return None
        return given


class _Route(Struct, frozen=True):
    """A handler and what it takes: ``id_name`` is its path parameter, a UUID at the end. Queries
    of GET come again, so they are kept as ``parsed``; of others the empty one is. What ``queues``
    pages is refused while too many wait, before its parameters cost anything."""

    method: str
    handler: HTTPRouteHandler
    answer: Callable[..., Awaitable[Answer]]
    rules: Rules
    parser: Any
    template: str
    id_name: str | None
    text: _Text | None
    queues: bool
    parsed: dict[bytes, Parameters]

    async def parameters(self, request: ApiRequest, query: bytes) -> Parameters:
        """The parameters in ``query``. A page further on in the same list is not parsed again:
        a query is kept without its cursor."""
        if query and self.method != "GET":
            text = self.text.parsed(query) if self.text else None
            return text or await self._parse(request, query)
        cut = CURSOR.search(query)
        rest = (query[: cut.start()] + query[cut.end() :]).strip(b"&") if cut else query
        kept = self.parsed.get(rest)
        if kept is None:
            kept = self._keep(rest, await self._parse(request, rest))
        if cut is None:
            return kept
        if kept.get("cursor", "") is not None:  # one more cursor, or none is known here
            return await self._parse(request, query)
        return kept | {"cursor": cut[1].decode()}

    def _keep(self, query: bytes, parameters: Parameters) -> Parameters:
        if len(query) <= QUERY_BYTES_MAX:
            if len(self.parsed) >= QUERIES_MAX:
                self.parsed.clear()
            self.parsed[query] = parameters
        return parameters

    async def _parse(self, request: ApiRequest, query: bytes) -> Parameters:
        self.rules.check_query(query)
        scope: Any = request.scope
        if query != scope["query_string"] or "state" not in scope:
            scope = {**scope, "query_string": query, "state": {}}
        asked = request if scope is request.scope else ApiRequest(scope)
        values = await self.parser.to_kwargs(connection=asked)
        model = self.handler.signature_model
        parsed: Parameters = model.parse_values_from_connection_kwargs(asked, values)
        return {n: v for n, v in parsed.items() if n not in ("request", self.id_name)}


def _text(handler: HTTPRouteHandler) -> _Text | None:
    """The handler's only query parameter, where it is a text of some bounds."""
    parameters = handler.opt["parameters"]
    if len(parameters) != 1:
        return None
    (field, parameter), *_ = parameters.items()
    annotation = handler.parsed_fn_signature.parameters[field].annotation
    kind = defstruct("Text", [(field, annotation)])
    try:
        convert({field: "text"}, kind)
    except ValidationError:
        return None
    return _Text(parameter.name.encode(), field, kind)


class FastPath:
    """``app``, with a short way to some of its handlers."""

    def __init__(self, app: Litestar, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._plain: dict[str, _Route] = {}
        self._by_id: dict[str, _Route] = {}
        self._posts: dict[str, _Route] = {}
        for route in app.routes:
            if isinstance(route, HTTPRoute):
                for method, (handler, parser) in route.route_handler_map.items():
                    self._add(route, method, handler, parser)

    def _add(self, route: HTTPRoute, method: str, handler: HTTPRouteHandler, parser: Any) -> None:
        if method not in METHODS or handler.parsed_data_field is not None:
            return
        if handler.parsed_fn_signature.return_type.annotation is not Answer:
            return
        parameters = list(route.path_parameters.values())
        id_name = parameters[0].name if parameters else None
        rules = handler.opt["rules"]
        found = _Route(
            method=method,
            handler=handler,
            answer=handler.fn,
            rules=rules,
            parser=parser,
            template=route.path_format,
            id_name=id_name,
            text=_text(handler),
            queues=bool(handler.opt.get("queues")),
            parsed={},
        )
        if not parameters:
            (self._plain if method == "GET" else self._posts)[route.path] = found
        elif (
            method == "GET" and len(parameters) == 1 and route.path.endswith(f"/{{{id_name}:uuid}}")
        ):
            self._by_id[route.path.rpartition("/")[0]] = found

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answers one request, one way or the other."""
        if scope["type"] != "http":
            return cast(App, self._app)(scope, receive, send)
        exchange, found = scope["exchange"], self._found(scope)
        if found is None or found[0].method != "GET":
            exchange.body = LimitedBody(receive, exchange.headers, self._settings)
        if found is None:
            return cast(App, self._app)(scope, receive, send)
        return self._answer(scope, *found)

    def _found(self, scope: Scope) -> tuple[_Route, Id | None] | None:
        method, path = scope["method"], scope["path"]
        if method not in METHODS or scope.get("root_path"):
            return None
        if not HOST.fullmatch(scope["exchange"].headers.get(b"host", b"-")):
            return None
        if route := (self._plain if method == "GET" else self._posts).get(path):
            return route, None
        parent, _, last = path.rpartition("/")
        route = self._by_id.get(parent) if method == "GET" else None
        try:
            return (route, Id(last)) if route else None
        except ValueError:
            return None

    async def _answer(self, scope: Scope, route: _Route, article_id: Id | None) -> None:
        exchange, query = scope["exchange"], scope["query_string"]
        scope["litestar_app"], scope["route_handler"] = self._app, route.handler
        scope["path_template"] = route.template
        route.rules.check_caller(exchange)
        route.rules.check_type(exchange)
        if route.queues:
            self._app.state.backlog.admit(exchange.caller.client_id)
        request = ApiRequest.short(scope)
        ids: Parameters = {route.id_name: article_id} if route.id_name else {}
        scope["path_params"] = ids
        parameters = await route.parameters(request, query)
        await exchange.give(await route.answer(request=request, **ids, **parameters))
