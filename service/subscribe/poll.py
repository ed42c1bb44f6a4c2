"""Polls feeds that are due: politely, conditionally, more often the more is published."""

from __future__ import annotations

import hashlib
import random
from uuid import UUID

from msgspec.structs import replace

from service.db import feed_items, polls
from service.db.ingestions import Accepted
from service.db.polls import Poll, Polled
from service.db.session import Transaction
from service.errors import (
    BroadsheetError,
    DatabaseUnavailable,
    FeedUnreadable,
    FetchError,
    HostBusy,
    OriginRefused,
    ParseError,
)
from service.feeds import Feed, Pace, next_poll_s
from service.feeds.links import announced
from service.feeds.schedule import FAILING_AFTER
from service.fetch.client import Fetched, Request
from service.ingest import hint
from service.log import log
from service.notify.record import record
from service.queue import Job
from service.runtime import Runtime
from service.subscribe.hub import subscribe
from service.subscribe.items import ITEMS_KEPT, options_of, take

INDEXED_MAX = 3
"""Sitemaps of an index that are read in one poll, the newest ones; one that cannot be
read costs only itself."""
NAMED_CHARS_MAX = 200
"""A longer address of a feed is left out of an error."""


async def poll(runtime: Runtime, claim: Poll) -> None:
    """The feed is polled: its items are queued and the next poll is scheduled."""
    try:
        fetched = await runtime.fetcher.fetch(
            Request(
                url=claim.url,
                purpose="feed",
                robots=False,  # a client has asked for this very address
                etag="" if _is_index(claim) else claim.etag or "",
                last_modified="" if _is_index(claim) else claim.last_modified or "",
            )
        )
        await _arrived(runtime, claim, fetched)
    except HostBusy as busy:
        await polls.defer(runtime.db, claim, busy.retry_after_s or 5.0)
    except (FetchError, ParseError) as error:
        await _failed(runtime, claim, error)
    except DatabaseUnavailable:
        raise
    except Exception as error:  # or it would be polled again at once, for ever
        log.error("poll broke", feed_id=claim.id, exc_info=error)
        ours = BroadsheetError(f"internal error: {type(error).__name__}")
        await _failed(runtime, claim, ours)


async def _arrived(runtime: Runtime, claim: Poll, fetched: Fetched) -> None:
    digest = hashlib.sha256(fetched.content).digest()
    if fetched.not_modified or (digest == claim.content_hash and not _is_index(claim)):
        known = _validators(fetched, None)
        etag, last_modified = known.etag or claim.etag, known.last_modified or claim.last_modified
        known = replace(known, etag=etag, last_modified=last_modified)
        await _succeeded(runtime, claim, None, known)
        return
    feed = announced(await _read(runtime, fetched), fetched.headers, fetched.url)
    await _succeeded(runtime, claim, feed, _validators(fetched, digest))


def _is_index(claim: Poll) -> bool:
    """Whether what is new stands below what is fetched, which may stay as it is for years."""
    return claim.kind == "sitemap_index"


def _validators(fetched: Fetched, digest: bytes | None) -> Polled:
    return Polled(
        etag=fetched.etag or None, last_modified=fetched.last_modified or None,
        content_hash=digest, url=_moved(fetched),
    )  # fmt: skip


def _moved(fetched: Fetched) -> str | None:
    """Where a feed has moved for good: only when every redirect says so."""
    statuses = {redirect.status for redirect in fetched.redirects}
    return fetched.url if statuses and statuses <= {301, 308} else None


async def _read(runtime: Runtime, fetched: Fetched) -> Feed:
    feed = await runtime.parsers.read_feed(fetched.content, fetched.url, fetched.media_type)
    if feed.kind == "page":
        raise FeedUnreadable(_no_feed(feed))
    if feed.kind != "sitemap_index":
        return feed
    items, fault = [], None
    for item in feed.items[:INDEXED_MAX]:
        try:
            below = await _sitemap(runtime, item.url or "")
        except (FetchError, ParseError) as error:
            fault = error
            continue
        items += below.items if below.kind == "sitemap" else []
    if fault is not None and not items:
        raise fault
    feed.items = items
    return feed


def _no_feed(page: Feed) -> str:
    """What to do where an address holds a web page, or has come to."""
    named = [found.url for found in page.candidates if len(found.url) <= NAMED_CHARS_MAX]
    if named:
        return f"this is a web page, not a feed; feeds that it names: {', '.join(named[:3])}"
    return "this is a web page that names no feed; POST /v1/feeds/discover looks further"


async def _sitemap(runtime: Runtime, url: str) -> Feed:
    request = Request(url=url, purpose="feed", robots=False)
    part = await runtime.fetcher.fetch_patiently(request)
    return await runtime.parsers.read_feed(part.content, part.url, part.media_type)


async def _succeeded(runtime: Runtime, claim: Poll, feed: Feed | None, polled: Polled) -> None:
    options = options_of(claim.options)
    async with runtime.db.transaction() as transaction:
        if not await polls.hold(transaction, claim):
            log.info("feed polled by another", feed_id=claim.id)
            return
        accepted: list[Accepted] = []
        if feed is not None:
            accepted = await take(
                transaction, runtime, feed,
                feed_id=claim.id, client_id=claim.client_id, options=options,
            )  # fmt: skip
            polled = _with_feed(polled, feed)
            await feed_items.forget(transaction, claim.id, ITEMS_KEPT)
            await feed_items.count_items(transaction, claim.id)
        polled = replace(polled, changed=bool(accepted))
        wait_s = next_poll_s(_pace(claim, feed, bool(accepted)), random.random())
        await polls.succeed(transaction, claim, polled, int(wait_s))
        deliveries = await _recovered(transaction, claim)
    if feed is not None:
        await _subscribe(runtime, claim, feed)
    hint(runtime, accepted)
    runtime.streams.send(Job("delivery", id) for id in deliveries)
    log.info("feed polled", feed_id=claim.id, items=len(accepted), next_s=int(wait_s))


def _with_feed(polled: Polled, feed: Feed) -> Polled:
    return replace(
        polled, kind=feed.kind, title=feed.title, site_url=feed.site_url, language=feed.language,
        self_url=feed.self_url, hub_url=feed.hub_urls[0] if feed.hub_urls else None,
    )  # fmt: skip


def _pace(claim: Poll, feed: Feed | None, changed: bool) -> Pace:
    return Pace(
        interval_s=claim.interval_s, changed=changed,
        ttl_s=feed.ttl_s if feed else None, pushed=claim.is_pushed,
    )  # fmt: skip


async def _recovered(transaction: Transaction, claim: Poll) -> list[UUID]:
    if claim.state != "failing":
        return []
    data = {"feed_id": claim.id, "url": claim.url}
    return await record(transaction, "feed.recovered", data, client_id=claim.client_id)


async def _subscribe(runtime: Runtime, claim: Poll, feed: Feed) -> None:
    if feed.hub_urls and runtime.settings.public_url:
        topic = feed.self_url or claim.url
        await subscribe(runtime, claim.id, hub_url=feed.hub_urls[0], topic_url=topic)


async def _failed(runtime: Runtime, claim: Poll, error: BroadsheetError) -> None:
    failures = claim.failures + 1
    gone = isinstance(error, OriginRefused) and error.http_status == 410
    state = "gone" if gone else "failing" if failures >= FAILING_AFTER else claim.state
    pace = Pace(failures=failures, retry_after_s=error.retry_after_s)
    wait_s = next_poll_s(pace, random.random())
    data = {"feed_id": claim.id, "url": claim.url, "code": error.code, "state": state}
    deliveries = []
    async with runtime.db.transaction() as transaction:
        is_ours = await polls.fail(
            transaction, claim, wait_s=wait_s, code=error.code, detail=error.detail, state=state
        )
        if is_ours and state != claim.state:
            deliveries = await record(transaction, "feed.failing", data, client_id=claim.client_id)
    runtime.streams.send(Job("delivery", id) for id in deliveries)
    log.warning("feed not polled", failures=failures, next_s=int(wait_s), **data)
