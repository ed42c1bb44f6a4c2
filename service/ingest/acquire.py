"""The page of an ingestion: fetched now, or as it was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from service.address import identity_key
from service.db import identity, site_rules
from service.db.claims import Claim
from service.db.snapshots import NewSnapshot, Snapshot
from service.errors import FetchError, Gone, InvalidRequest
from service.extract import Page
from service.extract.rules import read_rule
from service.fetch.client import Fetched, Request
from service.ingest.kept import page_kept
from service.ingest.rules import domains_of, rule_of, ruled, with_parts
from service.ingest.variant import variant_of
from service.packed import pack_tight
from service.runtime import Runtime

MEDIA_TYPES = {"html": "text/html", "text": "text/plain"}


class Acquired(Struct, kw_only=True):
    """A page and where its bytes are kept: ``snapshot_id``, or ``fetched`` when not yet.

    ``page`` is null when the origin answers 304.
    """

    page: Page | None = None
    snapshot_id: UUID | None = None
    fetched_at: datetime | None = None
    fetched: Fetched | None = None


class Options(Struct, frozen=True):
    """What an ingestion may ask for; unknown names are the API's to refuse.

    ``is_forced``: fetch and extract even when the origin says that nothing changed.
    ``ignores_robots``: fetch what robots.txt forbids, as the site's owner may.
    """

    is_forced: bool = False
    ignores_robots: bool = False


_options = msgspec.json.Decoder(Options)


async def acquire(runtime: Runtime, claim: Claim) -> Acquired:
    """The page of ``claim``: fetched, or as it was sent if it is not or cannot be fetched.

    Raises ``FetchError``, or ``Gone`` when its snapshot is pruned.
    """
    if claim.kind != "url":
        return await kept(runtime, claim)
    try:
        return await _fetch(runtime, claim)
    except FetchError as error:
        may_retry = error.retryable and claim.attempt < claim.attempts_max
        if may_retry or not has_fallback(claim):
            raise
        return await kept(runtime, claim)


def has_fallback(claim: Claim) -> bool:
    """Whether an address came with content to use if it cannot be fetched, as from feeds."""
    return claim.kind == "url" and claim.snapshot_id is not None


async def kept(runtime: Runtime, claim: Claim) -> Acquired:
    """The page as it was sent. Raises ``Gone`` when its snapshot is pruned."""
    snapshot, domains = None, domains_of(claim.requested_url or "")
    if claim.snapshot_id is not None:
        snapshot = await site_rules.kept(runtime.db, claim.snapshot_id, domains)
    if snapshot is None:
        raise Gone("the original bytes of this ingestion are no longer kept")
    page, rule = page_of(claim, snapshot), snapshot.rule
    if page.url and page.url != claim.requested_url and domains_of(page.url) != domains:
        # It was redirected to another host.
        rule = await rule_of(runtime, page.url)
    page = ruled(page, rule)
    return Acquired(page=page, snapshot_id=snapshot.id, fetched_at=snapshot.fetched_at)


async def varied(runtime: Runtime, claim: Claim, acquired: Acquired) -> Acquired | None:
    """The AMP variant of a fetched page, if it names one that can be fetched."""
    if acquired.fetched is None:
        return None
    options = _options.decode(claim.options or "{}")
    robots = not options.ignores_robots
    variant = await variant_of(runtime, acquired.fetched, robots=robots)
    if variant is None:
        return None
    return Acquired(page=fetched_page(claim.requested_url or "", variant), fetched=variant)


async def _fetch(runtime: Runtime, claim: Claim) -> Acquired:
    url = claim.requested_url or ""
    options = _options.decode(claim.options or "{}")
    known = None
    if claim.identity_key and not options.is_forced:
        known = await identity.validators(runtime.db, claim.identity_key)
    request = Request(url=url, robots=not options.ignores_robots)
    if known and known.url == url:
        validators = {"etag": known.etag or "", "last_modified": known.modified or ""}
        request = replace(request, **validators)
    rule = await rule_of(runtime, url)
    if rule is not None:
        request = replace(request, headers=dict(read_rule(rule.text).headers))
    fetched = await runtime.fetcher.fetch(request)
    if fetched.not_modified:
        return Acquired(fetched=fetched)
    page = ruled(fetched_page(url, fetched), rule)
    if page.rule:
        fetched = await with_parts(runtime, request, fetched, page)
        page = ruled(fetched_page(url, fetched), rule)
    return Acquired(page=page, fetched=fetched)


def fetched_page(requested_url: str, fetched: Fetched) -> Page:
    """What the extractor is given of a fetched page."""
    return Page(
        content=fetched.content,
        url=fetched.url,
        requested_url=requested_url,
        kind="text" if fetched.media_type == "text/plain" else "html",
        charset=fetched.charset or None,
        status=fetched.status,
        headers={name.lower(): value for name, value in fetched.headers},
        fetched=True,
    )


def page_of(claim: Claim, snapshot: Snapshot) -> Page:
    """What the extractor is given of kept bytes."""
    return replace(page_kept(snapshot), requested_url=claim.requested_url)


def snapshot_of(claim: Claim, fetched: Fetched) -> NewSnapshot:
    """The row that keeps a fetched page."""
    headers: dict[str, Any] = {
        name.lower(): value.replace("\0", "") for name, value in fetched.headers
    }
    return NewSnapshot(
        ingestion_id=claim.id,
        url=fetched.url,
        status=fetched.status,
        headers=msgspec.json.encode(headers).decode(),
        media_type=fetched.media_type,
        charset=fetched.charset or None,
        content_bytes=len(fetched.content),
        content=pack_tight(fetched.content),
    )


def identity_of(url: str | None) -> str | None:
    """The key under which the article at ``url`` is known; None for what is no web address."""
    if not url:
        return None
    try:
        return identity_key(url)
    except InvalidRequest:
        return None
