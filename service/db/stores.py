"""Writes an article: its row, document, revision, facets, likeness and change, at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from service.article import Article
from service.db.articles import Doc
from service.db.session import Command, Query, Transaction


class Stored(Struct, frozen=True, kw_only=True):
    """All that is written of one article; ``metadata`` is JSON text, hashes are bytes."""

    id: UUID
    url: str | None
    canonical_url: str | None
    site_id: int | None
    page_kind: str
    language: str | None
    headline: str | None
    section: str | None
    published_at: datetime | None
    modified_at: datetime | None
    sort_at: datetime
    word_count: int
    has: list[str]
    is_free: bool | None
    paywall: str
    tags: list[str]
    metadata: str
    feed_ids: list[UUID]
    revision: int
    content_hash: bytes
    text_hash: bytes
    snapshot_id: UUID | None
    extractor_version: str
    origin_etag: str | None
    origin_modified: str | None
    card: bytes
    fetched_at: datetime
    etag: str
    body: bytes
    ingestion_id: UUID | None
    facet_ids: list[int]
    keys: list[str]
    reason: str
    cluster_id: UUID
    bands: list[int]
    signature: bytes | None


STORE = Command(
    """
    with put as (
      insert into article (id, url, canonical_url, site_id, page_kind, language, headline, section,
        published_at, modified_at, sort_at, word_count, has, is_free, paywall, tags, metadata,
        feed_ids, revision, content_hash, text_hash, snapshot_id, extractor_version, origin_etag,
        origin_modified, card, fetched_at, cluster_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
        $17::text::json, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $34)
      on conflict (id) do update set
        url = excluded.url, canonical_url = excluded.canonical_url, site_id = excluded.site_id,
        page_kind = excluded.page_kind, language = excluded.language,
        headline = excluded.headline, section = excluded.section,
        published_at = excluded.published_at, modified_at = excluded.modified_at,
        sort_at = excluded.sort_at, word_count = excluded.word_count, has = excluded.has,
        is_free = excluded.is_free, paywall = excluded.paywall, tags = excluded.tags,
        metadata = excluded.metadata, feed_ids = excluded.feed_ids, revision = excluded.revision,
        content_hash = excluded.content_hash, text_hash = excluded.text_hash,
        snapshot_id = excluded.snapshot_id, extractor_version = excluded.extractor_version,
        origin_etag = excluded.origin_etag, origin_modified = excluded.origin_modified,
        card = excluded.card, fetched_at = excluded.fetched_at,
        cluster_id = excluded.cluster_id, updated_at = now()
    ), doc as (
      insert into article_doc (id, etag, body) values ($1, $28, $29)
      on conflict (id) do update set
        etag = excluded.etag, body = excluded.body, updated_at = now()
    ), revised as (
      insert into revision (article_id, number, content_hash, snapshot_id, ingestion_id,
        extractor_version, body)
      values ($1, $19, $20, $22, $30, $23, $29)
      on conflict do nothing
    ), unlisted as (
      delete from article_facet
      where article_id = $1 and not (facet_id = any($31::integer[]) and sort_at = $11)
    ), listed as (
      insert into article_facet (facet_id, sort_at, article_id, mask)
      select facet_id, $11, $1, mask from unnest($31::integer[]) facet_id, (
        select bit_or(set_mask(id)) as mask from unnest($31::integer[] || -coalesce($4, 0)) id) m
      on conflict do nothing
    ), known as (
      insert into article_key (key, article_id)
      select distinct key, $1 from unnest($32::text[]) key on conflict do nothing
    ), alike as (
      insert into article_likeness (id, sort_at, bands, signature)
      select $1, $11, $35, $36 where $36::bytea is not null
      on conflict (id) do update set sort_at = excluded.sort_at, bands = excluded.bands,
        signature = excluded.signature
    )
    insert into change (op, article_id, reason, revision) values ('upsert', $1, $33, $19)
    """
)


async def store(transaction: Transaction, stored: Stored) -> None:
    """The article is as ``stored`` says; a revision that exists already stays as it is."""
    values = [getattr(stored, name) for name in stored.__struct_fields__]
    await transaction.run(STORE, *values)


ANNOTATE = Query(
    Doc,
    """
    with put as (
      update article set tags = $2, metadata = $3::text::json, card = $4, updated_at = now()
      where id = $1 returning sort_at
    ), unlisted as (
      delete from article_facet where article_id = $1 and not (facet_id = any($7::integer[]))
    ), listed as (
      insert into article_facet (facet_id, sort_at, article_id)
      select facet_id, put.sort_at, $1 from put, unnest($7::integer[]) facet_id
      on conflict do nothing
    ), found as (
      update article_search set facets = $7 where id = $1
    ), changed as (
      insert into change (op, article_id, reason, revision) values ('upsert', $1, 'annotated', $8)
    )
    update article_doc set etag = $5, body = $6, updated_at = now() where id = $1
    returning id, etag, body, updated_at
    """,
)


async def annotate(
    transaction: Transaction,
    article: Article,
    *,
    card: bytes,
    etag: str,
    body: bytes,
    facet_ids: Sequence[int],
) -> Doc:
    """The article has its tags and metadata, with document and card to match."""
    metadata = msgspec.json.encode(article.metadata).decode()
    values = (article.tags, metadata, card, etag, body, list(facet_ids), article.revision)
    return await transaction.only(ANNOTATE, article.id, *values)


JOIN_FEED = Command(
    """
    update article set feed_ids = feed_ids || $2::uuid
    where id = $1 and deleted_at is null and $2::uuid <> all(feed_ids)
    """
)


async def join_feed(transaction: Transaction, article_id: UUID, feed_id: UUID) -> bool:
    """The feed is one of the article's; False if it was, or there is no such article."""
    return await transaction.run(JOIN_FEED, article_id, feed_id) > 0


ADD_FACET = Command(
    """
    with listed as (
      insert into article_facet (facet_id, sort_at, article_id)
      select $2, sort_at, id from article where id = $1 on conflict do nothing)
    update article_search set facets = array_append(facets, $2) where id = $1
    """
)


async def add_facet(transaction: Transaction, article_id: UUID, number: int) -> None:
    """The article has one more facet. (A trigger puts it into the masks.)"""
    await transaction.run(ADD_FACET, article_id, number)


class Gone(Struct, frozen=True):
    """A deleted article."""

    id: UUID
    url: str | None


DELETE = Query(
    Gone,
    """
    with gone as (
      update article set deleted_at = now(), updated_at = now(), card = '', headline = null,
        snapshot_id = null, metadata = '{}', tags = '{}'
      where id = $1 and deleted_at is null
      returning id, url
    ), doc as (delete from article_doc where id in (select id from gone)),
    found as (delete from article_search where id in (select id from gone)),
    alike as (delete from article_likeness where id in (select id from gone)),
    listed as (delete from article_facet where article_id in (select id from gone)),
    known as (delete from article_key where article_id in (select id from gone)),
    revised as (delete from revision where article_id in (select id from gone)
      returning snapshot_id),
    kept as (delete from snapshot where id in (select snapshot_id from revised)),
    changed as (
      insert into change (op, article_id, reason) select 'delete', id, 'deleted' from gone)
    select id, url from gone
    """,
)


async def delete(transaction: Transaction, article_id: UUID) -> Gone | None:
    """All that the article said is gone, its addresses are free again, and a tombstone stays."""
    return await transaction.one(DELETE, article_id)
