"""Polls: a feed that is due is claimed under a lease, and its poll settled under the fence."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from service.db import leases
from service.db.rows import RowId
from service.db.session import Command, Query, Session


class Poll(Struct, frozen=True):
    """A feed that this worker may poll, until its lease ends."""

    id: UUID
    fence: int
    client_id: UUID
    url: str
    kind: str | None
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
    returning f.id, f.fence, f.client_id, f.url, f.kind, f.options, f.state, f.etag,
      f.last_modified, f.content_hash, f.interval_s, f.failures, f.title,
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


RENEW = leases.renewal("feed")


async def renew(session: Session, held: Sequence[Poll], lease_s: float) -> set[UUID]:
    """The leases run on for ``lease_s`` from now; returns the ids that are still ours."""
    return await leases.renew(session, RENEW, held, lease_s)


HOLD = Query(
    RowId, "select id from feed where id = $1 and fence = $2 and deleted_at is null for update"
)


async def hold(session: Session, poll: Poll) -> bool:
    """Whether the poll is still ours; no other worker can take it until the commit."""
    return await session.one(HOLD, poll.id, poll.fence) is not None


class Polled(Struct, frozen=True, kw_only=True):
    """What a successful poll found."""

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
    """The poll is postponed, as when the host is busy; nothing else changes."""
    return await session.run(DEFER, poll.id, poll.fence, wait_s) > 0
