"""WebSub subscriptions: one a feed, known to its hub by an unguessable token."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session


class Subscription(Struct, frozen=True):
    """One subscription of one feed at one hub; ``secret`` is sealed.

    ``is_deleted``: the feed is polled no more, and nothing is wanted of the hub. ``is_paused``: its
    owner wants nothing for now.
    """

    id: UUID
    feed_id: UUID
    client_id: UUID
    token: str
    hub_url: str
    topic_url: str
    secret: bytes
    state: str
    expires_at: datetime | None
    is_current: bool
    failures: int
    error_detail: str | None
    received_at: datetime | None
    is_deleted: bool
    is_paused: bool


_COLUMNS = """
    w.id, w.feed_id, f.client_id, w.token, w.hub_url, w.topic_url, w.secret, w.state,
    w.expires_at, coalesce(w.expires_at > now(), false) as is_current, w.failures,
    w.error_detail, w.received_at, f.deleted_at is not null as is_deleted,
    f.state = 'paused' as is_paused
"""

PUT = Command(
    """
    insert into websub (feed_id, token, hub_url, topic_url, secret)
    values ($1, $2, $3, $4, $5)
    on conflict (feed_id) do update set hub_url = excluded.hub_url,
      topic_url = excluded.topic_url, state = 'pending', due_at = now(), failures = 0
      where websub.hub_url <> excluded.hub_url or websub.topic_url <> excluded.topic_url
    """
)


async def put(
    session: Session, feed_id: UUID, *, token: str, hub_url: str, topic_url: str, secret: bytes
) -> bool:
    """The feed is subscribed, or about to be, at that hub; True when something changed."""
    return await session.run(PUT, feed_id, token, hub_url, topic_url, secret) > 0


FIND = Query(
    Subscription,
    f"""
    select {_COLUMNS} from websub w join feed f on f.id = w.feed_id
    where w.token = $1
    """,
)


async def find(session: Session, token: str) -> Subscription | None:
    """The subscription that a hub calls by ``token``."""
    return await session.one(FIND, token)


OF_FEED = Query(
    Subscription,
    f"select {_COLUMNS} from websub w join feed f on f.id = w.feed_id where w.feed_id = $1",
)


async def of_feed(session: Session, feed_id: UUID) -> Subscription | None:
    """The feed's subscription."""
    return await session.one(OF_FEED, feed_id)


CLAIM = Query(
    Subscription,
    f"""
    with due as (
      select w.id from websub w join feed f on f.id = w.feed_id
      where w.due_at <= now() and case when f.deleted_at is null
        then f.state in ('active', 'failing') else w.expires_at > now() end
      order by w.due_at limit $1 for update of w skip locked)
    update websub w set due_at = now() + interval '5 minutes'
    from due, feed f where w.id = due.id and f.id = w.feed_id
    returning {_COLUMNS}
    """,
)


async def claim(session: Session, limit: int) -> list[Subscription]:
    """Subscriptions to ask for or renew, and those of deleted feeds to end before their lease does;
    each comes again in five minutes if nothing follows."""
    return await session.all(CLAIM, limit)


ASKED = Command(
    """
    update websub set failures = case when $2::text is null then failures else failures + 1 end,
      error_detail = $2,
      due_at = now() + make_interval(secs => case when $2::text is null then $3::double precision
        else least(86400, 300 * 2 ^ least(failures, 9)) end)
    where id = $1
    """
)


async def asked(session: Session, subscription_id: UUID, error: str | None, again_s: float) -> None:
    """The hub took the request, or why not; unless it verifies, we ask again ``again_s`` later, or
    five minutes after an error, twice as late each time."""
    await session.run(ASKED, subscription_id, error, again_s)


VERIFIED = Command(
    """
    update websub set state = 'active', failures = 0, error_detail = null,
      lease_s = $2::integer,
      expires_at = now() + make_interval(secs => $2),
      due_at = now() + make_interval(secs => greatest($2 * 0.7, 60))
    where id = $1
    """
)


async def verified(session: Session, subscription_id: UUID, lease_s: int) -> None:
    """The hub has verified our intent; renewal is due after 70 percent of the lease."""
    await session.run(VERIFIED, subscription_id, lease_s)


ENDED = Command(
    """
    update websub set state = 'expired', expires_at = null, error_detail = null, due_at = 'infinity'
    where id = $1
    """
)


async def ended(session: Session, subscription_id: UUID) -> None:
    """The hub has verified that we want no more; it is asked nothing again."""
    await session.run(ENDED, subscription_id)


DENIED = Command(
    """
    update websub set state = 'denied', error_detail = $2, expires_at = null,
      due_at = now() + interval '1 day'
    where id = $1
    """
)


async def denied(session: Session, subscription_id: UUID, reason: str) -> None:
    """The hub refused; we ask again in a day, and poll meanwhile."""
    await session.run(DENIED, subscription_id, reason)


RECEIVED = Command(
    """
    with got as (
      update websub set received_at = now() where id = $1 returning feed_id)
    update feed f set pushed_at = now() from got where f.id = got.feed_id
    """
)


async def received(session: Session, subscription_id: UUID) -> None:
    """The hub has pushed something just now."""
    await session.run(RECEIVED, subscription_id)
