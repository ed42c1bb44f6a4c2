"""Feeds: what is polled, when, and which items were seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from service.db.session import Command, Query, Session


class FeedRow(Struct, frozen=True):
    """One feed of a client; ``options`` is JSON text."""

    id: UUID
    client_id: UUID
    url: str
    kind: str | None
    title: str | None
    site_url: str | None
    language: str | None
    options: str | None
    state: str
    interval_s: int
    failures: int
    error_code: str | None
    error_detail: str | None
    items_seen: int
    self_url: str | None
    hub_url: str | None
    due_at: datetime
    polled_at: datetime | None
    changed_at: datetime | None
    pushed_at: datetime | None
    created_at: datetime
    updated_at: datetime


_COLUMNS = """
    id, client_id, url, kind, title, site_url, language, options, state, interval_s, failures,
    error_code, error_detail, items_seen, self_url, hub_url, due_at, polled_at, changed_at,
    pushed_at, created_at, updated_at
"""

CREATE = Query(
    FeedRow,
    f"""
    insert into feed (client_id, url, identity_key, title, options)
    values ($1, $2, $3, $4, $5)
    on conflict (client_id, identity_key) where deleted_at is null do nothing
    returning {_COLUMNS}
    """,
)


async def create(
    session: Session,
    client_id: UUID,
    *,
    url: str,
    identity_key: str,
    title: str | None,
    options: str | None,
) -> FeedRow | None:
    """A new feed, due now; None when the client has it already."""
    return await session.one(CREATE, client_id, url, identity_key, title, options)


KNOWN = Query(
    FeedRow,
    f"""
    select {_COLUMNS} from feed
    where client_id = $1 and identity_key = $2 and deleted_at is null
    """,
)


async def known(session: Session, client_id: UUID, identity_key: str) -> FeedRow | None:
    """The client's feed at that address."""
    return await session.one(KNOWN, client_id, identity_key)


FIND = Query(
    FeedRow,
    f"select {_COLUMNS} from feed where id = $1 and client_id = $2 and deleted_at is null",
)


async def find(session: Session, client_id: UUID, feed_id: UUID) -> FeedRow | None:
    """The feed, when it is of ``client_id``."""
    return await session.one(FIND, feed_id, client_id)


LIST = Query(
    FeedRow,
    f"""
    select {_COLUMNS} from feed
    where client_id = $1 and deleted_at is null and ($2::uuid is null or id > $2)
      and ($3::text is null or state = $3)
    order by id limit $4
    """,
)


async def list_feeds(
    session: Session, client_id: UUID, after: UUID | None, state: str | None, limit: int
) -> list[FeedRow]:
    """The client's feeds in the order of their making, after the one with id ``after``."""
    return await session.all(LIST, client_id, after, state, limit)


UPDATE = Query(
    FeedRow,
    f"""
    update feed set title = coalesce($3, title), options = coalesce($4::json, options),
      state = case when $5::boolean then 'paused'
        when not $5 and state in ('paused', 'gone') then 'active' else state end,
      due_at = case when not $5 and state in ('paused', 'gone') then now() else due_at end,
      updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null
    returning {_COLUMNS}
    """,
)


async def update(
    session: Session,
    client_id: UUID,
    feed_id: UUID,
    *,
    title: str | None,
    options: str | None,
    paused: bool | None,
) -> FeedRow | None:
    """The given ones are set; ``paused`` false wakes a paused or gone feed."""
    return await session.one(UPDATE, feed_id, client_id, title, options, paused)


POLL_NOW = Command(
    """
    update feed set due_at = now(), updated_at = now()
    where id = $1 and client_id = $2 and deleted_at is null and state <> 'paused'
    """
)


async def poll_now(session: Session, client_id: UUID, feed_id: UUID) -> bool:
    """The feed is due at once."""
    return await session.run(POLL_NOW, feed_id, client_id) > 0


DELETE = Command(
    "update feed set deleted_at = now() where id = $1 and client_id = $2 and deleted_at is null"
)


async def delete(session: Session, client_id: UUID, feed_id: UUID) -> bool:
    """The feed is polled no more; its articles stay."""
    return await session.run(DELETE, feed_id, client_id) > 0


class Poll(Struct, frozen=True):
    """A feed that this worker may poll, until its lease ends."""

    id: UUID
    fence: int
    client_id: UUID
    url: str
    options: str | None
    state: str
    etag: str | None
    last_modified: str | None
    content_hash: bytes | None
    interval_s: int
    failures: int
    title: str | None
    is_pushed: bool


CLAIM = Query(
    Poll,
    """
    with due as (
      select id from feed
      where deleted_at is null and state in ('active', 'failing') and due_at <= now()
        and (lease_until is null or lease_until < now())
        and ($4::uuid[] is null or id = any($4))
      order by due_at limit $1 for update skip locked)
    update feed f set lease_until = now() + make_interval(secs => $3), fence = fence + 1,
      worker = $2
    from due where f.id = due.id
    returning f.id, f.fence, f.client_id, f.url, f.options, f.state, f.etag, f.last_modified,
      f.content_hash, f.interval_s, f.failures, f.title,
      exists (select from websub w where w.feed_id = f.id and w.state = 'active'
        and w.expires_at > now()) as is_pushed
    """,
)


async def claim(
    session: Session,
    limit: int,
    *,
    worker: str,
    lease_s: float,
    ids: Sequence[UUID] | None = None,
) -> list[Poll]:
    """Up to ``limit`` feeds that are due, of ``ids`` or of all, the longest overdue first."""
    return await session.all(CLAIM, limit, worker, lease_s, None if ids is None else list(ids))


class HeldPoll(Struct, frozen=True):
    """A feed whose lease runs on."""

    id: UUID


RENEW = Query(
    HeldPoll,
    """
    update feed f set lease_until = now() + make_interval(secs => $3)
    from unnest($1::uuid[], $2::bigint[]) as h (id, fence)
    where f.id = h.id and f.fence = h.fence and f.lease_until is not null
    returning f.id
    """,
)


async def renew(session: Session, held: Sequence[Poll], lease_s: float) -> set[UUID]:
    """The leases run on for ``lease_s`` from now; returns the ids that are still ours."""
    ids, fences = [one.id for one in held], [one.fence for one in held]
    return {row.id for row in await session.all(RENEW, ids, fences, lease_s)}


HOLD = Query(
    HeldPoll, "select id from feed where id = $1 and fence = $2 and deleted_at is null for update"
)


async def hold(session: Session, poll: Poll) -> bool:
    """Whether the poll counts: nobody has taken it over, and nobody can until the commit."""
    return await session.one(HOLD, poll.id, poll.fence) is not None


class Polled(Struct, frozen=True, kw_only=True):
    """What a poll that succeeded found out."""

    kind: str | None = None
    title: str | None = None
    site_url: str | None = None
    language: str | None = None
    self_url: str | None = None
    hub_url: str | None = None
    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    content_hash: bytes | None = None
    changed: bool = False


SUCCEED = Command(
    """
    update feed set lease_until = null, failures = 0, error_code = null, error_detail = null,
      state = 'active', polled_at = now(), interval_s = $3::integer,
      due_at = now() + make_interval(secs => $3::integer),
      kind = coalesce($4, kind), title = coalesce(title, $5), site_url = coalesce($6, site_url),
      language = coalesce($7, language), self_url = coalesce($8, self_url),
      hub_url = coalesce($9, hub_url), url = coalesce($10, url), etag = $11,
      last_modified = $12, content_hash = coalesce($13, content_hash),
      changed_at = case when $14 then now() else changed_at end, updated_at = now()
    where id = $1 and fence = $2
    """
)


async def succeed(session: Session, poll: Poll, polled: Polled, wait_s: int) -> bool:
    """The poll is done and the next one due in ``wait_s``; False when the lease was lost."""
    one = polled
    touched = await session.run(
        SUCCEED, poll.id, poll.fence, wait_s, one.kind, one.title, one.site_url, one.language,
        one.self_url, one.hub_url, one.url, one.etag, one.last_modified, one.content_hash,
        one.changed,
    )  # fmt: skip
    return touched > 0


FAIL = Command(
    """
    update feed set lease_until = null, failures = failures + 1, error_code = $4,
      error_detail = $5, polled_at = now(), due_at = now() + make_interval(secs => $3),
      state = $6, updated_at = now()
    where id = $1 and fence = $2
    """
)


async def fail(
    session: Session, poll: Poll, *, wait_s: float, code: str, detail: str, state: str
) -> bool:
    """The poll failed; the next one is due in ``wait_s``. False when the lease was lost."""
    return await session.run(FAIL, poll.id, poll.fence, wait_s, code, detail, state) > 0


DEFER = Command(
    """
    update feed set lease_until = null, due_at = now() + make_interval(secs => $3)
    where id = $1 and fence = $2
    """
)


async def defer(session: Session, poll: Poll, wait_s: float) -> bool:
    """The poll is put off, as when the host is busy; nothing else changes."""
    return await session.run(DEFER, poll.id, poll.fence, wait_s) > 0


class Seen(Struct, frozen=True):
    """An item that is new, or says something else than before."""

    item_hash: bytes


SEE = Query(
    Seen,
    """
    insert into feed_item (feed_id, item_hash, content_hash, url)
    select $1, i.item_hash, i.content_hash, i.url
    from unnest($2::bytea[], $3::bytea[], $4::text[]) as i (item_hash, content_hash, url)
    order by i.item_hash -- a push and a poll lock their items in one order
    on conflict (feed_id, item_hash) do update
      set content_hash = excluded.content_hash, url = excluded.url, seen_at = now()
      where feed_item.content_hash is distinct from excluded.content_hash
    returning item_hash
    """,
)


async def see(
    session: Session,
    feed_id: UUID,
    items: Sequence[tuple[bytes, bytes, str | None]],
) -> set[bytes]:
    """Of ``items`` (hash of identity, hash of content, URL), those that are new or changed."""
    columns = [list(column) for column in zip(*items, strict=True)] or [[], [], []]
    return {row.item_hash for row in await session.all(SEE, feed_id, *columns)}


COUNT_ITEMS = Command(
    """
    update feed set items_seen = (select count(*) from feed_item where feed_id = $1)
    where id = $1
    """
)


async def count_items(session: Session, feed_id: UUID) -> None:
    """The feed's ``items_seen`` is right."""
    await session.run(COUNT_ITEMS, feed_id)


FORGET = Command(
    """
    delete from feed_item where (feed_id, item_hash) in (
      select feed_id, item_hash from feed_item
      where feed_id = $1 order by seen_at desc offset $2 limit 10000)
    """
)


async def forget(session: Session, feed_id: UUID, keep: int) -> int:
    """Only the ``keep`` items seen last are remembered; how many were forgotten."""
    return await session.run(FORGET, feed_id, keep)
