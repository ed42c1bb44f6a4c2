"""What callers do to stored articles: set tags and metadata, delete."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from service import document
from service.article import Article
from service.db import articles, facets, stores
from service.db.articles import Doc, Locked
from service.db.session import Transaction
from service.errors import FieldError, Gone, InvalidRequest, NotFound, PreconditionFailed
from service.notify.record import record_deleted, record_updated
from service.queue import Job
from service.runtime import Runtime

METADATA_BYTES_MAX = 16_384
"""Of the metadata of an ingestion or an article, as JSON."""


async def annotate(
    runtime: Runtime,
    article_id: UUID,
    *,
    tags: Sequence[str] | UnsetType | None = UNSET,
    metadata: dict[str, Any] | UnsetType | None = UNSET,
    if_match: Collection[str] | None = None,
) -> Doc:
    """The article has ``tags`` (all of them) and ``metadata`` merged into its own.

    Its content and revision stay; its document and ETag change, and an event is recorded. A key
    of ``metadata`` that is null is removed, and so is all of ``tags`` or ``metadata`` where that
    is None (RFC 7396). Raises as ``delete``, and ``InvalidRequest`` when ``metadata`` grows too
    large.
    """
    async with runtime.db.transaction() as transaction:
        locked = await _lock(transaction, article_id, if_match)
        article = await _read(transaction, article_id)
        if tags is not UNSET:
            article.tags = list(dict.fromkeys(tags or ()))
        if metadata is not UNSET:
            known = {} if metadata is None else article.metadata
            article.metadata = _within_limit(merged(known, metadata or {}))
        article.updated_at = locked.at
        doc = await _write(transaction, article, locked.feed_ids)
        deliveries = await record_updated(transaction, article)
    runtime.streams.send(Job("delivery", id) for id in deliveries)
    return doc


async def delete(
    runtime: Runtime, article_id: UUID, if_match: Collection[str] | None = None
) -> None:
    """The article is gone and leaves a tombstone; its address may make a new one.

    ``if_match`` holds the ETags of which the stored document has one. Raises ``NotFound``,
    ``Gone`` and ``PreconditionFailed``.
    """
    async with runtime.db.transaction() as transaction:
        deliveries = await erase(transaction, article_id, if_match)
    runtime.streams.send(Job("delivery", id) for id in deliveries)


async def erase(
    transaction: Transaction, article_id: UUID, if_match: Collection[str] | None = None
) -> list[UUID]:
    """As ``delete``, within a transaction; returns the deliveries to be hinted on commit."""
    locked = await _lock(transaction, article_id, if_match)
    await stores.delete(transaction, article_id)
    return await record_deleted(transaction, article_id, locked.url)


async def _lock(
    transaction: Transaction, article_id: UUID, if_match: Collection[str] | None
) -> Locked:
    locked = await articles.lock(transaction, article_id)
    if locked is None:
        raise NotFound("there is no such article")
    if locked.deleted_at is not None:
        raise Gone("the article was deleted")
    if if_match is not None and locked.etag not in if_match:
        raise PreconditionFailed("the article has changed; read it again")
    return locked


async def _read(transaction: Transaction, article_id: UUID) -> Article:
    found = await articles.docs(transaction, [article_id])
    return document.unpack(found[0].body)


async def _write(transaction: Transaction, article: Article, feed_ids: Sequence[UUID]) -> Doc:
    assert article.id is not None  # noqa: S101  # a stored article has an id
    packed = document.pack(article)
    named = document.facets(article) + facets.of_feeds(feed_ids)
    return await stores.annotate(
        transaction,
        article,
        card=document.card(article),
        etag=packed.etag,
        body=packed.body,
        facet_ids=await facets.numbers(transaction, named),
    )


def _within_limit(metadata: dict[str, Any]) -> dict[str, Any]:
    size = len(msgspec.json.encode(metadata))
    if size <= METADATA_BYTES_MAX:
        return metadata
    why = f"at most {METADATA_BYTES_MAX:,} bytes of JSON; merged it would be {size:,}"
    raise InvalidRequest(why, errors=(FieldError("/metadata", "length", why),))


def merged(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """``target`` with ``patch`` merged in, as RFC 7396 has it.

    >>> merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}})
    {'b': {'c': 2, 'd': 3}}
    """
    result = dict(target)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            known = result.get(key)
            result[key] = merged(known if isinstance(known, dict) else {}, value)
        else:
            result[key] = value
    return result
