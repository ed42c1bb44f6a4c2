"""Pages of lists: the parameters, and the answer with ``next_cursor`` and ``Link``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar import Response
from litestar.params import QueryParameter
from msgspec import Struct

from service.api.answer import Answer
from service.api.request import ApiRequest

Item = TypeVar("Item")

LIMIT_MAX = 200


class Page(Struct, Generic[Item], kw_only=True):
    """One page of a list; ``next_cursor`` is null on the last."""

    items: list[Item]
    next_cursor: str | None


Cursor = Annotated[
    str | None,
    QueryParameter(description="`next_cursor` of the previous page; omit for the first page."),
]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT_MAX, description="Items per page.")]


def page_of(
    request: ApiRequest,
    found: Sequence[Item],
    limit: int,
    binding: object,
    position: Callable[[Item], tuple[Any, ...]],
) -> Response[Page[Item]]:
    """The first ``limit`` of ``found``, which holds one more item where there is a next page."""
    items = list(found[:limit])
    cursor = None
    if len(found) > limit:
        cursor = request.cursors.write(binding, position(items[-1]))
    headers = {"Link": next_link(request, cursor)} if cursor else {}
    return Response(Page(items=items, next_cursor=cursor), headers=headers)


def page_of_bytes(
    request: ApiRequest,
    items: Sequence[bytes],
    cursor: str | None,
    extra: Mapping[str, object] | None = None,
) -> Answer:
    """A page whose items are JSON already, sent as they are; ``extra`` stands beside them."""
    tail = msgspec.json.encode({"next_cursor": cursor} | dict(extra or {}))
    body = b'{"items":[' + b",".join(items) + b"]," + tail[1:]
    return Answer(body, {b"content-type": b"application/json"} | link_header(request, cursor))


def link_header(request: ApiRequest, cursor: str | None) -> dict[bytes, bytes]:
    """``Link`` to the next page, if there is one."""
    return {b"link": next_link(request, cursor).encode("latin-1")} if cursor else {}


def next_link(request: ApiRequest, cursor: str) -> str:
    """``Link`` of RFC 8288 to the next page: the same query with another cursor."""
    query = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [(name, value) for name, value in query if name != "cursor"]
    return f'<{request.exchange.path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'
