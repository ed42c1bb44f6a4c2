"""Articles as they are read: the stored document, the row, the keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.arrays import array
from service.db.session import Query, Session, Transaction


class Doc(Struct, frozen=True):
    """The document as it is served: ``body`` is gzip of the JSON, ``etag`` of the JSON."""

    id: UUID
    etag: str
    body: bytes
    updated_at: datetime


DOCS = Query(Doc, "select id, etag, body, updated_at from article_doc where id = any($1::uuid[])")


async def docs(session: Session, ids: Sequence[UUID]) -> list[Doc]:
    """The documents of ``ids`` that exist, in no order."""
    return await session.all(DOCS, list(ids))


class Current(Struct, frozen=True):
    """A document as it is now; ``body`` is None where it is known by its tag."""

    id: UUID
    etag: str
    body: bytes | None
    updated_at: datetime


CURRENT = Query(
    Current,
    f"""
    select id, etag, case when etag <> all({array("text", 2)}) then body end as body, updated_at
    from article_doc where id = any({array("uuid", 1)})
    """,
)


async def current(session: Session, ids: Sequence[UUID], tags: Sequence[str]) -> list[Current]:
    """The documents of ``ids`` that exist, in no order; those tagged as one of ``tags`` without
    their bodies, which are neither read nor sent: a tag names its bytes."""
    return await session.all(CURRENT, list(ids), list(tags))


class Standing(Struct, frozen=True):
    """Whether an article is there, deleted or unknown, and its times."""

    id: UUID
    revision: int
    updated_at: datetime
    deleted_at: datetime | None


STANDING = Query(Standing, "select id, revision, updated_at, deleted_at from article where id = $1")


async def standing(session: Session, article_id: UUID) -> Standing | None:
    """The article's standing; None when there never was one or its tombstone is pruned."""
    return await session.one(STANDING, article_id)


class Locked(Struct, frozen=True):
    """An article's row under lock; ``etag`` is that of its document, ``at`` is now."""

    id: UUID
    url: str | None
    etag: str | None
    feed_ids: list[UUID]
    deleted_at: datetime | None
    at: datetime


LOCK = Query(
    Locked,
    """
    select a.id, a.url, (select etag from article_doc where id = a.id) as etag, a.feed_ids,
      a.deleted_at, now() as at
    from article a where a.id = $1 for update
    """,
)


async def lock(transaction: Transaction, article_id: UUID) -> Locked | None:
    """Nobody else changes the article until the transaction ends; None when there is none."""
    return await transaction.one(LOCK, article_id)


class Key(Struct, frozen=True):
    """One address under which an article is known."""

    key: str
    article_id: UUID


KEYS = Query(Key, "select key, article_id from article_key where key = any($1::text[])")


async def lookup(session: Session, keys: Sequence[str]) -> list[Key]:
    """The articles known under ``keys``; unknown keys are left out."""
    return await session.all(KEYS, list(keys))


class Revision(Struct, frozen=True):
    """One revision of an article."""

    number: int
    content_hash: bytes
    extractor_version: str
    created_at: datetime


REVISIONS = Query(
    Revision,
    """
    select number, content_hash, extractor_version, created_at from revision
    where article_id = $1 and ($2::integer is null or number < $2) order by number desc limit $3
    """,
)


async def revisions(
    session: Session, article_id: UUID, before: int | None, limit: int
) -> list[Revision]:
    """Revisions of the article, newest first, older than number ``before``."""
    return await session.all(REVISIONS, article_id, before, limit)


class Body(Struct, frozen=True):
    """Gzip of a document's JSON."""

    body: bytes


REVISION = Query(Body, "select body from revision where article_id = $1 and number = $2")


async def revision(session: Session, article_id: UUID, number: int) -> bytes | None:
    """The document of one revision, gzip."""
    row = await session.one(REVISION, article_id, number)
    return row.body if row else None
