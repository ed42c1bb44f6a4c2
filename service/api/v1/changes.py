"""/v1/changes: what has changed since a cursor, so that a client holds what the service holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from service import document
from service.api.answer import Answer
from service.api.lists import Limit
from service.api.request import ApiRequest
from service.api.v1.schema import Card
from service.db import changes
from service.db.changes import Change, Place, Present
from service.errors import CursorExpired

Include = Literal["ids", "card", "full"]
POLL_S = 0.25
BINDING = "changes"
NUMBER_MAX = 2**63 - 1


class ChangeOut(Struct, kw_only=True):
    """One article: stored (`upsert`) or deleted (`delete`); `article` as `include` asks for."""

    op: Literal["upsert", "delete"]
    article_id: UUID
    reason: str
    revision: int | None
    article: Card | None = None


class ChangesOut(Struct, kw_only=True):
    """The latest state of each article that changed; continue with `cursor`."""

    changes: list[ChangeOut]
    cursor: str
    has_more: bool


class Position(Struct, array_like=True):
    """A place of a sync: in the walk over what is there (after ``after``), or in the log. It
    holds in one ``epoch`` of the log only."""

    xid: int
    id: int
    is_walk: bool = False
    after: UUID | None = None
    epoch: int = 0

    def behind(self, row: Change) -> Position:
        """The place after ``row`` of the log."""
        return Position(row.xid, row.id, epoch=self.epoch)


@get(
    "/changes", scope="read", operation_id="list_changes", tags=["articles"], problems=(410,),
    returns={"application/json": ChangesOut},
)  # fmt: skip
async def list_changes(
    request: ApiRequest,
    cursor: Annotated[
        str | None,
        QueryParameter(
            description="`cursor` of the previous answer. Without one: all articles, then changes. "
            "`now`: only changes from now on."
        ),
    ] = None,
    include: Annotated[
        Include, QueryParameter(description="How much of each article to return.")
    ] = "card",
    wait: Annotated[
        int,
        QueryParameter(ge=0, le=60, description="Seconds to wait for a change if there is none."),
    ] = 0,
    limit: Limit = 100,
) -> Answer:
    """List the articles that changed since the cursor, each once, in its latest state.

    A cursor older than ninety days, or from before the service was restored from a backup, is
    410 `cursor_expired`: start again without one."""
    position = await _position(request, cursor)
    if position.is_walk:
        return _answer(request, *await _walk(request, position, include, limit))
    found, position = await _log(request, position, include, limit)
    if not found and wait:
        found, position = await _wait(request, position, include, limit, wait)
    return _answer(request, _last_states(found), position, len(found) == limit)


async def _position(request: ApiRequest, cursor: str | None) -> Position:
    bounds = await changes.bounds(request.runtime.db)
    if cursor is None:
        return Position(bounds.end_xid - 1, NUMBER_MAX, is_walk=True, epoch=bounds.epoch)
    if cursor == "now":
        return Position(bounds.end_xid - 1, NUMBER_MAX, epoch=bounds.epoch)
    position = request.cursors.read(cursor, BINDING, Position)
    assert position is not None  # noqa: S101  # there is a token
    if position.epoch != bounds.epoch or position.xid >= bounds.end_xid:
        raise CursorExpired("the service was restored since this cursor; begin without a cursor")
    if (position.xid, position.id) < (bounds.pruned_xid, bounds.pruned_id):
        raise CursorExpired("changes since this cursor are no longer kept; begin without a cursor")
    return position


async def _walk(
    request: ApiRequest, position: Position, include: Include, limit: int
) -> tuple[list[ChangeOut], Position, bool]:
    """What is there, article by article; then the log from where it stood at the beginning."""
    found = await changes.walk(request.runtime.db, position.after, limit, include)
    shown = [
        ChangeOut(
            op="upsert", article_id=row.id, reason="present", revision=row.revision,
            article=_shown(row),
        )
        for row in found
    ]  # fmt: skip
    if len(found) < limit:
        return shown, replace(position, is_walk=False, after=None), False
    return shown, replace(position, after=found[-1].id), True


async def _log(
    request: ApiRequest, position: Position, include: Include, limit: int
) -> tuple[list[Change], Position]:
    place = Place(position.xid, position.id)
    found = await changes.since(request.runtime.db, place, limit, include)
    return found, position.behind(found[-1]) if found else position


async def _wait(
    request: ApiRequest, position: Position, include: Include, limit: int, seconds: int
) -> tuple[list[Change], Position]:
    """The first changes to come, or none after ``seconds`` or when the process is about to end;
    the request's place is lent out."""
    admission = request.app.state.admission
    deadline = asyncio.get_running_loop().time() + seconds
    found: list[Change] = []
    with admission.parked_place(request.caller.client_id) as is_parked:
        while is_parked and not found and asyncio.get_running_loop().time() < deadline:
            if admission.stopping.is_set():
                break
            await asyncio.sleep(POLL_S)
            found, position = await _log(request, position, include, limit)
    return found, position


def _last_states(found: Sequence[Change]) -> list[ChangeOut]:
    """Each article once, where it changed last."""
    last = {row.article_id: row for row in found}
    rows = [row for row in found if last[row.article_id] is row]
    return [_change(row) for row in rows]


def _change(row: Change) -> ChangeOut:
    op: Any = row.op
    return ChangeOut(
        op=op, article_id=row.article_id, reason=row.reason, revision=row.revision,
        article=_shown(row),
    )  # fmt: skip


def _shown(row: Change | Present) -> msgspec.Raw | None:
    if row.body is not None:
        return msgspec.Raw(document.decompress(row.body))
    return msgspec.Raw(row.card) if row.card else None


def _answer(
    request: ApiRequest, shown: list[ChangeOut], position: Position, has_more: bool
) -> Answer:
    token = request.cursors.write(BINDING, msgspec.structs.astuple(position))
    body = msgspec.json.encode(ChangesOut(changes=shown, cursor=token, has_more=has_more))
    return Answer(body, {b"content-type": b"application/json"})
