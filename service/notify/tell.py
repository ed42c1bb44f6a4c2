"""What ingestion tells: a client how its request ended, everybody what became of an article."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from service.article import Article
from service.db import endpoints, events
from service.db.claims import Claim, Ending
from service.db.events import NewEvent
from service.db.repairs import Completed, Lost
from service.db.session import Transaction
from service.notify.record import encode, record


async def tell_ingestion(
    transaction: Transaction, claim: Claim | Lost, ending: Ending
) -> list[UUID]:
    """``ingestion.succeeded`` or ``ingestion.failed``, for its client and callback alone."""
    return await events.record(transaction, [await ingestion_event(transaction, claim, ending)])


async def ingestion_event(
    transaction: Transaction, claim: Claim | Lost, ending: Ending
) -> NewEvent:
    """How an ingestion has ended, for its client and callback alone."""
    error = ending.error_code and {"code": ending.error_code, "detail": ending.error_detail}
    data: dict[str, Any] = {
        "ingestion_id": claim.id,
        "batch_id": claim.batch_id,
        "requested_url": claim.requested_url,
        "outcome": ending.outcome,
        "article_id": ending.article_id,
        "revision": ending.revision,
        "page_kind": ending.page_kind,
        "error": error,
        "client_ref": claim.client_ref,
        "metadata": msgspec.Raw((claim.metadata or "null").encode()),
    }
    callback_id = None
    if claim.callback_url:
        callback_id = await endpoints.callback(transaction, claim.client_id, claim.callback_url)
    return NewEvent(
        type="ingestion.failed" if error else "ingestion.succeeded",
        data=encode(data),
        client_id=claim.client_id,
        article_id=ending.article_id,
        ingestion_id=claim.id,
        callback_id=callback_id,
    )


def article_event(
    type: str, article_id: UUID | None, revision: int | None, article: Article
) -> NewEvent:
    """``article.created`` or ``article.updated``, for every client."""
    data = {
        "article_id": article_id,
        "revision": revision,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "site": article.site.domain,
        "headline": article.headline,
        "published_at": article.published_at,
        "page_kind": article.page_kind,
    }
    return NewEvent(type=type, data=encode(data), article_id=article_id)


async def tell_changed(transaction: Transaction, article: Article) -> list[UUID]:
    """``article.updated``, for every client: what callers added to it changed."""
    event = article_event("article.updated", article.id, article.revision, article)
    return await events.record(transaction, [event])


async def tell_deleted(transaction: Transaction, article_id: UUID, url: str | None) -> list[UUID]:
    """``article.deleted``, for every client."""
    data = {"article_id": article_id, "url": url}
    return await record(transaction, "article.deleted", data, article_id=article_id)


async def tell_batch(transaction: Transaction, batch: Completed) -> list[UUID]:
    """``batch.completed``, for its client alone."""
    data = {
        "batch_id": batch.id,
        "total": batch.total,
        "succeeded": batch.succeeded,
        "failed": batch.failed,
        "cancelled": batch.cancelled,
    }
    return await record(transaction, "batch.completed", data, client_id=batch.client_id)
