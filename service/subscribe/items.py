"""Feed items -> submissions: once each, and again when their content changes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from service.db import feed_items, ingestions
from service.db.ingestions import Accepted
from service.db.session import Transaction
from service.feeds import Feed, FeedItem, page_of, text_page_of
from service.ingest import Submission, new_row
from service.runtime import Runtime

CONTENT_CHARS_MAX = 2_000_000
ITEMS_KEPT = 10_000
"""Items of one feed that are remembered; a feed holds at most 5,000 at a time."""

Mode = Literal["auto", "fetch", "content"]
BULK = 2


class Options(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How a feed's items become articles.

    ``mode`` fetch takes the page only, content the feed's text only; auto fetches the page and
    takes the feed's text where that fails. ``items_max`` bounds the first poll.
    """

    mode: Mode = "auto"
    items_max: int = 100
    callback_url: str | None = None


_options = msgspec.json.Decoder(Options)


def options_of(text: str | None) -> Options:
    """The stored options of a feed or source."""
    return _options.decode(text) if text else Options()


def submission_of(
    item: FeedItem,
    options: Options,
    *,
    site_name: str | None = None,
    feed_id: UUID | None = None,
    source_id: UUID | None = None,
    text: str | None = None,
    priority: int = 1,
) -> Submission | None:
    """The submission that an item makes; None when it has neither address nor content."""
    html = item.content_html or (item.summary_html if item.url is None else None)
    made = page_of(item, site_name=site_name) if html and len(html) <= CONTENT_CHARS_MAX else None
    content = made.encode("utf-8", "replace") if made else None
    kind = _kind(item, options, content, text)
    if kind is None:
        return None
    if kind == "text":
        stated = text_page_of(item, text or "", site_name=site_name)
        content = stated.encode("utf-8", "replace")
    elif kind == "url" and options.mode == "fetch":
        content = None
    return Submission(
        kind=kind,
        url=item.url,
        content=content,
        charset="utf-8" if content else None,
        callback_url=options.callback_url,
        priority=priority,
        feed_id=feed_id,
        source_id=source_id,
    )


def _kind(
    item: FeedItem, options: Options, content: bytes | None, text: str | None
) -> Literal["url", "html", "text"] | None:
    """``url`` where the page is to be fetched, else what the item brings itself."""
    if item.url and options.mode != "content" and text is None:
        return "url"
    if content:
        return "html"
    if text:
        return "text"
    return "url" if item.url else None


async def take(
    transaction: Transaction,
    runtime: Runtime,
    feed: Feed,
    *,
    feed_id: UUID,
    client_id: UUID,
    options: Options,
) -> list[Accepted]:
    """Ingestions of those items of ``feed`` that are new or changed, newest first in the queue."""
    items = {_identity(item): item for item in feed.items[: options.items_max]}
    known = [
        (key, hashlib.sha256(item.digest.encode()).digest(), item.url)
        for key, item in items.items()
    ]
    fresh = await feed_items.see(transaction, feed_id, known)
    submissions = [
        submission
        for key, item in items.items()
        if key in fresh
        and (submission := submission_of(
            item, options, site_name=feed.title, feed_id=feed_id, priority=BULK
        ))
    ]  # fmt: skip
    return await insert(transaction, runtime, client_id, submissions)


async def insert(
    transaction: Transaction, runtime: Runtime, client_id: UUID, submissions: Sequence[Submission]
) -> list[Accepted]:
    """The submissions are accepted when ``transaction`` commits."""
    attempts_max = runtime.settings.attempts_max
    rows = [new_row(client_id, submission, attempts_max) for submission in submissions]
    return await ingestions.insert(transaction, rows) if rows else []


def _identity(item: FeedItem) -> bytes:
    """A hash of the guid, else of the URL, else of the content."""
    name = item.guid or item.url or item.digest
    return hashlib.sha256(name.encode("utf-8", "replace")).digest()
