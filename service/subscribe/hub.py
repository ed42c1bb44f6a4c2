"""WebSub (W3C Recommendation, 2018) as a subscriber: subscribe, verify, receive, renew, end.

A hub knows us by an address that nobody can guess and by a secret that signs what it sends.
Polling goes on, slower, so that a lost push loses nothing. Needs ``BROADSHEET_PUBLIC_URL``.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from service.db import feeds, websub
from service.db.websub import Subscription
from service.errors import FetchError, Gone, NotFound, SecretUnreadable
from service.fetch.client import Posted
from service.fetch.url import join, parse
from service.ingest import hint
from service.log import log
from service.runtime import Runtime
from service.signing import verify_websub
from service.subscribe.items import options_of, take

LEASE_S = 864_000
"""Ten days, as the specification suggests; the hub decides."""
LEASE_S_MIN, LEASE_S_MAX = 1, 90 * 86_400
ASKED_AGAIN_S, ENDED_AGAIN_S = 300.0, 86_400.0
"""How long after a hub accepted a request without verifying it, it is asked again."""
REDIRECTS_MAX = 3
TIMEOUT_S = 15.0


async def subscribe(runtime: Runtime, feed_id: UUID, *, hub_url: str, topic_url: str) -> None:
    """The feed will be subscribed at its hub, by ``ask_ready``."""
    secret = secrets.token_urlsafe(32)
    await websub.put(
        runtime.db, feed_id, token=secrets.token_urlsafe(32), hub_url=hub_url,
        topic_url=topic_url, secret=runtime.seal.close(secret),
    )  # fmt: skip


async def ask_ready(runtime: Runtime, limit: int) -> int:
    """Hubs are asked for subscriptions that are new or about to expire, and to end those of deleted
    feeds; returns how many."""
    if not runtime.settings.public_url:
        return 0
    due = await websub.claim(runtime.db, limit)
    await asyncio.gather(*(_ask(runtime, one) for one in due))
    return len(due)


async def _ask(runtime: Runtime, one: Subscription) -> None:
    error: str | None = None
    try:
        form = urlencode(_form(runtime, one)).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        posted = await _post(runtime, one.hub_url, form, headers)
        if not 200 <= posted.status < 300:
            error = f"the hub answered {posted.status}"
    except (FetchError, SecretUnreadable) as fault:
        error = f"{fault.code}: {fault.detail}"
    again_s = ENDED_AGAIN_S if one.is_deleted else ASKED_AGAIN_S
    await websub.asked(runtime.db, one.id, error, again_s)
    log.info(
        "websub asked", feed_id=one.feed_id, is_deleted=one.is_deleted, hub=one.hub_url,
        error=error,
    )  # fmt: skip


def _form(runtime: Runtime, one: Subscription) -> dict[str, str]:
    """The request to a hub (section 5.1): to subscribe, or to unsubscribe."""
    form = {
        "hub.callback": f"{runtime.settings.public_url.rstrip('/')}/v1/websub/{one.token}",
        "hub.mode": "unsubscribe" if one.is_deleted else "subscribe",
        "hub.topic": one.topic_url,
    }
    if not one.is_deleted:
        form["hub.lease_seconds"] = str(LEASE_S)
        form["hub.secret"] = runtime.seal.open(one.secret)
    return form


async def _post(runtime: Runtime, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
    """The hub's answer, after redirects that keep what is posted (section 5.1: 307 and 308)."""
    posted = await runtime.fetcher.post(url, body, headers, TIMEOUT_S)
    for _ in range(REDIRECTS_MAX):
        location = next((value for name, value in posted.headers if name.lower() == "location"), "")
        if posted.status not in {307, 308} or not location:
            break
        url = join(parse(url), location).href
        posted = await runtime.fetcher.post(url, body, headers, TIMEOUT_S)
    return posted


async def verify_intent(runtime: Runtime, token: str, asked: Mapping[str, str]) -> str:
    """What to answer a hub that asks with ``hub.*`` parameters: its challenge, if we agree.

    We want the subscription of a feed while there is the feed, and its end after that. A denial is
    noted, and polling goes on alone. Raises ``NotFound`` for what we do not want.
    """
    one = await _known(runtime, token)
    mode, challenge = asked.get("hub.mode"), asked.get("hub.challenge", "")
    if asked.get("hub.topic") != one.topic_url:
        raise NotFound("no such subscription is wanted")
    if mode == "unsubscribe" and challenge and one.is_deleted:
        await websub.ended(runtime.db, one.id)
        return challenge
    if mode == "denied" and not one.is_deleted:
        await websub.denied(runtime.db, one.id, asked.get("hub.reason", "")[:1000])
        return ""
    if mode != "subscribe" or not challenge or one.is_deleted:
        raise NotFound("no such subscription is wanted")
    await websub.verified(runtime.db, one.id, _lease_s(asked.get("hub.lease_seconds", "")))
    return challenge


def _lease_s(digits: str) -> int:
    given = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else LEASE_S
    return min(max(given, LEASE_S_MIN), LEASE_S_MAX)


async def receive(
    runtime: Runtime, token: str, signature: str | None, body: bytes, media_type: str
) -> int:
    """What the hub pushed is in the queue; how many items.

    Raises ``NotFound``, and ``Gone`` for a feed that was deleted: the hub may end it (section 7).

    A push with a wrong signature is ignored: the hub gets the answer of a right one (section 8 of
    the specification), and the feed is polled soon, so that nothing is lost to a stale secret. A
    push for a paused feed is ignored too: the feed is polled when it resumes.
    """
    one = await _known(runtime, token)
    if one.is_deleted:
        raise Gone("no such subscription is wanted any more")
    secret = runtime.seal.open(one.secret)
    if not verify_websub(secret, signature, body):
        log.warning("websub signature does not fit", feed_id=str(one.feed_id))
        await feeds.poll_now(runtime.db, one.client_id, one.feed_id)
        return 0
    if one.is_paused:
        return 0
    row = await feeds.find(runtime.db, one.client_id, one.feed_id)
    if row is None:
        raise NotFound("no such subscription is wanted")
    feed = await runtime.parsers.read_feed(body, one.topic_url, media_type)
    async with runtime.db.transaction() as transaction:
        accepted = await take(
            transaction, runtime, feed,
            feed_id=one.feed_id, client_id=one.client_id, options=options_of(row.options),
        )  # fmt: skip
        await websub.received(transaction, one.id)
    hint(runtime, accepted)
    return len(accepted)


async def _known(runtime: Runtime, token: str) -> Subscription:
    one = await websub.find(runtime.db, token)
    if one is None:
        raise NotFound("no such subscription is wanted")
    return one
