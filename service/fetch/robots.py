"""robots.txt by RFC 9309: read once a day per origin, shared through Redis, parsed by protego."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
import zstandard
from msgspec import Struct
from protego import Protego
from redis.asyncio import Redis
from redis.exceptions import RedisError

from service.errors import (
    DecodeFailed,
    FetchError,
    OriginFailed,
    OriginRefused,
    RobotsDenied,
    TooManyRedirects,
    UrlForbidden,
)
from service.fetch.url import Url
from service.log import log

KEPT_BYTES_MAX = 1_000_000
KEEP_S = 86_400  # RFC 9309 2.4: no longer than a day
DOWN_KEEP_S = 300
FORGIVEN_S = 30 * 86_400  # RFC 9309 2.3.1.4: "reasonably long", its example is 30 days
PARSED_MAX = 512
REDIS_S = 1.0

Known = Literal["obeyed", "absent", "unreachable"]
State = Literal["obeyed", "absent", "unreachable", "ignored"]
Read = Callable[[str], Awaitable[bytes]]


class Robots(Struct, frozen=True):
    """What an origin's robots.txt says: its text, or why there is none."""

    state: Known
    text: bytes = b""
    status: int | None = None


class Verdict(Struct, frozen=True):
    """Why a URL may be fetched, and the delay that its robots.txt asks for."""

    state: State
    delay_s: float = 0.0


IGNORED = Verdict("ignored")


class Rulebook:
    """The robots.txt files that this process knows, at most 512 parsed, more in Redis."""

    def __init__(self, redis: Redis | None, user_agent: str) -> None:
        self._redis = redis
        self._agent = user_agent.split("/", 1)[0]  # the product token is what rules name
        self._parsed: OrderedDict[str, tuple[float, Robots, Protego]] = OrderedDict()

    async def check(self, url: Url, read: Read) -> Verdict:
        """The verdict on ``url``; ``read`` fetches robots.txt where it is not known.

        Raises ``RobotsDenied``, or the error of fetching robots.txt: then the page may not be
        fetched either (RFC 9309 2.3.1.4), and may be tried again later.
        """
        robots, rules = await self._rules(url, read)
        if not rules.can_fetch(url.href, self._agent):
            raise RobotsDenied("the site's robots.txt does not allow this page", stage="robots")
        return Verdict(robots.state, _delay_s(rules, self._agent))

    async def known(self, origin: str) -> Robots | None:
        """What is known of the origin's robots.txt without asking it."""
        kept = self._parsed.get(origin)
        return kept[1] if kept is not None else await self._recall(origin)

    async def _rules(self, url: Url, read: Read) -> tuple[Robots, Protego]:
        origin = url.origin
        kept = self._parsed.get(origin)
        if kept is not None and kept[0] > time.monotonic():
            self._parsed.move_to_end(origin)
            return kept[1], kept[2]
        robots = await self._recall(origin) or await self._read(origin, read)
        if robots.state == "unreachable":
            raise OriginFailed(
                "robots.txt could not be read, so the page may not be fetched yet",
                stage="robots",
                http_status=robots.status,
                retry_after_s=DOWN_KEEP_S,
            )
        rules = await _parse(robots.text)
        self._parsed[origin] = (time.monotonic() + KEEP_S / 4, robots, rules)
        if len(self._parsed) > PARSED_MAX:
            self._parsed.popitem(last=False)
        return robots, rules

    async def _read(self, origin: str, read: Read) -> Robots:
        """4xx means that all is allowed; 429 and 5xx that nothing is, for a month at most."""
        try:
            text = await read(f"{origin}/robots.txt")
        except OriginRefused as error:
            if error.http_status != 429:
                return await self._keep(origin, Robots("absent", status=error.http_status))
            return await self._down(origin, error)
        except OriginFailed as error:
            return await self._down(origin, error)
        except (TooManyRedirects, DecodeFailed, UrlForbidden):
            return await self._keep(origin, Robots("absent"))
        return await self._keep(origin, Robots("obeyed", text, 200))

    async def _down(self, origin: str, error: FetchError) -> Robots:
        if await self._down_for_s(origin) > FORGIVEN_S:
            return await self._keep(origin, Robots("absent", status=error.http_status))
        return await self._keep(origin, Robots("unreachable", status=error.http_status))

    async def _recall(self, origin: str) -> Robots | None:
        if self._redis is None:
            return None
        try:
            async with asyncio.timeout(REDIS_S):
                kept = await self._redis.get(f"robots:{origin}")
            return _decode(kept) if kept is not None else None
        except (RedisError, OSError, msgspec.DecodeError, zstandard.ZstdError) as error:
            log.warning("robots.txt is read anew", error=str(error))
            return None

    async def _keep(self, origin: str, robots: Robots) -> Robots:
        if self._redis is None:
            return robots
        keep_s = DOWN_KEEP_S if robots.state == "unreachable" else KEEP_S
        try:
            async with asyncio.timeout(REDIS_S):
                await self._redis.set(f"robots:{origin}", _encode(robots), ex=keep_s)
                if robots.state == "obeyed":
                    await self._redis.delete(f"robots-down:{origin}")
        except (RedisError, OSError) as error:
            log.warning("robots.txt is not shared", error=str(error))
        return robots

    async def _down_for_s(self, origin: str) -> float:
        """Seconds since the origin's robots.txt was first found unreachable, by Redis's clock."""
        if self._redis is None:
            return 0.0
        try:
            async with asyncio.timeout(REDIS_S):
                seconds, _ = await self._redis.time()
                first = await self._redis.set(
                    f"robots-down:{origin}", seconds, nx=True, get=True, ex=FORGIVEN_S * 2
                )
        except (RedisError, OSError) as error:
            log.warning("robots.txt counts as newly unreachable", error=str(error))
            return 0.0
        return float(seconds - int(first)) if first is not None else 0.0


async def _parse(text: bytes) -> Protego:
    """In a thread when it is long: 300 rules take 13 ms."""
    readable = text.decode("utf-8-sig", "replace").replace("\x00", "")
    if len(text) < 4_096:
        return Protego.parse(readable)
    return await asyncio.to_thread(Protego.parse, readable)


def _delay_s(rules: Protego, agent: str) -> float:
    delay_s = rules.crawl_delay(agent) or 0.0
    rate = rules.request_rate(agent)
    return max(delay_s, rate.seconds / max(rate.requests, 1) if rate is not None else 0.0)


def _encode(robots: Robots) -> bytes:
    return zstandard.compress(msgspec.msgpack.encode(robots))


def _decode(kept: bytes | str) -> Robots:
    packed = kept if isinstance(kept, bytes) else kept.encode("latin-1")
    raw = zstandard.ZstdDecompressor().decompress(packed, max_output_size=KEPT_BYTES_MAX)
    return msgspec.msgpack.decode(raw, type=Robots)
