"""Events: each is recorded in the transaction of what happened, with its deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from service.article import Article
from service.db import endpoints, events
from service.db.claims import Claim, Ending
from service.db.events import NewEvent
from service.db.repairs import Completed, Lost
from service.db.session import Transaction

_encoder = msgspec.json.Encoder()


def encode(data: Mapping[str, Any]) -> str:
    """The ``data`` of an event as JSON text."""
    return _encoder.encode(data).decode()


async def record(
    transaction: Transaction,
    type: str,
    data: Mapping[str, Any],
    *,
    client_id: UUID | None = None,
    article_id: UUID | None = None,
    ingestion_id: UUID | None = None,
    callback_id: UUID | None = None,
) -> list[UUID]:
    """The event ``type`` is recorded; returns the ids of its deliveries, to be hinted on commit.

    Its payload is ``{"type", "timestamp", "data"}`` as in Standard Webhooks 1.0, the time that of
    the transaction. Without a ``client_id`` it goes to the endpoints of every client; to the
    endpoint ``callback_id`` it goes in any case.
    """
    event = NewEvent(
        type=type,
        data=encode(data),
        client_id=client_id,
        article_id=article_id,
        ingestion_id=ingestion_id,
        callback_id=callback_id,
    )
    return await events.record(transaction, [event])


async def record_only(
    transaction: Transaction, type: str, data: Mapping[str, Any], client_id: UUID
) -> UUID:
    """The event ``type`` is recorded without deliveries; returns its id."""
    event = NewEvent(type=type, data=encode(data), client_id=client_id)
    return await events.record_only(transaction, event)


async def record_ingestion(
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


async def record_updated(transaction: Transaction, article: Article) -> list[UUID]:
    """``article.updated``, for every client: its tags or metadata changed."""
    event = article_event("article.updated", article.id, article.revision, article)
    return await events.record(transaction, [event])


async def record_deleted(transaction: Transaction, article_id: UUID, url: str | None) -> list[UUID]:
    """``article.deleted``, for every client."""
    data = {"article_id": article_id, "url": url}
    return await record(transaction, "article.deleted", data, article_id=article_id)


async def record_batch(transaction: Transaction, batch: Completed) -> list[UUID]:
    """``batch.completed``, for its client alone."""
    data = {
        "batch_id": batch.id,
        "total": batch.total,
        "succeeded": batch.succeeded,
        "failed": batch.failed,
        "cancelled": batch.cancelled,
    }
    return await record(transaction, "batch.completed", data, client_id=batch.client_id)
