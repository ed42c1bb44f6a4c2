"""The fetcher: from a URL to the bytes that a reader would see, or the reason why not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Self

from msgspec import Struct
from multidict import CIMultiDict
from redis.asyncio import Redis

from service.errors import FetchError, FetchTimeout, HostBusy, OriginFailed
from service.fetch.dns import Lookup, Resolver
from service.fetch.exchange import Answer, Exchange, Progress
from service.fetch.guard import Guard, Target
from service.fetch.host_book import Rules
from service.fetch.hosts import Hosts, Visit
from service.fetch.limits import Limits
from service.fetch.media import actual, declared
from service.fetch.redirects import Redirect, RedirectChain, Request
from service.fetch.robots import Rulebook, Verdict
from service.fetch.url import parse
from service.settings import Settings

PATIENCE_S = 10.0

__all__ = ["Fetched", "Fetcher", "Posted", "Redirect", "Request"]


class Fetched(Struct, frozen=True, kw_only=True):
    """The answer. ``content`` is inflated and else as sent; empty if ``not_modified``.

    ``url`` is where it was found, after ``redirects``. ``charset`` is what HTTP states, if it
    does. ``media_type`` is what the bytes confirm: ``text/html`` or ``text/plain`` for a page.
    """

    url: str
    status: int
    headers: list[tuple[str, str]]
    content: bytes
    media_type: str
    charset: str
    etag: str
    last_modified: str
    not_modified: bool
    redirects: list[Redirect]
    robots: Verdict
    wire_bytes: int


class Posted(Struct, frozen=True):
    """The answer to a POST, whatever its status; ``body_head`` is at most 64 KB of its body."""

    status: int
    headers: list[tuple[str, str]]
    body_head: bytes


class Fetcher:
    """The one way out of a process, for pages, feeds, hubs and webhooks; one per process.

    An async context manager. ``lookup`` and ``ssl_context`` are for tests and for operators with
    their own certificate authority.
    """

    def __init__(
        self,
        settings: Settings,
        redis: Redis | None,
        *,
        limits: Limits | None = None,
        lookup: Lookup | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._limits = limits or Limits.of(settings)
        self._user_agent = settings.user_agent
        self._resolver = Resolver(self._limits.dns_s)
        self.guard = Guard(
            lookup or self._resolver.lookup, ports=settings.fetch_ports, allow=settings.fetch_allow
        )
        rules = Rules(
            at_once_max=settings.fetch_per_host_max,
            lease_ms=int(self._limits.total_s * 1_000) + 10_000,
        )
        self.hosts = Hosts(redis, rules, self._limits.wait_s)
        self.rulebook = Rulebook(redis, settings.user_agent)
        self._obeys_robots = settings.robots
        self._exchange = Exchange(self._limits, ssl_context)
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._open.push_async_callback(self._resolver.close)
        await self._open.enter_async_context(self._exchange)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def fetch(self, request: Request) -> Fetched:
        """The page behind ``request.url`` after its redirects; raises a ``FetchError``.

        The error says its ``stage`` and ``wire_bytes``. ``HostBusy`` is raised before anything was
        asked of that host and should not count as an attempt.
        """
        progress = Progress()
        try:
            return await self._follow(request, progress)
        except FetchError as error:
            error.wire_bytes = progress.wire_bytes
            raise

    async def fetch_patiently(self, request: Request) -> Fetched:
        """As ``fetch``, for one page of several: a host that wants up to ten seconds between its
        pages gets them."""
        try:
            return await self.fetch(request)
        except HostBusy as busy:
            wait_s = busy.retry_after_s or 0.0
            if wait_s > PATIENCE_S:
                raise
        await asyncio.sleep(wait_s)
        return await self.fetch(request)

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float | None = None
    ) -> Posted:
        """The answer to exactly ``body``; redirects are answers too. Raises a ``FetchError``.

        For webhooks and hubs: the same guard, but no politeness: their owners asked to be called.
        """
        progress = Progress()
        timeout_s = timeout_s or self._limits.post_s
        sent = CIMultiDict({"User-Agent": self._user_agent, "Accept": "*/*"} | dict(headers))
        try:
            async with asyncio.timeout(timeout_s):
                target = await self.guard.check(url)
                answer = await self._exchange.post(target, sent, body, progress)
        except TimeoutError:
            raise _late(progress, timeout_s) from None
        return Posted(answer.status, list(answer.headers.items()), answer.content)

    async def _follow(self, request: Request, progress: Progress) -> Fetched:
        deadline = asyncio.get_running_loop().time() + self._limits.total_s
        chain = RedirectChain(request, parse(request.url), deadline, progress)
        while True:
            progress.stage = "host"
            async with self.hosts.visit(chain.url.authority) as visit:
                answer = await self._stay(chain, visit)
            if answer is not None:
                return _fetched(chain, answer)

    async def _stay(self, chain: RedirectChain, visit: Visit) -> Answer | None:
        """The page, or None once another host has it.

        Redirects within a host are one visit, or a crawl delay would put them off for ever.
        """
        while True:
            answer = await self._ask(chain, visit)
            next_url = chain.next_url(answer, self._limits)
            if next_url is None:
                return answer
            chain.url = next_url
            if next_url.authority != visit.authority:
                return None

    async def _ask(self, chain: RedirectChain, visit: Visit) -> Answer:
        try:
            async with asyncio.timeout_at(chain.deadline):
                target = await self.guard.check(chain.url)
                if chain.request.robots and self._obeys_robots:
                    chain.verdict = await self.rulebook.check(chain.url, self._read_robots)
                    visit.delay_s = chain.verdict.delay_s
                return await self._get(target, chain)
        except TimeoutError:
            raise _late(chain.progress, self._limits.total_s) from None

    async def _read_robots(self, url: str) -> bytes:
        """The text of a robots.txt, after its redirects, which pass the guard like any."""
        request = Request(url=url, purpose="robots", robots=False)
        deadline = asyncio.get_running_loop().time() + self._limits.robots_s
        chain = RedirectChain(request, parse(url), deadline, Progress())
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    answer = await self._get(await self.guard.check(chain.url), chain)
            except TimeoutError:
                stage = chain.progress.stage
                raise FetchTimeout("robots.txt was not answered in time", stage=stage) from None
            next_url = chain.next_url(answer, self._limits)
            if next_url is None:
                return answer.content
            chain.url = next_url

    async def _get(self, target: Target, chain: RedirectChain) -> Answer:
        headers = chain.headers(self._user_agent)
        return await self._exchange.get(target, headers, chain.request.purpose, chain.progress)


def _fetched(chain: RedirectChain, answer: Answer) -> Fetched:
    headers, not_modified = answer.headers, answer.status == 304
    if not_modified and not (chain.request.etag or chain.request.last_modified):
        raise OriginFailed("the origin answered 304 to a first request", stage="headers")
    media_type, charset = declared(headers.get("Content-Type", ""))
    if not not_modified:
        media_type = actual(media_type, answer.content, chain.request.purpose)
    return Fetched(
        url=chain.url.href,
        status=answer.status,
        headers=list(headers.items()),
        content=answer.content,
        media_type=media_type,
        charset=charset,
        etag=headers.get("ETag", "")[:1_024],
        last_modified=headers.get("Last-Modified", "")[:128],
        not_modified=not_modified,
        redirects=chain.redirects,
        robots=chain.verdict,
        wire_bytes=chain.progress.wire_bytes,
    )


def _late(progress: Progress, limit_s: float) -> FetchTimeout:
    return FetchTimeout(f"no complete answer within {limit_s:g} s", stage=progress.stage)
