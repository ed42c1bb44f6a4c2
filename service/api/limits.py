"""Rate limit per client, exact across processes, and the headers that state it.

A process leases up to one hundredth of the quota at a time, so that most requests need no Redis. A
request that finds its lease spent or void does not wait for the next one while much is left.
Leased tokens are counted when leased and void once the bucket would have regained them, and the
bucket is smaller by what a lease may hold: a burst spends the quota and no more. When Redis is
unavailable, requests pass, with a warning and a metric: to refuse all would be worse.
Source of the headers: draft-ietf-httpapi-ratelimit-headers-10.
"""

from __future__ import annotations

import asyncio
import math
import time
from uuid import UUID

from msgspec import Struct

from service.api import metrics
from service.errors import RateLimited
from service.log import log
from service.quota import Buckets, Redis, Taken

WINDOW_S = 60
LEASE_PARTS = 100
LENT_PARTS = 8
"""A bucket with at least this many shares left lends one before Redis has answered."""
PAUSE_S = 1.0
CLIENTS_MAX = 10_000


class Quota(Struct, frozen=True):
    """What the headers say: requests ``left``, and seconds until all of ``limit`` is back."""

    limit: int
    left: int
    full_in_s: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """``RateLimit-Policy`` and ``RateLimit``."""
        policy = b'"default";q=%d;w=%d' % (self.limit, WINDOW_S)
        state = b'"default";r=%d;t=%d' % (self.left, self.full_in_s)
        return [(b"ratelimit-policy", policy), (b"ratelimit", state)]


class _Lease(Struct):
    """Tokens of one client in this process; void after ``until``, a spent one too. ``owed`` are
    those that were lent beyond it, to be paid from the next."""

    tokens: int
    left: int
    full_at: float
    until: float
    owed: int = 0


class Limiter:
    """Lets a client make ``per_minute`` requests a minute, in all processes together."""

    def __init__(self, redis: Redis, per_minute: int) -> None:
        self._limit = per_minute
        self._share = max(1, per_minute // LEASE_PARTS)
        self._buckets = Buckets(redis, per_minute - self._share + 1, WINDOW_S)
        self._lease_s = WINDOW_S * self._share / per_minute
        self._leases: dict[UUID, _Lease] = {}
        self._asking: dict[UUID, asyncio.Task[_Lease | None]] = {}
        self._open_until = 0.0

    async def spend(self, client_id: UUID) -> Quota | None:
        """One request is counted; None when nothing can be counted now.

        Raises ``RateLimited``, which says when to come back.
        """
        lease = self._spent(client_id)
        while lease is None:
            lease = await asyncio.shield(self._ask(client_id))
            if lease is None:
                return None
            if lease.tokens:
                lease.tokens -= 1
            else:
                lease = None
        full_in_s = max(0, math.ceil(lease.full_at - time.monotonic()))
        return Quota(self._limit, lease.left + lease.tokens - lease.owed, full_in_s)

    def _spent(self, client_id: UUID) -> _Lease | None:
        """The lease at hand, with a token fewer or one more owed; None where one must be waited
        for. At most a share is owed, and only of a bucket that held far more than that within the
        last window."""
        lease, now = self._leases.get(client_id), time.monotonic()
        if lease is None:
            return None
        if lease.tokens and lease.until >= now:
            lease.tokens -= 1
            return lease
        is_rich = lease.left >= LENT_PARTS * self._share and now < lease.until + WINDOW_S
        if not is_rich or lease.owed >= self._share:
            return None
        lease.tokens, lease.owed = 0, lease.owed + 1
        self._ask(client_id)
        return lease

    def _ask(self, client_id: UUID) -> asyncio.Task[_Lease | None]:
        """The next lease, asked for once. Requests that come meanwhile wait for it, if they must,
        and may spend it however late it comes: it was counted when they were there."""
        asking = self._asking.get(client_id)
        if asking is None:
            asking = self._asking[client_id] = asyncio.create_task(self._lease(client_id))
            asking.add_done_callback(_look)
        return asking

    async def _lease(self, client_id: UUID) -> _Lease | None:
        try:
            return await self._taken(client_id, time.monotonic())
        finally:  # here, not after: awaiting a task that is done does not yield
            del self._asking[client_id]

    async def _taken(self, client_id: UUID, now: float) -> _Lease | None:
        if now < self._open_until:
            return None
        old = self._leases.get(client_id)
        taken = await self._buckets.take(str(client_id), self._share + (old.owed if old else 0))
        if taken is None:
            self._open_until = now + PAUSE_S
            metrics.RATE_LIMIT_OPEN.inc()
            log.warning("rate limit open: Redis does not answer")
            return None
        self._leases.pop(client_id, None)
        if not taken.taken:
            raise _limited(self._limit, taken)
        if len(self._leases) >= CLIENTS_MAX:
            self._leases.clear()
        rest = taken.taken - (old.owed if old else 0)
        lease = _Lease(
            tokens=max(0, rest),
            left=taken.left,
            full_at=now + taken.full_in_s,
            until=now + self._lease_s,
            owed=max(0, -rest),
        )
        self._leases[client_id] = lease
        return lease


def _look(task: asyncio.Task[_Lease | None]) -> None:
    """A refusal that no request waits for is no error: the next request gets it."""
    if not task.cancelled():
        task.exception()


def _limited(limit: int, taken: Taken) -> RateLimited:
    quota = Quota(limit, 0, math.ceil(taken.full_in_s))
    headers = {name.decode(): value.decode() for name, value in quota.headers()}
    return RateLimited(
        f"the quota of {limit} requests a minute is used up",
        retry_after_s=max(taken.next_in_s, 0.001),
        headers=headers,
    )
