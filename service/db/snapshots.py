"""Snapshots: the original bytes of ingestions, packed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Query, Session


class Snapshot(Struct, frozen=True):
    """Original bytes, packed (``service.packed``) from ``content_bytes``.

    ``headers`` is JSON text, ``status`` null if not fetched.
    """

    id: UUID
    url: str | None
    status: int | None
    headers: str
    media_type: str
    charset: str | None
    content_bytes: int
    content: bytes
    fetched_at: datetime


COLUMNS = """
    s.id, s.url, s.status, s.headers::text, s.media_type, s.charset, s.content_bytes,
    s.content, s.fetched_at
"""
OF_ARTICLE = Query(
    Snapshot,
    f"""
    select {COLUMNS} from article a join snapshot s on s.id = a.snapshot_id
    where a.id = $1 and a.deleted_at is null
    """,
)


async def of_article(session: Session, article_id: UUID) -> Snapshot | None:
    """The original bytes of the article's latest revision, while they are kept."""
    return await session.one(OF_ARTICLE, article_id)


class NewSnapshot(Struct, frozen=True):
    """A fetched page to keep."""

    ingestion_id: UUID
    url: str | None
    status: int | None
    headers: str
    media_type: str
    charset: str | None
    content_bytes: int
    content: bytes


class SnapshotId(Struct, frozen=True):
    """The id of a snapshot, and the time that it was kept."""

    id: UUID
    fetched_at: datetime


INSERT = Query(
    SnapshotId,
    """
    insert into snapshot (ingestion_id, url, status, headers, media_type, charset,
      content_bytes, content)
    values ($1, $2, $3, $4::text::json, $5, $6, $7, $8) returning id, fetched_at
    """,
)


async def insert(session: Session, snapshot: NewSnapshot) -> SnapshotId:
    """The page's bytes are kept."""
    values = [getattr(snapshot, name) for name in snapshot.__struct_fields__]
    return await session.only(INSERT, *values)
