"""What ingestion tells: a client how its request ended, everybody what became of an article."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from service.article import Article
from service.db import endpoints
from service.db.claims import Claim, Ending
from service.db.repairs import Completed, Lost
from service.db.session import Transaction
from service.notify.record import record


async def tell_ingestion(
    transaction: Transaction, claim: Claim | Lost, ending: Ending
) -> list[UUID]:
    """``ingestion.succeeded`` or ``ingestion.failed``, for its client and callback alone."""
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
    return await record(
        transaction,
        "ingestion.failed" if error else "ingestion.succeeded",
        data,
        client_id=claim.client_id,
        article_id=ending.article_id,
        ingestion_id=claim.id,
        callback_id=callback_id,
    )


async def tell_article(transaction: Transaction, ending: Ending, article: Article) -> list[UUID]:
    """``article.created`` or ``article.updated``, for every client."""
    type = f"article.{ending.outcome}"
    return await _tell(transaction, type, ending.article_id, ending.revision, article)


async def _tell(
    transaction: Transaction,
    type: str,
    article_id: UUID | None,
    revision: int | None,
    article: Article,
) -> list[UUID]:
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
    return await record(transaction, type, data, article_id=article_id)


async def tell_changed(transaction: Transaction, article: Article) -> list[UUID]:
    """``article.updated``, for every client: what callers added to it changed."""
    assert article.id is not None  # noqa: S101  # a stored article has an id
    return await _tell(transaction, "article.updated", article.id, article.revision, article)


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
