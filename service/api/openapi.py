"""The description of the API (OpenAPI 3.1), written from the routes themselves.

The framework's own generator leaves out what callers need (problem documents, discriminators,
closed inputs, real status codes), so this reads the handlers and lets msgspec describe the types.
``openapi/v1.json`` is this document, committed; a test compares the two.

A handler says with options what its signature cannot: ``scope`` or ``public``, ``accepts`` (media
types of the body), ``body`` and ``returns`` (media type -> type), ``also`` (further success codes),
``problems`` (further problem codes), ``once`` (takes an Idempotency-Key), ``takes`` (other request
headers), ``headers`` (of the answer), ``examples`` (media type -> a body that works), ``any_query``
(unknown query parameters are allowed), ``queues`` (refused while too many pages wait).
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import ParameterKwarg
from litestar.routes import HTTPRoute
from litestar.types import Empty
from litestar.typing import FieldDefinition

from service.api import openapi_texts
from service.api.edge import UNGUARDED
from service.api.openapi_times import mark, mark_components
from service.api.openapi_webhooks import WEBHOOK_HEADERS, WEBHOOKS
from service.api.problems import MEDIA_TYPE, Problem

Json = dict[str, Any]
REF = "#/components/schemas/{name}"
BYTES = {"type": "string", "format": "binary"}
"""Of a body; msgspec takes bytes for base64, as they are within JSON."""
BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


@cache
def document() -> bytes:
    """The description as it is committed and served: JSON, indented by two."""
    from service.api.app import build

    return msgspec.json.format(msgspec.json.encode(describe(build())), indent=2) + b"\n"


def describe(app: Litestar) -> Json:
    """The description of all routes of ``app`` that are part of the contract."""
    handlers = list(_handlers(app))
    types = [kind for _, _, handler in handlers for kind in _types(handler)]
    schemas, components = _schemas([*types, Problem, *(kind for kind, _ in WEBHOOKS.values())])
    paths: Json = {}
    for path, method, handler in handlers:
        paths.setdefault(path, {})[method.lower()] = _operation(path, handler, schemas)
    return {
        "openapi": "3.1.0",
        "info": openapi_texts.INFO,
        "servers": [{"url": "/"}],
        "tags": openapi_texts.TAGS,
        "security": [{"bearer": []}, {"api_key": []}],
        "paths": paths,
        "webhooks": _webhooks(schemas),
        "components": {
            "schemas": components,
            "responses": {str(status): _problem(status) for status in openapi_texts.PROBLEMS},
            "headers": openapi_texts.HEADERS,
            "parameters": openapi_texts.PARAMETERS,
            "securitySchemes": openapi_texts.SECURITY,
        },
    }


def _handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in sorted(route.route_handler_map.items()):
                if method != "OPTIONS" and handler.include_in_schema is not False:
                    yield route.path_format, method, handler


def _types(handler: HTTPRouteHandler) -> Iterator[Any]:
    yield from _body_types(handler).values()
    yield from _return_types(handler).values()
    yield from (field.annotation for _, field in _parameters(handler))


def _body_types(handler: HTTPRouteHandler) -> dict[str, Any]:
    if field := handler.parsed_data_field:
        return dict.fromkeys(handler.opt["rules"].types, field.annotation)
    stated = handler.opt.get("body", {})
    return {key: kind() if inspect.isfunction(kind) else kind for key, kind in stated.items()}


def _return_types(handler: HTTPRouteHandler) -> dict[str, Any]:
    if "returns" in handler.opt:
        return dict(handler.opt["returns"])
    kind = handler.parsed_return_field.annotation
    if typing.get_origin(kind) is Response:
        kind = typing.get_args(kind)[0]
    return {} if kind in (None, type(None)) else {"application/json": kind}


def _parameters(handler: HTTPRouteHandler) -> Iterator[tuple[str, FieldDefinition]]:
    for name, field in handler.parsed_fn_signature.parameters.items():
        if isinstance(field.kwarg_definition, ParameterKwarg):
            yield field.kwarg_definition.name or name, field


def _schemas(types: list[Any]) -> tuple[dict[Any, Json], Json]:
    """The schema of each type, and the named ones among them."""
    unique = list(dict.fromkeys(types))
    schemas, components = msgspec.json.schema_components(unique, ref_template=REF)
    mark_components(unique, components)
    for component in components.values():
        if "description" in component:
            component["description"] = _reflowed(component["description"])
    return dict(zip(unique, schemas, strict=True)), dict(sorted(components.items()))


def _reflowed(docstring: str) -> str:
    """Paragraphs without the line ends and the indent of our source, which newer versions of
    Python leave out of docstrings and older ones keep."""
    paragraphs = inspect.cleandoc(docstring).split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _operation(path: str, handler: HTTPRouteHandler, schemas: dict[Any, Json]) -> Json:
    summary, _, rest = inspect.cleandoc(handler.fn.__doc__ or "").partition("\n\n")
    operation: Json = {
        "operationId": handler.operation_id,
        "tags": list(handler.tags or ()),
        "summary": " ".join(summary.replace("`", "").split()),  # plain text, not Markdown
        "parameters": [
            *(_parameter(path, name, field, schemas) for name, field in _parameters(handler)),
            *_header_parameters(handler),
        ],
        "responses": _responses(path, handler, schemas),
    }
    if rest:
        operation["description"] = " ".join(rest.split())
    if body := _body_types(handler):
        operation["requestBody"] = _request_body(handler, body, schemas)
    if handler.opt.get("public"):
        operation["security"] = []
    else:
        operation["x-scope"] = handler.opt["scope"]
    return operation


def _parameter(path: str, name: str, field: FieldDefinition, schemas: dict[Any, Json]) -> Json:
    is_path = f"{{{name}}}" in path
    schema = dict(schemas[field.annotation]) | _bounds(field.kwarg_definition)
    mark(schema, msgspec.inspect.type_info(field.annotation))
    if not is_path:
        schema = _without_null(schema)
        if field.default not in (Empty, None):
            schema["default"] = field.default
    parameter: Json = {"name": name, "in": "path" if is_path else "query", "schema": schema}
    if is_path or field.default is Empty:
        parameter["required"] = True
    if description := getattr(field.kwarg_definition, "description", None):
        parameter["description"] = description
    return parameter


def _bounds(stated: object) -> Json:
    given = {json: getattr(stated, name, None) for name, json in BOUNDS.items()}
    return {name: value for name, value in given.items() if value is not None}


def _without_null(schema: Json) -> Json:
    """A parameter is there or not; it is never null."""
    if "anyOf" in schema:
        kinds = [kind for kind in schema["anyOf"] if kind != {"type": "null"}]
        return kinds[0] if len(kinds) == 1 else schema | {"anyOf": kinds}
    if "enum" in schema and None in schema["enum"]:
        return schema | {"enum": [value for value in schema["enum"] if value is not None]}
    return schema


def _header_parameters(handler: HTTPRouteHandler) -> Iterator[Json]:
    names = [
        *handler.opt.get("takes", ()),
        *(["Idempotency-Key"] if handler.opt.get("once") else []),
    ]
    for name in names:
        yield {"$ref": f"#/components/parameters/{name}"}


def _request_body(
    handler: HTTPRouteHandler, body: dict[str, Any], schemas: dict[Any, Json]
) -> Json:
    content: Json = {
        media_type: {"schema": BYTES if kind is bytes else schemas[kind]}
        for media_type, kind in body.items()
    }
    for media_type, example in handler.opt.get("examples", {}).items():
        content[media_type]["example"] = example
    return {"required": not handler.opt["rules"].is_optional, "content": content}


def _responses(path: str, handler: HTTPRouteHandler, schemas: dict[Any, Json]) -> Json:
    content = {
        media_type: {"schema": schemas[kind]} for media_type, kind in _return_types(handler).items()
    }
    responses: Json = {}
    for status in (handler.status_code, *handler.opt.get("also", ())):
        answer: Json = {"description": HTTPStatus(status).phrase}
        if content and status != 204:
            answer["content"] = content
        headers = [*handler.opt.get("headers", ())]
        if not handler.opt.get("public"):
            headers += openapi_texts.OF_A_CLIENT
        if headers:
            answer["headers"] = {name: _ref("headers", name) for name in headers}
        responses[str(status)] = answer
    if "GET" in handler.http_methods and not handler.opt.get("public"):
        responses["304"] = {"description": "The caller's copy is current."}
    for status in sorted(_problem_codes(path, handler)):
        responses[str(status)] = _ref("responses", str(status))
    return responses


def _problem_codes(path: str, handler: HTTPRouteHandler) -> set[int]:
    codes = {400, 429, 500, 503} | set(handler.opt.get("problems", ()))
    if path in UNGUARDED:
        codes -= {429}
    if not handler.opt.get("public"):
        codes |= {401, 403}
    if "{" in path:
        codes |= {404}
    if handler.opt.get("once"):
        codes |= {409, 422}
    if any(f"{{{name}}}" not in path for name, _ in _parameters(handler)):
        codes |= {414}
    return codes | ({408, 413, 415} if _body_types(handler) else set())


def _problem(status: int) -> Json:
    answer: Json = {"description": openapi_texts.PROBLEMS[status]}
    if status != 414:  # the server's own answer has no body
        answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": REF.format(name="Problem")}}}
    if status in (408, 409, 429, 503):
        answer["headers"] = {"Retry-After": _ref("headers", "Retry-After")}
    return answer


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _webhooks(schemas: dict[Any, Json]) -> Json:
    return {
        name: {
            "post": {
                "operationId": "on_" + name.replace(".", "_"),
                "summary": summary,
                "parameters": WEBHOOK_HEADERS,
                "security": [],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": schemas[kind]}},
                },
                "responses": {"2XX": {"description": "Received. Any other status is retried."}},
            }
        }
        for name, (kind, summary) in WEBHOOKS.items()
    }
