"""What handlers of a client's own rows share: lists by id, missing rows, errors as shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec
from litestar import Response

from service.api.lists import Page, page_of
from service.api.request import ApiRequest
from service.api.v1.schema import Failure
from service.errors import NotFound

Row = TypeVar("Row")


class Identified(Protocol):
    """Anything with an id; later ones have greater ids."""

    @property
    def id(self) -> UUID: ...


Shown = TypeVar("Shown", bound=Identified)


async def page_by_id(
    request: ApiRequest,
    binding: object,
    cursor: str | None,
    limit: int,
    *,
    read: Callable[[UUID | None, int], Awaitable[Sequence[Row]]],
    show: Callable[[Row], Shown],
) -> Response[Page[Shown]]:
    """A page of what ``read`` finds from the id of a cursor on, ``limit`` at most."""
    (place,) = request.cursors.read(cursor, binding, tuple[UUID]) or (None,)
    found = await read(place, limit + 1)
    return page_of(request, [show(one) for one in found], limit, binding, lambda one: (one.id,))


def present(found: Row | None, what: str) -> Row:
    """``found``; raises ``NotFound`` where it is missing, or another client's."""
    if found is None:
        raise NotFound(f"there is no such {what}")
    return found


def json_text(value: object) -> str:
    """The value as it is stored in a column of JSON."""
    return msgspec.json.encode(value).decode()


def failure_of(code: str | None, detail: str | None) -> Failure | None:
    """An error as it is shown; None where there was none."""
    return Failure(code=code, detail=detail) if code else None
