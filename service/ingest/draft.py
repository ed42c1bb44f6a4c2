"""An article about to be stored: what is computed before the transaction, and its rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from service import document, likeness
from service.article import Article, content_hash
from service.db.claims import Claim
from service.db.facets import of_feeds
from service.db.stores import Stored
from service.document import plain
from service.ingest.acquire import Acquired, identity_of
from service.runtime import Runtime
from service.terms import Searchable, searchable

FUTURE_MAX = timedelta(days=1)


class Draft(Struct, frozen=True, kw_only=True):
    """An article without its place; ``keys`` in order of precedence, never empty.

    ``feed_ids`` has the feed that brings it, if one does; ``known_text`` is the hash of a text long
    enough to know the article by.
    """

    claim: Claim
    acquired: Acquired
    article: Article
    keys: list[str]
    site_id: int | None
    feed_ids: list[UUID]
    facet_ids: list[int]
    content_hash: bytes
    text_hash: bytes
    known_text: bytes | None
    texts: Searchable
    signature: bytes | None
    bands: list[int]

    @property
    def names(self) -> list[str]:
        """Names of all by which another ingestion could find the same article."""
        text = [f"text:{self.site_id}:{self.text_hash.hex()}"] if self.known_text else []
        return self.keys + text

    @property
    def version(self) -> str:
        """The version of the extractor."""
        return self.article.extractor.version if self.article.extractor else ""

    @property
    def validators(self) -> tuple[str | None, str | None]:
        """ETag and Last-Modified of the fetch."""
        fetched = self.acquired.fetched
        return (fetched.etag or None, fetched.last_modified or None) if fetched else (None, None)


class Place(Struct, frozen=True, kw_only=True):
    """Where an article is stored: its id, revision, times, and what callers gave it."""

    id: UUID
    revision: int
    created_at: datetime
    updated_at: datetime
    tags: list[str] = []
    metadata: str = "{}"
    cluster_id: UUID | None = None
    feed_ids: list[UUID] = []


async def draft(runtime: Runtime, claim: Claim, acquired: Acquired, article: Article) -> Draft:
    """``article``, ready to be stored; its site and facets are known to Postgres."""
    text_hash, signature = document.text_hash(article), likeness.signature(article)
    urls = dict.fromkeys((article.canonical_url, article.url, claim.requested_url))
    keys = [key for url in urls if (key := identity_of(url))]
    site, site_id = article.site, None
    if site.domain:
        site_id = await runtime.sites.number(site.domain, site.name, site.icon)
    feed_ids = [] if claim.feed_id is None else [claim.feed_id]
    named = document.facets(article) + of_feeds(feed_ids)
    return Draft(
        claim=claim,
        acquired=acquired,
        article=article,
        keys=list(dict.fromkeys(keys)) or [f"text:{text_hash.hex()}"],
        site_id=site_id,
        feed_ids=feed_ids,
        facet_ids=await runtime.facets.numbers(named),
        content_hash=bytes.fromhex(content_hash(article)),
        text_hash=text_hash,
        known_text=text_hash if article.word_count >= document.TEXT_WORDS_MIN else None,
        texts=searchable(article),
        signature=signature,
        bands=likeness.bands(signature) if signature else [],
    )


def placed(draft: Draft, place: Place) -> Article:
    """The article as it is served from ``place``."""
    return replace(
        draft.article,
        id=place.id,
        revision=place.revision,
        requested_url=draft.claim.requested_url,
        content_hash=draft.content_hash.hex(),
        tags=place.tags,
        metadata=msgspec.json.decode(place.metadata),
        cluster_id=place.cluster_id,
        fetched_at=draft.acquired.fetched_at or place.updated_at,
        created_at=place.created_at,
        updated_at=place.updated_at,
    )


def stored(draft: Draft, place: Place, snapshot_id: UUID | None, reason: str) -> Stored:
    """The rows of the article at ``place``."""
    article = placed(draft, place)
    doc = document.pack(article)
    etag, modified = draft.validators
    return Stored(
        id=place.id,
        url=plain(article.url),
        canonical_url=plain(article.canonical_url),
        site_id=draft.site_id,
        page_kind=article.page_kind,
        language=plain(article.language.code) if article.language else None,
        headline=plain(article.headline),
        section=plain(article.section),
        published_at=article.published_at,
        modified_at=article.modified_at,
        sort_at=sort_at(article.published_at, place.created_at),
        word_count=article.word_count,
        has=document.flags(article),
        is_free=article.is_free,
        paywall=article.paywall,
        tags=place.tags,
        metadata=place.metadata,
        feed_ids=place.feed_ids,
        revision=place.revision,
        content_hash=draft.content_hash,
        text_hash=draft.text_hash,
        snapshot_id=snapshot_id,
        extractor_version=draft.version,
        origin_etag=plain(etag),
        origin_modified=plain(modified),
        card=document.card(article),
        fetched_at=draft.acquired.fetched_at or place.updated_at,
        etag=doc.etag,
        body=doc.body,
        ingestion_id=draft.claim.id,
        facet_ids=draft.facet_ids,
        keys=draft.keys,
        reason=reason,
        cluster_id=place.cluster_id or place.id,
        bands=draft.bands,
        signature=draft.signature,
    )


def sort_at(published_at: datetime | None, created_at: datetime) -> datetime:
    """The place of an article in time; a date in the future would keep it on top for ever."""
    if published_at is None or published_at > created_at + FUTURE_MAX:
        return created_at
    return published_at
