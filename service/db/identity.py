"""Which article a page belongs to: found by its addresses, else by its text.

Two ingestions of one address meet at the lock: the second one finds what the first one stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session, Transaction


def locks(keys: Sequence[str]) -> list[int]:
    """Advisory locks that keep other transactions from storing an article under these keys."""
    digests = (hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8) for key in keys)
    return [int.from_bytes(digest.digest(), signed=True) for digest in digests]


class Moment(Struct, frozen=True):
    """The time of the transaction, and an id for an article that may be made in it."""

    at: datetime
    id: UUID


class Known(Struct, frozen=True):
    """The article that a page belongs to; ``by_key`` is false where only the text is the same."""

    id: UUID
    by_key: bool
    revision: int
    content_hash: bytes
    word_count: int
    snapshot_id: UUID | None
    tags: list[str]
    metadata: str
    cluster_id: UUID | None
    feed_ids: list[UUID]
    fetched_at: datetime
    created_at: datetime


class _Found(Known, frozen=True):
    """A ``Known``, whose ``id`` is null where there is none, and the ``Moment``."""

    at: datetime
    fresh_id: UUID


FIND = Query(
    _Found,
    """
    with known as (
      select a.id,
        exists (select from article_key k where k.article_id = a.id and k.key = any($1)) as by_key,
        a.revision, a.content_hash, a.word_count, a.snapshot_id, a.tags, a.metadata::text,
        a.cluster_id, a.feed_ids, a.fetched_at, a.created_at
      from article a
      where a.deleted_at is null and a.id = coalesce(
        (select k.article_id from unnest($1::text[]) with ordinality as wanted(key, rank)
          join article_key k on k.key = wanted.key order by wanted.rank limit 1),
        (select t.id from article t
          where t.site_id = $2 and t.text_hash = $3 and t.deleted_at is null
          order by t.id limit 1))
      for update of a)
    select known.*, now() as at, new_id() as fresh_id from (select) one left join known on true
    """,
)


async def find(
    transaction: Transaction, keys: Sequence[str], site_id: int | None, text_hash: bytes | None
) -> tuple[Moment, Known | None]:
    """The article known under the first of ``keys`` that is known, else the site's with this text.

    Its row is locked. The transaction holds the ``locks`` of ``keys``, or what is found may be
    stored by another one at this moment.
    """
    found = await transaction.only(FIND, list(keys), site_id, text_hash)
    return Moment(found.at, found.fresh_id), None if found.id is None else found


ADD_KEYS = Command(
    """
    insert into article_key (key, article_id)
    select distinct key, $2::uuid from unnest($1::text[]) key on conflict do nothing
    """
)


async def add_keys(transaction: Transaction, keys: Sequence[str], article_id: UUID) -> None:
    """The article is known under ``keys`` too; keys of other articles stay theirs."""
    await transaction.run(ADD_KEYS, list(keys), article_id)


class Seen(Struct, frozen=True):
    """A fetch that found the page of an article unchanged."""

    id: UUID
    fetched_at: datetime
    extractor_version: str
    origin_etag: str | None
    origin_modified: str | None


SEEN = Command(
    """
    update article set fetched_at = greatest(fetched_at, $2), extractor_version = $3,
      origin_etag = coalesce($4, origin_etag), origin_modified = coalesce($5, origin_modified)
    where id = $1
    """
)


async def seen(transaction: Transaction, seen: Seen) -> None:
    """The page was fetched, and its content had not changed."""
    await transaction.run(SEEN, *(getattr(seen, name) for name in seen.__struct_fields__))


TOUCH = Command("update article set fetched_at = greatest(fetched_at, $2) where id = $1")


async def touch(transaction: Transaction, article_id: UUID, at: datetime) -> None:
    """The origin answered 304."""
    await transaction.run(TOUCH, article_id, at)


class Validators(Struct, frozen=True):
    """What a conditional fetch of an article's page sends."""

    article_id: UUID
    revision: int
    url: str | None
    etag: str | None
    modified: str | None


VALIDATORS = Query(
    Validators,
    """
    select a.id as article_id, a.revision, a.url, a.origin_etag as etag,
      a.origin_modified as modified
    from article_key k join article a on a.id = k.article_id
    where k.key = $1 and a.deleted_at is null
    """,
)


async def validators(session: Session, key: str) -> Validators | None:
    """The article known under ``key``, and the validators of its last fetch."""
    return await session.one(VALIDATORS, key)
