"""What a route requires of a request: a scope, a type of body, known query parameters.

Each handler states ``scope=`` (one of ``auth.SCOPES``) or ``public=True``; one that states
neither does not start. The check runs after routing, so unknown addresses are 404 for everybody,
and before the body is read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from litestar import Litestar, Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from service.api import problems
from service.api.auth import SCOPES, unauthorized
from service.api.body import is_announced
from service.api.exchange import Exchange
from service.api.validation import choices
from service.errors import FieldError, Forbidden, InvalidRequest, UnsupportedType

JSON_TYPES = ("application/json",)
MERGE_PATCH = "application/merge-patch+json"
"""RFC 7396: what is null is removed, which plain JSON leaves as it is."""
_NUMBER = re.compile(r"[+-]?[0-9.]+")
"""Would be read as seconds since 1970: 2024 as half past midnight of its first day."""


class Taken(Struct, frozen=True):
    """What a query parameter takes: several values or one, a time or something else."""

    is_list: bool
    is_time: bool


class Rules(Struct, frozen=True):
    """The requirements of one handler; ``types`` is empty where no body is read, ``query`` is None
    where outside senders may add parameters of their own (``any_query=True``). ``is_optional``: the
    body may be left out, and its type with it (the handler's ``data`` has a default)."""

    scope: str | None
    query: Mapping[str, Taken] | None
    types: tuple[str, ...]
    is_optional: bool = False

    def check(self, exchange: Exchange, query_string: bytes) -> None:
        """Nothing, when the request may go on; else the error that says what is wrong."""
        self.check_caller(exchange)
        self.check_query(query_string)
        self.check_type(exchange)

    def check_caller(self, exchange: Exchange) -> None:
        """Nothing, when this caller may; else the error."""
        if self.scope is not None:
            _check_scope(exchange, self.scope)

    def check_query(self, query_string: bytes) -> None:
        """Nothing, when all parameters are known by name; else the error."""
        if query_string and self.query is not None:
            _check_query(query_string, self.query)

    def check_type(self, exchange: Exchange) -> None:
        """Nothing, when the body's type is one of those that are read here; else the error."""
        if not self.types or (self.is_optional and not is_announced(exchange.headers)):
            return
        given = media_type(exchange.header(b"content-type"))
        if given not in self.types:
            wanted = ", ".join(self.types)
            raise UnsupportedType(
                f"the body must be {wanted}; Content-Type says {given or 'nothing'}",
                headers={"Accept": wanted},
            )


@lru_cache(maxsize=256)
def media_type(content_type: str) -> str:
    """The media type without parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def _check_query(query_string: bytes, known: Mapping[str, Taken]) -> None:
    pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
    counts = Counter(name for name, _ in pairs)
    if unknown := sorted(counts.keys() - known.keys()):
        errors = tuple(FieldError(name, "unknown", "no such parameter") for name in unknown)
        named, taken = ", ".join(unknown)[:200], ", ".join(sorted(known)) or "none"
        raise InvalidRequest(
            f"unknown query parameter: {named}; known here: {taken}", errors=errors
        )
    if twice := sorted(
        name for name, count in counts.items() if count > 1 and not known[name].is_list
    ):
        errors = tuple(FieldError(name, "invalid", "takes one value") for name in twice)
        raise InvalidRequest(f"given more than once: {', '.join(twice)}", errors=errors)
    if numbers := sorted(n for n, value in pairs if known[n].is_time and _NUMBER.fullmatch(value)):
        errors = tuple(FieldError(name, "invalid", problems.A_TIME) for name in numbers)
        raise InvalidRequest(f"not valid: {numbers[0]} ({problems.A_TIME})", errors=errors)


def _check_scope(exchange: Exchange, scope: str) -> None:
    if exchange.denied is not None:
        raise exchange.denied
    if exchange.caller is None:
        raise unauthorized("a client key is required: Authorization: Bearer <client key>")
    if scope not in exchange.caller.scopes:
        raise Forbidden(f"the client key lacks the scope {scope!r}")


async def check_rules(request: Request[Any, Any, Any]) -> Response[None] | None:
    """Nothing, when the request keeps the rules of its route; runs before the body is read.

    The answer to OPTIONS is made here: the framework's names the methods of the first handler.
    """
    scope = request.scope
    stated = scope["route_handler"].opt
    if "allow" in stated:
        return Response(None, status_code=204, headers={"Allow": stated["allow"]})
    rules: Rules = stated["rules"]
    exchange: Exchange = scope["exchange"]  # type: ignore[typeddict-item]
    rules.check(exchange, scope["query_string"])
    if stated.get("queues") and exchange.caller is not None:
        request.app.state.backlog.admit(exchange.caller.client_id)
    return None


def state_rules(app: Litestar) -> None:
    """Every handler of ``app`` carries its ``Rules``; raises ``ValueError`` for one without."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler, parameters in route.route_handler_map.values():
                if handler.http_methods == {"OPTIONS"}:
                    handler.opt["allow"] = problems.allow(route.route_handler_map)
                else:
                    taken = parameters.expected_query_params
                    names = {p.field_name: p.field_alias for p in taken}
                    query = {p.field_alias: _taken(handler, p.field_name) for p in taken}
                    handler.opt["rules"] = _rules(handler, query)
                    handler.opt["parameters"] = {
                        name: problems.Parameter(alias, choices(_type_of(handler, name)))
                        for name, alias in names.items()
                    }


def _type_of(handler: HTTPRouteHandler, name: str) -> Any:
    found = handler.parsed_fn_signature.parameters.get(name)
    return found.raw if found else None


def _taken(handler: HTTPRouteHandler, name: str) -> Taken:
    found = handler.parsed_fn_signature.parameters.get(name)
    if found is None:
        return Taken(is_list=True, is_time=False)
    is_time = found.is_subclass_of(datetime) or found.has_inner_subclass_of(datetime)
    return Taken(is_list=found.is_non_string_sequence, is_time=is_time)


def _rules(handler: HTTPRouteHandler, query: Mapping[str, Taken]) -> Rules:
    scope = handler.opt.get("scope")
    if scope not in SCOPES and not handler.opt.get("public"):
        raise ValueError(f"{handler}: state scope= (one of {SCOPES}) or public=True")
    data = handler.parsed_data_field
    known = None if handler.opt.get("any_query") else query
    types = handler.opt.get("accepts", JSON_TYPES if data else ())
    return Rules(scope, known, tuple(types), data is not None and data.has_default)
