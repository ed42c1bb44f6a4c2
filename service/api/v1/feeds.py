"""/v1/feeds: feeds to poll, discovery, OPML in and out."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, get, patch, post
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from service.api.idempotency import answered_once, created
from service.api.lists import Cursor, Limit, Page
from service.api.request import ApiRequest
from service.api.v1.owned import failure_of, json_text, page_by_id, present
from service.api.v1.schema import Failure
from service.api.v1.schema_push import (
    CandidateOut,
    DiscoverIn,
    DiscoverOut,
    FeedIn,
    FeedOut,
    FeedPatch,
    OpmlItem,
    OpmlOut,
    SubscriptionState,
)
from service.api.v1.targets import check_target
from service.db import Session, Transaction, feeds, websub
from service.db.feeds import FeedRow
from service.db.idempotency import Answer
from service.errors import BroadsheetError, Conflict
from service.feeds import write_opml
from service.feeds.opml import Outline
from service.ingest import identity_of
from service.queue import Job
from service.subscribe.discover import discover
from service.subscribe.items import Options, options_of

ONE = "/feeds/{feed_id:uuid}"
EXPORTED_MAX = 10_000
IMPORTED_AT_ONCE = 16
"""Feeds of a list whose names are looked up at the same time."""
EXAMPLE = {"url": "https://paper.example/feed.xml"}
FeedState = Literal["active", "failing", "gone", "paused"]


@post(
    "/feeds", scope="ingest", operation_id="create_feed", tags=["feeds"], once=True,
    headers=("Location", "Idempotency-Replayed"), examples={"application/json": EXAMPLE},
    problems=(409, 422),
)  # fmt: skip
async def create_feed(request: ApiRequest, data: FeedIn) -> Response[FeedOut]:
    """Add a feed to be polled: RSS, Atom, RDF, JSON Feed or a sitemap."""
    await check_target(request, data.url)
    await check_target(request, data.callback_url, "/callback_url")
    options = Options(mode=data.mode, items_max=data.items_max, callback_url=data.callback_url)

    async def write(transaction: Transaction) -> Answer:
        made = await _add(transaction, request.caller.client_id, data.url, data.title, options)
        if made is None:
            raise Conflict("you have this feed already")
        return created(_out(made), f"/v1/feeds/{made.id}")

    response = await answered_once(request, write)
    request.runtime.streams.send(_due(response))
    return response


@get("/feeds", scope="read", operation_id="list_feeds", tags=["feeds"], headers=("Link",))
async def list_feeds(
    request: ApiRequest,
    in_state: Annotated[FeedState | None, QueryParameter(name="state")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page[FeedOut]]:
    """List the caller's feeds and their health, oldest first."""
    db, client_id = request.runtime.db, request.caller.client_id
    read = partial(feeds.list_feeds, db, client_id, state=in_state)
    return await page_by_id(request, ("feeds", in_state), cursor, limit, read=read, show=_out)


@get(ONE, scope="read", operation_id="get_feed", tags=["feeds"])
async def get_feed(request: ApiRequest, feed_id: FromPath[UUID]) -> FeedOut:
    """Get one feed, and its subscription at a hub, if it has one."""
    found = await _find(request, feed_id)
    subscription = await websub.of_feed(request.runtime.db, feed_id)
    state: Any = subscription.state if subscription else None
    return _out(found, state)


@patch(
    ONE, scope="ingest", operation_id="change_feed", tags=["feeds"], problems=(422,),
    examples={"application/json": {"paused": True}},
)  # fmt: skip
async def change_feed(request: ApiRequest, feed_id: FromPath[UUID], data: FeedPatch) -> FeedOut:
    """The given fields are changed; `paused: false` also wakes a feed that was gone."""
    found = await _find(request, feed_id)
    options = options_of(found.options)
    for name in ("mode", "items_max", "callback_url"):
        value = getattr(data, name)
        if value is not UNSET:
            options = replace(options, **{name: value})
    await check_target(request, options.callback_url, "/callback_url")
    changed = await feeds.update(
        request.runtime.db,
        request.caller.client_id,
        feed_id,
        title=_or_none(data.title),
        options=json_text(options),
        paused=_or_none(data.paused),
    )
    return _out(present(changed, "feed"))


@delete(ONE, scope="ingest", operation_id="delete_feed", tags=["feeds"])
async def delete_feed(request: ApiRequest, feed_id: FromPath[UUID]) -> None:
    """Delete the feed. Its articles stay, and `feed_id` still lists them."""
    gone = await feeds.delete(request.runtime.db, request.caller.client_id, feed_id)
    present(gone or None, "feed")


@post(ONE + "/poll", scope="ingest", operation_id="poll_feed", tags=["feeds"], status_code=202)
async def poll_feed(request: ApiRequest, feed_id: FromPath[UUID]) -> FeedOut:
    """Poll the feed now, ahead of its schedule."""
    await feeds.poll_now(request.runtime.db, request.caller.client_id, feed_id)
    found = await _find(request, feed_id)
    request.runtime.streams.send([Job("feed", feed_id)])
    return _out(found)


@post(
    "/feeds/discover", scope="ingest", operation_id="discover_feeds", tags=["feeds"],
    status_code=200, examples={"application/json": {"url": "https://paper.example/"}},
    problems=(422, 502),
)  # fmt: skip
async def discover_feeds(request: ApiRequest, data: DiscoverIn) -> DiscoverOut:
    """Find the feeds of a site, best first; common addresses are tried when it names none."""
    found = await discover(request.runtime, data.url)
    return DiscoverOut(
        candidates=[
            CandidateOut(url=one.url, title=one.title, media_type=one.media_type) for one in found
        ]
    )


@post(
    "/feeds/opml", scope="ingest", operation_id="import_opml", tags=["feeds"], status_code=200,
    accepts=("text/x-opml", "text/xml", "application/xml"), body={"text/x-opml": str},
    problems=(422,),
)  # fmt: skip
async def import_opml(request: ApiRequest) -> OpmlOut:
    """Import the feeds of an OPML list; each gets an answer of its own."""
    outlines = await request.runtime.parsers.read_opml(await request.body())
    places = asyncio.Semaphore(IMPORTED_AT_ONCE)

    async def imported(one: Outline) -> OpmlItem:
        async with places:
            return await _import(request, one)

    items = await asyncio.gather(*map(imported, outlines))
    created_ids = [one.feed_id for one in items if one.created and one.feed_id]
    request.runtime.streams.send(Job("feed", id, 2) for id in created_ids)
    return OpmlOut(items=items)


@get(
    "/feeds/opml", scope="read", operation_id="export_opml", tags=["feeds"],
    returns={"text/x-opml": str},
)  # fmt: skip
async def export_opml(request: ApiRequest) -> ASGIResponse:
    """Export the caller's feeds as OPML."""
    found = await feeds.list_feeds(
        request.runtime.db, request.caller.client_id, None, EXPORTED_MAX, state=None
    )
    outlines = [Outline(url=one.url, title=one.title, site_url=one.site_url) for one in found]
    return ASGIResponse(
        body=write_opml(outlines),
        media_type="text/x-opml",
        headers={"content-disposition": 'attachment; filename="broadsheet.opml"'},
    )


async def _import(request: ApiRequest, one: Outline) -> OpmlItem:
    client_id, db = request.caller.client_id, request.runtime.db
    try:
        await check_target(request, one.url)
        made = await _add(db, client_id, one.url, one.title, Options())
    except BroadsheetError as error:
        failure = Failure(code=error.code, detail=error.detail)
        return OpmlItem(url=one.url, feed_id=None, created=False, error=failure)
    if made is not None:
        return OpmlItem(url=one.url, feed_id=made.id, created=True)
    known = await feeds.known(db, client_id, identity_of(one.url) or one.url)
    return OpmlItem(url=one.url, feed_id=known.id if known else None, created=False)


async def _add(
    session: Session, client_id: UUID, url: str, title: str | None, options: Options
) -> FeedRow | None:
    return await feeds.create(
        session, client_id, url=url, identity_key=identity_of(url) or url, title=title,
        options=json_text(options),
    )  # fmt: skip


def _due(response: Response[Any]) -> list[Job]:
    """The poll of the feed that an answer shows; none for a repeat."""
    if response.headers.get("Idempotency-Replayed"):
        return []
    return [Job("feed", msgspec.json.decode(response.content, type=_Id).id)]


class _Id(msgspec.Struct):
    id: UUID


async def _find(request: ApiRequest, feed_id: UUID) -> FeedRow:
    found = await feeds.find(request.runtime.db, request.caller.client_id, feed_id)
    return present(found, "feed")


def _or_none(value: Any | UnsetType) -> Any:
    return None if value is UNSET else value


def _out(feed: FeedRow, subscription: SubscriptionState | None = None) -> FeedOut:
    options = options_of(feed.options)
    made = ("mode", "items_max", "callback_url", "error", "websub")
    given = {n: getattr(feed, n) for n in FeedOut.__struct_fields__ if n not in made}
    return FeedOut(
        **given,
        mode=options.mode,
        items_max=options.items_max,
        callback_url=options.callback_url,
        error=failure_of(feed.error_code, feed.error_detail),
        websub=subscription,
    )
