"""/v1/ingestions: submit pages, read their state, cancel, retry."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec.structs import replace

from service import ingest
from service.api import idempotency
from service.api.answer import Answer
from service.api.idempotency import read_key
from service.api.lists import Cursor, Limit, Page
from service.api.prefer import wait_s
from service.api.request import ApiRequest
from service.api.v1.owned import failure_of, page_by_id, present
from service.api.v1.pages import (
    BATCH_BODY,
    BATCH_EXAMPLES,
    BATCH_TYPES,
    PAGE_BODY,
    PAGE_EXAMPLES,
    PAGE_TYPES,
    read_batch,
    read_page,
)
from service.api.v1.schema import (
    AttemptOut,
    BatchItem,
    BatchOut,
    IngestionOut,
    State,
    Url,
)
from service.db import articles, ingestions
from service.db.idempotency import Answer as Kept
from service.db.ingestions import Attempt, Ingestion
from service.document import decompress
from service.errors import InvalidRequest
from service.ingest import Receipt

POLL_AFTER_S = 1
HIGH, NORMAL = 0, 1
"""A caller waits for it, so it goes first."""
PATH = "/ingestions"
ONE = PATH + "/{ingestion_id:uuid}"


@post(
    PATH, scope="ingest", operation_id="create_ingestion", tags=["ingestions"],
    status_code=202, also=(200,), accepts=PAGE_TYPES, body=PAGE_BODY, examples=PAGE_EXAMPLES,
    queues=True, once=True, takes=("Prefer",), returns={"application/json": IngestionOut},
    headers=("Location", "Retry-After", "Preference-Applied", "Idempotency-Replayed"),
)  # fmt: skip
async def create_ingestion(request: ApiRequest, url: FromQuery[Url | None] = None) -> Answer:
    """Submit one page. It is stored before the answer: 202 with its location. With
    `Prefer: wait=N`, 200 with the article if it is ready in time."""
    seconds = wait_s(request.exchange.header(b"prefer"), request.runtime.settings.wait_max_s)
    submission = await read_page(request, url)
    if seconds and submission.priority == NORMAL:
        submission = replace(submission, priority=HIGH)
    key = await read_key(request)
    receipt = await ingest.submit(
        request.runtime, request.caller.client_id, [submission], key=key, respond=_accepted
    )
    request.backlog.add(request.caller.client_id, len(receipt.ingestions))
    kept = receipt.answer or _accepted(receipt)
    if not seconds:
        return idempotency.given(kept)
    return await _answer_when_done(request, kept, seconds)


def _accepted(receipt: Receipt) -> Kept:
    ingestion = receipt.ingestions[0]
    headers = [("Location", f"/v1/ingestions/{ingestion.id}"), ("Retry-After", str(POLL_AFTER_S))]
    return Kept(202, headers, msgspec.json.encode(to_out(ingestion)))


class _Id(msgspec.Struct):
    id: UUID


async def _answer_when_done(request: ApiRequest, accepted: Kept, seconds: float) -> Answer:
    """The finished ingestion, or after ``seconds`` the answer that it was accepted."""
    ingestion = await _find(request, msgspec.json.decode(accepted.body, type=_Id).id)
    client_id = request.caller.client_id
    admission = request.app.state.admission
    with admission.parked_place(client_id) as is_parked:
        if is_parked:
            ingestion = await ingest.wait(
                request.runtime, ingestion, seconds, unless=admission.stopping
            )
    answer = idempotency.given(accepted)
    headers = {**answer.headers, b"preference-applied": b"wait=%d" % seconds}
    if ingestion.finished_at is None:
        return Answer(answer.body, headers, answer.status)
    headers.pop(b"retry-after", None)
    return Answer(await _with_article(request, ingestion), headers, 200)


async def _with_article(request: ApiRequest, ingestion: Ingestion) -> bytes:
    """The ingestion's JSON with its article's stored JSON inside, as it is."""
    shown = msgspec.to_builtins(to_out(ingestion))
    found = await articles.docs(request.runtime.db, [i for i in [ingestion.article_id] if i])
    if found:
        shown["article"] = msgspec.Raw(decompress(found[0].body))
    return msgspec.json.encode(shown)


@post(
    PATH + "/batch", scope="ingest", operation_id="create_batch", tags=["ingestions"],
    status_code=202, accepts=BATCH_TYPES, body=BATCH_BODY, examples=BATCH_EXAMPLES, once=True,
    returns={"application/json": BatchOut}, headers=("Location", "Idempotency-Replayed"),
)  # fmt: skip
async def create_batch(request: ApiRequest) -> Answer:
    """Submit up to 1,000 pages, as a JSON array or as NDJSON; each item has its own answer."""
    client_id = request.caller.client_id
    request.backlog.admit(client_id)
    read = await read_batch(request)
    key = await read_key(request)
    pages = [item for item in read if not isinstance(item, InvalidRequest)]
    if not pages:
        return idempotency.given(_batch_answer(Receipt(), read))
    request.backlog.admit(client_id, len(pages))
    receipt = await ingest.submit(
        request.runtime,
        client_id,
        pages,
        is_batch=True,
        key=key,
        respond=lambda receipt: _batch_answer(receipt, read),
    )
    request.backlog.add(client_id, len(receipt.ingestions))
    return idempotency.given(receipt.answer or _batch_answer(receipt, read))


def _batch_answer(receipt: Receipt, read: list[ingest.Submission | InvalidRequest]) -> Kept:
    accepted = iter(receipt.ingestions)
    items = [
        _refused(index, item) if isinstance(item, InvalidRequest) else _taken(index, next(accepted))
        for index, item in enumerate(read)
    ]
    out = BatchOut(
        batch_id=receipt.batch_id,
        accepted=len(receipt.ingestions),
        refused=len(read) - len(receipt.ingestions),
        items=items,
    )
    headers = [("Location", f"/v1/ingestions?batch={receipt.batch_id}")]
    return Kept(202, headers if receipt.batch_id else [], msgspec.json.encode(out))


def _taken(index: int, ingestion: Ingestion) -> BatchItem:
    return BatchItem(index=index, status=202, id=ingestion.id, client_ref=ingestion.client_ref)


def _refused(index: int, error: InvalidRequest) -> BatchItem:
    return BatchItem(index=index, status=error.status, detail=error.detail, errors=error.errors)


@get(ONE, scope="ingest", operation_id="get_ingestion", tags=["ingestions"])
async def get_ingestion(request: ApiRequest, ingestion_id: FromPath[UUID]) -> IngestionOut:
    """Get one ingestion: its state, its attempts and their errors, and the id of its article."""
    ingestion = await _find(request, ingestion_id)
    attempts = await ingestions.attempts(request.runtime.db, ingestion_id)
    out = to_out(ingestion)
    out.attempts = [_attempt_out(attempt) for attempt in attempts]
    return out


@get(PATH, scope="ingest", operation_id="list_ingestions", tags=["ingestions"], headers=("Link",))
async def list_ingestions(
    request: ApiRequest,
    *,
    states: Annotated[
        list[State] | None, QueryParameter(name="state", description="Any of these values.")
    ] = None,
    batch: FromQuery[UUID | None] = None,
    url: Annotated[str | None, QueryParameter(description="The URL as it was submitted.")] = None,
    since: Annotated[
        datetime | None, QueryParameter(description="Created at or after this time.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response[Page[IngestionOut]]:
    """List the caller's own ingestions, newest first."""
    db, client_id = request.runtime.db, request.caller.client_id
    read = partial(
        ingestions.list_ingestions, db, client_id, states=states, batch_id=batch, url=url,
        since=since,
    )  # fmt: skip
    binding = ("ingestions", client_id, states, batch, url, since)
    return await page_by_id(request, binding, cursor, limit, read=read, show=to_out)


@post(
    ONE + "/retry", scope="ingest", operation_id="retry_ingestion", tags=["ingestions"],
    status_code=202, problems=(409,),
)  # fmt: skip
async def retry_ingestion(request: ApiRequest, ingestion_id: FromPath[UUID]) -> IngestionOut:
    """Queue a failed or cancelled ingestion again."""
    return to_out(await ingest.retry(request.runtime, request.caller.client_id, ingestion_id))


@post(
    ONE + "/cancel", scope="ingest", operation_id="cancel_ingestion", tags=["ingestions"],
    status_code=200, problems=(409,),
)  # fmt: skip
async def cancel_ingestion(request: ApiRequest, ingestion_id: FromPath[UUID]) -> IngestionOut:
    """Cancel a queued or running ingestion."""
    return to_out(await ingest.cancel(request.runtime, request.caller.client_id, ingestion_id))


async def _find(request: ApiRequest, ingestion_id: UUID) -> Ingestion:
    found = await ingestions.find(request.runtime.db, request.caller.client_id, ingestion_id)
    return present(found, "ingestion")


_SAME = [name for name in IngestionOut.__struct_fields__ if name in Ingestion.__struct_fields__]
_same_of = attrgetter(*_SAME)


def to_out(row: Ingestion) -> IngestionOut:
    """The row as its owner sees it."""
    same: dict[str, Any] = dict(zip(_SAME, _same_of(row), strict=True))
    metadata = row.metadata
    same["metadata"] = None if metadata is None else msgspec.json.decode(metadata)
    same["due_at"] = row.due_at if row.state == "queued" else None
    same["error"] = failure_of(row.error_code, row.error_detail)
    return IngestionOut(**same)


def _attempt_out(row: Attempt) -> AttemptOut:
    return AttemptOut(
        number=row.number,
        stage=row.stage,
        started_at=row.started_at,
        duration_ms=row.duration_ms,
        http_status=row.http_status,
        content_bytes=row.content_bytes,
        error=failure_of(row.error_code, row.error_detail),
        retryable=row.is_retryable,
        robots=row.robots,
    )
