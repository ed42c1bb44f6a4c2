"""What callers do with ingestions: wait, cancel, retry; and extraction without storing."""

from __future__ import annotations

import asyncio
import contextlib
from uuid import UUID

from service.article import Article
from service.db import ingestions
from service.db.ingestions import Ingestion
from service.errors import Conflict, NotFound
from service.extract import Page
from service.fetch.client import Request
from service.ingest.acquire import fetched_page
from service.ingest.process import gate
from service.ingest.submit import Submission
from service.queue import Job
from service.runtime import Runtime

POLL_S = (0.1, 0.2, 0.4, 0.8)
"""Looks into Postgres while waiting, the last one again and again: a bell may be missed."""


async def wait(
    runtime: Runtime, ingestion: Ingestion, timeout_s: float, unless: asyncio.Event | None = None
) -> Ingestion:
    """The ingestion as it is when it has ended, or after ``timeout_s``, or soon after ``unless``
    is set."""
    deadline = asyncio.get_running_loop().time() + timeout_s
    pauses = iter(POLL_S)
    with runtime.bell.heard(ingestion.id) as rung:
        while ingestion.finished_at is None and not (unless and unless.is_set()):
            left_s = deadline - asyncio.get_running_loop().time()
            if left_s <= 0:
                break
            pause_s = next(pauses, POLL_S[-1])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(rung.wait(), min(pause_s, left_s))
            ingestion = await _found(runtime, ingestion.client_id, ingestion.id)
    return ingestion


async def cancel(runtime: Runtime, client_id: UUID, ingestion_id: UUID) -> Ingestion:
    """The ingestion is cancelled. Raises ``NotFound``, or ``Conflict`` when it had ended."""
    cancelled = await ingestions.cancel(runtime.db, client_id, ingestion_id)
    if cancelled is not None:
        return cancelled
    found = await _found(runtime, client_id, ingestion_id)
    raise Conflict(f"the ingestion has already ended: {found.state}")


async def retry(runtime: Runtime, client_id: UUID, ingestion_id: UUID) -> Ingestion:
    """A failed or cancelled ingestion is queued anew. Raises ``NotFound`` and ``Conflict``."""
    retried = await ingestions.retry(runtime.db, client_id, ingestion_id)
    if retried is not None:
        runtime.streams.send([Job("ingestion", retried.id, retried.priority)])
        return retried
    found = await _found(runtime, client_id, ingestion_id)
    raise Conflict(f"only failed or cancelled ingestions can be retried; this one is {found.state}")


async def _found(runtime: Runtime, client_id: UUID, ingestion_id: UUID) -> Ingestion:
    found = await ingestions.find(runtime.db, client_id, ingestion_id)
    if found is None:
        raise NotFound("there is no such ingestion")
    return found


async def extract(runtime: Runtime, submission: Submission) -> Article:
    """The article of a page, nothing stored.

    Raises ``FetchError``, ``ParseError`` and ``PageRejected``.
    """
    if submission.kind == "url":
        url = submission.url or ""
        obeys = not (submission.options or {}).get("ignores_robots", False)
        fetched = await runtime.fetcher.fetch(Request(url=url, robots=obeys))
        page = fetched_page(url, fetched)
    else:
        page = Page(
            content=submission.content or b"",
            url=submission.url,
            requested_url=submission.url,
            kind=submission.kind,
            charset=submission.charset or ("utf-8" if submission.kind == "text" else None),
        )
    article = await runtime.parsers.extract(page)
    gate(article)
    return article
