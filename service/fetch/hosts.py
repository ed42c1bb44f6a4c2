"""Politeness: how many at once a host is asked, how often, and when it is left alone.

The state of a host lives in Redis, so that all workers count together; without Redis each
process keeps the same rules by itself and says so. Leases expire, so a worker that dies frees
its place. A host that cannot be visited now is refused at once (``HostBusy``) with a time to come
back at; the times are handed out one after another, so that a backlog for one host comes back
spread out and delays no other host.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from service.errors import (
    BodyTruncated,
    ConnectFailed,
    DnsFailed,
    FetchError,
    FetchTimeout,
    HostBusy,
    OriginFailed,
    TlsFailed,
)
from service.fetch.host_book import Book, Leaving, LocalBook, Outcome, Refusal, Rules
from service.fetch.host_redis import RedisBook
from service.log import log

REDIS_S = 1.0
REDIS_RETRY_S = 5.0
PAUSE_S = 10.0
PAUSE_S_MAX = 3_600.0
DELAY_S_MAX = 60.0
DOWN = (DnsFailed, ConnectFailed, TlsFailed, FetchTimeout, OriginFailed, BodyTruncated)

ALONE = Counter(
    "broadsheet_hosts_without_redis", "Visits that this process counted by itself, without Redis."
)
REFUSED = Counter("broadsheet_hosts_refused", "Visits put off.", ["reason"])


class HostReport(Struct, frozen=True):
    """How a host stands now; seconds from now, 0 where nothing is pending."""

    failures: int
    is_open: bool
    opens_after_s: float
    next_visit_after_s: float
    crawl_delay_s: float
    in_flight: int


class Visit:
    """One visit to a host; ``delay_s`` is what its robots.txt asks for, once that is read."""

    def __init__(self, authority: str, token: str, book: Book) -> None:
        self.authority, self.token, self.book = authority, token, book
        self.delay_s: float | None = None
        self.pause_s = 0.0
        self.outcome: Outcome = "unknown"
        self._started = time.monotonic()

    @property
    def leaving(self) -> Leaving:
        delay_s = self.delay_s
        return Leaving(
            outcome=self.outcome,
            visit_ms=int((time.monotonic() - self._started) * 1_000),
            delay_ms=None if delay_s is None else int(min(delay_s, DELAY_S_MAX) * 1_000),
            pause_ms=int(self.pause_s * 1_000),
        )

    def learn(self, error: FetchError) -> None:
        """An error of the host counts against it; one of the page shows that the host is well."""
        if isinstance(error, DOWN) and error.stage != "robots":
            self.outcome = "failed"
        elif error.stage in {"headers", "body", "decode"}:
            self.outcome = "answered"
        is_asked = error.http_status in {429, 503}
        pause_s = error.retry_after_s or (PAUSE_S if is_asked else 0.0)
        self.pause_s = min(pause_s, PAUSE_S_MAX)


class Hosts:
    """The hosts' places. ``redis`` None means that this process is alone."""

    def __init__(
        self, redis: Redis | None, rules: Rules | None = None, wait_s: float = 1.0
    ) -> None:
        rules = rules or Rules()
        self._wait_s = wait_s
        self._local = LocalBook(rules)
        self._shared = RedisBook(redis, rules) if redis is not None else None
        self._alone_until = 0.0

    @asynccontextmanager
    async def visit(self, authority: str) -> AsyncIterator[Visit]:
        """A place at the host while the block runs; raises ``HostBusy`` after at most a second."""
        visit = await self._enter(authority)
        try:
            yield visit
            visit.outcome = "answered"
        except FetchError as error:
            visit.learn(error)
            raise
        finally:
            await self._leave(visit)

    async def report(self, authority: str) -> HostReport:
        """How the host stands now, by Redis or by what this process knows."""
        book = self._book()
        try:
            async with asyncio.timeout(REDIS_S):
                state, now = await book.read(authority)
        except (RedisError, OSError) as error:
            self._be_alone(error)
            state, now = await self._local.read(authority)
        return HostReport(
            failures=state.failures,
            is_open=state.open_until > now,
            opens_after_s=max(state.open_until - now, 0) / 1_000,
            next_visit_after_s=max(state.next_at - now, 0) / 1_000,
            crawl_delay_s=state.delay_ms / 1_000,
            in_flight=sum(until >= now for until in state.leases.values()),
        )

    async def _enter(self, authority: str) -> Visit:
        """Short waits are waited for here; a longer one is given back to the caller."""
        token, patience_s = uuid.uuid4().hex, self._wait_s
        while True:
            book, refusal = await self._ask(authority, token)
            if refusal is None:
                return Visit(authority, token, book)
            wait_s = refusal.wait_ms / 1_000
            if refusal.reason == "open" or wait_s > patience_s:
                REFUSED.labels(refusal.reason).inc()
                raise _busy(wait_s, refusal)
            await asyncio.sleep(wait_s)
            patience_s -= wait_s

    async def _ask(self, authority: str, token: str) -> tuple[Book, Refusal | None]:
        book = self._book()
        try:
            async with asyncio.timeout(REDIS_S):
                return book, await book.enter(authority, token)
        except (RedisError, OSError) as error:
            self._be_alone(error)
        ALONE.inc()
        return self._local, await self._local.enter(authority, token)

    async def _leave(self, visit: Visit) -> None:
        try:
            async with asyncio.timeout(REDIS_S):
                await visit.book.leave(visit.authority, visit.token, visit.leaving)
        except (RedisError, OSError) as error:  # the lease in Redis ends by itself
            self._be_alone(error)

    def _book(self) -> Book:
        if self._shared is None or time.monotonic() < self._alone_until:
            return self._local
        return self._shared

    def _be_alone(self, error: Exception) -> None:
        """Redis is not asked again for some seconds: its absence must not slow each fetch."""
        self._alone_until = time.monotonic() + REDIS_RETRY_S
        log.warning("hosts are counted without redis", error=str(error), for_s=REDIS_RETRY_S)


def _busy(wait_s: float, refusal: Refusal) -> HostBusy:
    texts = {
        "open": "the host has failed repeatedly and is left alone for a while",
        "probing": "the host has failed repeatedly; one request is testing it",
        "full": "the host is being asked as often at once as is polite",
        "paused": "the host asked for a pause between requests",
    }
    jitter = random.uniform(1.0, 1.2)
    return HostBusy(texts[refusal.reason], stage="host", retry_after_s=wait_s * jitter)
