"""What the buttons of the console do; each comes back to the page that it stands on."""

from __future__ import annotations

import contextlib
from uuid import UUID

from litestar import post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse

from service import ingest
from service.api.console.access import require_own_form
from service.api.console.views import Text
from service.api.request import ApiRequest
from service.db import console, delivery_log, endpoints
from service.errors import Conflict, NotFound
from service.queue import Job


def _back(path: str) -> ASGIResponse:
    return ASGIResponse(body=b"", status_code=303, headers={"location": path})


async def _owner(request: ApiRequest, id: UUID) -> UUID:
    owner = await console.owner(request.runtime.db, id)
    if owner is None:
        raise NotFound("this no longer exists")
    return owner


@post("/ingestions/{id:uuid}/retry", public=True, include_in_schema=False)
async def retry_ingestion(request: ApiRequest, id: FromPath[UUID]) -> ASGIResponse:
    """A failed ingestion is tried again."""
    require_own_form(request)
    await _retry(request, await _owner(request, id), id)
    return _back("/console/failures")


@post("/failures/retry", public=True, include_in_schema=False)
async def retry_failures(request: ApiRequest, code: Text = None, site: Text = None) -> ASGIResponse:
    """The last hundred failures, of one code and site if given, are tried again."""
    require_own_form(request)
    for one in await console.failed(request.runtime.db, code, site):
        await _retry(request, one.client_id, one.id)
    return _back("/console/failures")


async def _retry(request: ApiRequest, client_id: UUID, id: UUID) -> None:
    with contextlib.suppress(Conflict):  # pressed twice, or by two people: it is under way
        await ingest.retry(request.runtime, client_id, id)


@post("/feeds/{id:uuid}/poll", public=True, include_in_schema=False)
async def poll_feed(request: ApiRequest, id: FromPath[UUID]) -> ASGIResponse:
    """A feed is polled at once."""
    require_own_form(request)
    if await console.poll(request.runtime.db, id):
        request.runtime.streams.send([Job("feed", id)])
    return _back("/console/feeds")


@post("/deliveries/{id:uuid}/redeliver", public=True, include_in_schema=False)
async def redeliver(request: ApiRequest, id: FromPath[UUID]) -> ASGIResponse:
    """An event is sent to its endpoint again."""
    require_own_form(request)
    added = await delivery_log.redeliver(request.runtime.db, await _owner(request, id), id)
    if added is not None:
        request.runtime.streams.send([Job("delivery", added)])
    return _back("/console/endpoints")


@post("/endpoints/{id:uuid}/enable", public=True, include_in_schema=False)
async def enable_endpoint(request: ApiRequest, id: FromPath[UUID]) -> ASGIResponse:
    """A disabled endpoint is sent to again."""
    require_own_form(request)
    await endpoints.enable(request.runtime.db, await _owner(request, id), id)
    return _back("/console/endpoints")
